"""Values of the lifecycle -> entries of results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.drift_entries import drift_entries
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.live.blockers import Extra
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
    RemovedPolicyEntry,
    RootCauseEntry,
)
from sec_provisioner.report.document import problem_entry
from sec_provisioner.report.drift_results import DriftEntry


def preview_of(ctx: Context, plan: Plan) -> PreviewResult:
    """The plan as show-changes reports it."""
    bucket, repair = plan.route.bucket, plan.repair
    return PreviewResult(
        stack=plan.deployment.stack,
        operation=plan.operation,
        changes=tuple(_change(one) for one in plan.changes),
        restores=drift_entries(ctx, plan.restores),
        kept_drift=drift_entries(ctx, repair.restores if plan.keeps_drift else ()),
        overwrites=drift_entries(ctx, repair.overwrites),
        removed_policies=tuple(removed_policy(one) for one in plan.removals),
        blockers=tuple(problem_entry(one) for one in plan.blockers),
        digest=plan.digest,
        bucket=BucketEntry(bucket.name, plan.route.is_missing) if bucket else None,
        steps=tuple(one.value for one in plan.steps),
        notes=plan.notes,
        mode=plan.mode,
        termination_protection=plan.deployment.termination_protection if plan.changes_protection else None,
    )


def removed_policy(one: Extra) -> RemovedPolicyEntry:
    """A policy that goes, with its content where it is inline."""
    return RemovedPolicyEntry(one.kind, one.principal, one.policy, one.document)


def deployed(
    preview: PreviewResult,
    ended: Ended | None,
    set_back: Iterable[str] = (),
    verified: tuple[DriftEntry, ...] = (),
) -> DeployResult:
    """The preview with what came of it."""
    shown = {one.name: getattr(preview, one.name) for one in fields(PreviewResult)}
    return DeployResult(
        **shown,
        set_back=tuple(set_back),
        events=event_entries(ended.events) if ended else (),
        outcome=outcome_entry(ended) if ended else None,
        verified=verified,
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
        used_by=one.used_by,
    )
