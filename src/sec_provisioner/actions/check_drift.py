"""check-drift: what is on AWS, against what was deployed. Nothing is changed.

the stack, IAM and its parameters, compared -> --cloudformation, --to-config, --who -> result
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.drift_entries import drift_entries
from sec_provisioner.actions.on_aws import open_run
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.runs import DRIFT_FOUND
from sec_provisioner.lifecycle.detection import detect_drift
from sec_provisioner.lifecycle.drift import Drift, check_drift
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.trail import fetch_trail
from sec_provisioner.live.detection import Detection, disagreements, not_compared
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.live.trail import Author, find_author
from sec_provisioner.report.drift_results import (
    NOT_COMPARED,
    AcceptedEntry,
    DetectionEntry,
    DisagreementEntry,
    DriftResult,
    DriftSummary,
    ProposalEntry,
    RefusedEntry,
    SkippedEntry,
)
from sec_provisioner.report.drift_text import drift_lines


def run(ctx: Context) -> ExitCode:
    """Compare the stack of the config with the account."""
    run = open_run(ctx)
    drift = check_drift(run, ctx.built.names)
    ctx.hide(*drift.secrets)
    result = _result(ctx, drift)
    # What comes now may fail on its own; what was found is told all the same.
    ctx.record(result, render=drift_lines, problems=ctx.checked.problems)
    if ctx.own("cloudformation"):
        detection = detect_drift(run, drift.stack.id)
        result = replace(result, cloudformation=_detection_entry(drift, detection))
        ctx.record(result, render=drift_lines, problems=ctx.checked.problems)
    if ctx.own("to_config"):
        result = replace(result, proposal=_proposal_entry(ctx, drift))
        ctx.record(result, render=drift_lines, problems=ctx.checked.problems)
    if ctx.own("who"):
        result = _with_authors(ctx, run, drift, result)
    return ctx.finish(
        result,
        render=drift_lines,
        problems=ctx.checked.problems,
        files=_diff_file(ctx, result.proposal),
        failure=DRIFT_FOUND(stack=result.stack) if result.summary.has_drift else None,
    )


def _result(ctx: Context, drift: Drift) -> DriftResult:
    counts = Counter[str](one.status for one in drift.resources)
    summary = DriftSummary(
        in_sync=counts["in_sync"],
        changed=counts["changed"],
        missing=counts["missing"],
        extra=counts["extra"],
        not_checked=counts["not_checked"],
    )
    entries = drift_entries(ctx, drift.resources, find_members=lambda one: _members(ctx, drift, one))
    return DriftResult(drift.stack.name, summary, entries, None, None, NOT_COMPARED)


def _members(ctx: Context, drift: Drift, one: ResourceDrift) -> tuple[str, ...] | None:
    if not ctx.own("members") or one.type != "AWS::IAM::Group" or one.status == "missing":
        return None
    return drift.live.account.members_of(one.name)


def _with_authors(ctx: Context, run: Run, drift: Drift, result: DriftResult) -> DriftResult:
    events = fetch_trail(run, ctx.built.names, drift.resources)

    def author(one: ResourceDrift, difference: Difference) -> Author:
        return find_author(one, difference, events.get((one.type, one.name), ()))

    members = {one.name: one.members for one in result.resources}
    entries = drift_entries(ctx, drift.resources, author, lambda one: members[one.name])
    return replace(result, resources=entries)


def _proposal_entry(ctx: Context, drift: Drift) -> ProposalEntry:
    from sec_provisioner.live.acceptance import propose  # noqa: PLC0415 - only this needs the editor of YAML

    found = propose(ctx.source.text, ctx.built, drift.resources, drift.live)
    return ProposalEntry(
        config=ctx.source.file,
        diff=found.diff(ctx.source.file),
        accepts=tuple(AcceptedEntry(one.resource.name, one.difference.property) for one in found.accepted),
        not_expressible=tuple(
            RefusedEntry(one.resource.name, one.difference.property, one.reason) for one in found.refused
        ),
    )


def _diff_file(ctx: Context, proposal: ProposalEntry | None) -> tuple[str, ...]:
    """The diff beside the log and the result, for `patch`."""
    if proposal is None or not proposal.diff or ctx.run_files is None:
        return ()
    name = f"{ctx.run_files.base}.diff"
    return (ctx.run_files.reports.write(name, ctx.redactor.text(proposal.diff).encode()),)


def _detection_entry(drift: Drift, detection: Detection) -> DetectionEntry:
    return DetectionEntry(
        detection_status=detection.status,
        stack_drift_status=detection.stack_status,
        reason=detection.reason,
        disagreements=tuple(
            DisagreementEntry(
                logical_id=one.resource.logical_id,
                type=one.resource.type,
                name=one.resource.name,
                cloudformation=one.theirs.status,
                check_drift=one.resource.status,
                properties=one.theirs.properties,
                reason=one.reason,
            )
            for one in disagreements(drift.resources, detection)
        ),
        not_checked=tuple(
            SkippedEntry(
                one.resource.logical_id, one.resource.type, one.resource.name, one.theirs.status, one.theirs.reason
            )
            for one in not_compared(drift.resources, detection)
        ),
    )
