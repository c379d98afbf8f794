"""show-changes: what deploy would do; nothing of it stays on AWS."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import preview_of
from sec_provisioner.actions.on_aws import deployment_of, open_run
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.guards import PREVIEW_BLOCKED
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.report.change_text import preview_lines


def run(ctx: Context) -> ExitCode:
    """Plan the change, report it, and take the change set away again."""
    deployment = deployment_of(ctx.built, create_bucket=ctx.own("create_bucket"))
    with prepared_change(
        open_run(ctx),
        deployment,
        wait=ctx.own("wait"),
        use_change_set=not ctx.own("no_change_set"),
        keep_drift=ctx.own("keep_drift"),
    ) as (_, plan):
        ctx.hide(*plan.secrets)
        preview = preview_of(ctx, plan)
    return ctx.finish(
        preview,
        render=preview_lines,
        problems=ctx.checked.problems,
        failure=PREVIEW_BLOCKED() if plan.blockers else None,
    )
