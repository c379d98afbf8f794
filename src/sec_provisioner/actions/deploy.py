"""deploy: the same preview as show-changes, a question, and then it is done.

plan -> blockers, --expect -> question -> steps that come first, plan anew -> execute -> outcome
"""

from __future__ import annotations

from dataclasses import replace

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import deployed, preview_of
from sec_provisioner.actions.on_aws import deployment_of, open_run, require_consent
from sec_provisioner.errors import ExitCode, RefusedError
from sec_provisioner.lifecycle.execute import execute, set_protection, take_steps
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.report.change_results import BucketEntry, PreviewResult
from sec_provisioner.report.change_text import deploy_lines, preview_lines
from sec_provisioner.report.progress import Progress


def run(ctx: Context) -> ExitCode:
    """Create or update the stack."""
    progress = Progress(ctx.terminal, ctx.log)
    deployment = deployment_of(ctx.built, create_bucket=ctx.own("create_bucket"))
    with prepared_change(open_run(ctx, progress), deployment, wait=ctx.own("wait")) as (run, plan):
        ctx.hide(*plan.secrets)
        preview = preview_of(plan)
        ctx.record(deployed(preview, None), render=deploy_lines, problems=ctx.checked.problems)
        _check(plan, ctx.own("expect"))
        if plan.is_nothing or ctx.own("dry_run"):
            return _finish(ctx, preview, None)
        _ask(ctx, preview)
        progress.total = len(plan.changes)
        if not plan.steps:
            return _finish(ctx, preview, _carry_out(run, plan, progress))
    take_steps(run, plan)
    return _carry_out_anew(ctx, run, plan, progress)


def _check(plan: Plan, expected: str | None) -> None:
    if plan.blockers:
        raise RefusedError(
            " ".join(one.message for one in plan.blockers),
            "Nothing was changed. " + " ".join(dict.fromkeys(one.hint for one in plan.blockers)),
        )
    if expected and expected != plan.digest:
        raise RefusedError(
            f"The change is not the one that was approved: its digest is {plan.digest}, expected was {expected}.",
            "Nothing was changed. Look at it with show-changes and have it approved again.",
        )


def _ask(ctx: Context, preview: PreviewResult) -> None:
    if not ctx.own("force") and ctx.terminal.asks:
        for line in preview_lines(preview, ctx.terminal.err_style):
            ctx.terminal.say(line)
    require_consent(ctx, f"Deploy {preview.stack}?")


def _carry_out(run: Run, plan: Plan, progress: Progress) -> Ended | None:
    """None where CloudFormation had nothing to do."""
    try:
        ended = execute(run, plan) if plan.change_set else None
    except KeyboardInterrupt:
        run.say("CloudFormation goes on by itself; run deploy again (--wait) to see how it ended.")
        raise
    finally:
        progress.end()
    if ended is None or ended.is_success:
        set_protection(run, plan)
    return ended


def _carry_out_anew(ctx: Context, run: Run, approved: Plan, progress: Progress) -> ExitCode:
    """After the steps that came first the change is planned again: it must still mean the same."""
    with prepared_change(run, approved.deployment) as (again, plan):
        preview = replace(preview_of(plan), steps=tuple(one.value for one in approved.steps))
        if preview.bucket:
            preview = replace(preview, bucket=BucketEntry(preview.bucket.name, approved.route.is_missing))
        ctx.record(deployed(preview, None), render=deploy_lines, problems=ctx.checked.problems)
        if plan.blockers or plan.steps or plan.outline != approved.outline:
            raise RefusedError(
                "After the first steps the change is another one than in the preview: it was not executed.",
                "Run again to see what it is now.",
            )
        return _finish(ctx, preview, _carry_out(again, plan, progress))


def _finish(ctx: Context, preview: PreviewResult, ended: Ended | None) -> ExitCode:
    result = deployed(preview, ended)
    failed = ended is not None and not ended.is_success
    return ctx.finish(
        result,
        render=deploy_lines,
        problems=ctx.checked.problems,
        exit_code=ExitCode.FAILED if failed else ExitCode.OK,
        message=ended.message if ended and failed else "",
        hint=ended.hint if ended and failed else "",
    )
