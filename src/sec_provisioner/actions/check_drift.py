"""check-drift: what is on AWS, against what was deployed. Nothing is changed."""

from __future__ import annotations

from collections import Counter

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.drift_entries import drift_entries
from sec_provisioner.actions.on_aws import open_run
from sec_provisioner.errors import ExitCode
from sec_provisioner.lifecycle.drift import Drift, check_drift
from sec_provisioner.report.drift_results import DriftResult, DriftSummary, drift_lines


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
    return DriftResult(drift.stack.name, summary, drift_entries(ctx, drift.resources))
