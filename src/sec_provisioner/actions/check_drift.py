"""check-drift: what is on AWS, against what was deployed. Nothing is changed."""

from __future__ import annotations

from collections import Counter

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.on_aws import open_run
from sec_provisioner.errors import ExitCode
from sec_provisioner.lifecycle.drift import Drift, check_drift
from sec_provisioner.live.drift import Difference, ResourceDrift
from sec_provisioner.report.drift_results import (
    ConfigPlace,
    DifferenceEntry,
    DriftEntry,
    DriftResult,
    DriftSummary,
    NotCheckedEntry,
    drift_lines,
)


def run(ctx: Context) -> ExitCode:
    """Compare the stack of the config with the account."""
    drift = check_drift(open_run(ctx), ctx.built.names)
    ctx.hide(*drift.secrets)
    result = _result(ctx, drift)
    has_drift = result.summary.has_drift
    return ctx.finish(
        result,
        render=drift_lines,
        problems=ctx.checked.problems,
        exit_code=ExitCode.FINDINGS if has_drift else ExitCode.OK,
        message=f"{result.stack} is not as it was deployed." if has_drift else "",
        hint="Undo what was changed by hand, or take it into the config and deploy." if has_drift else "",
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
    return DriftResult(drift.stack.name, summary, tuple(_entry(ctx, one) for one in drift.resources))


def _entry(ctx: Context, one: ResourceDrift) -> DriftEntry:
    return DriftEntry(
        logical_id=one.logical_id,
        type=one.type,
        name=one.name,
        status=one.status,
        differences=tuple(
            DifferenceEntry(each.property, each.kind, each.expected, each.actual, _place(ctx, one.logical_id, each))
            for each in one.differences
        ),
        not_checked=tuple(NotCheckedEntry(each.property, each.reason) for each in one.not_checked),
        notes=one.notes,
    )


def _place(ctx: Context, logical_id: str, difference: Difference) -> ConfigPlace | None:
    """Where the config still has it: the property's own line, or that of the nearest part around it."""
    template, document = ctx.built.template, ctx.parsed.document
    if document is None or logical_id not in template.resources:
        return None
    source = template.source(logical_id, _template_path(ctx, logical_id, difference))
    if not source:
        return None
    found = document.nearest_location(source)
    return ConfigPlace(found.file, found.line)


def _template_path(ctx: Context, logical_id: str, difference: Difference) -> str:
    """Attached policies stand in the template by position."""
    if difference.property != "ManagedPolicyArns" or difference.expected is None:
        return difference.property
    properties = ctx.built.template.resources[logical_id]["Properties"]
    attached = ctx.built.resolver.resolve(properties.get("ManagedPolicyArns", []))
    if difference.expected not in attached:
        return difference.property
    return f"ManagedPolicyArns[{attached.index(difference.expected)}]"
