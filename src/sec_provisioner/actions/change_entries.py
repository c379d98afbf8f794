"""Values of the lifecycle -> entries of results."""

from __future__ import annotations

from collections.abc import Iterable

from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.live.changes import Change
from sec_provisioner.live.events import StackEvent
from sec_provisioner.report.change_results import (
    BucketEntry,
    ChangeEntry,
    DeployResult,
    EventEntry,
    OutcomeEntry,
    PreviewResult,
    PropertyEntry,
    RootCauseEntry,
)
from sec_provisioner.report.document import problem_entry


def preview_of(plan: Plan) -> PreviewResult:
    """The plan as show-changes reports it."""
    bucket = plan.route.bucket
    return PreviewResult(
        stack=plan.deployment.stack,
        operation=plan.operation,
        changes=tuple(_change(one) for one in plan.changes),
        restores=(),
        blockers=tuple(problem_entry(one) for one in plan.blockers),
        digest=plan.digest,
        bucket=BucketEntry(bucket.name, plan.route.is_missing) if bucket else None,
        steps=tuple(one.value for one in plan.steps),
        notes=plan.notes,
    )


def deployed(preview: PreviewResult, ended: Ended | None) -> DeployResult:
    """The preview with what came of it."""
    return DeployResult(
        stack=preview.stack,
        operation=preview.operation,
        changes=preview.changes,
        restores=preview.restores,
        blockers=preview.blockers,
        digest=preview.digest,
        bucket=preview.bucket,
        steps=preview.steps,
        notes=preview.notes,
        events=event_entries(ended.events) if ended else (),
        outcome=outcome_entry(ended) if ended else None,
    )


def outcome_entry(ended: Ended) -> OutcomeEntry:
    """How an operation ended."""
    cause = ended.root_cause
    return OutcomeEntry(ended.status_name, RootCauseEntry(cause.logical_id, cause.reason) if cause else None)


def event_entries(events: Iterable[StackEvent]) -> tuple[EventEntry, ...]:
    """Events, oldest first."""
    return tuple(
        EventEntry(one.time.strftime("%Y-%m-%dT%H:%M:%SZ"), one.logical_id, one.type, one.status, one.reason)
        for one in events
    )


def _change(one: Change) -> ChangeEntry:
    return ChangeEntry(
        logical_id=one.logical_id,
        type=one.type,
        name=one.name,
        action=one.action,
        properties=tuple(PropertyEntry(each.path, each.before, each.after) for each in one.properties),
        costs=one.costs,
    )
