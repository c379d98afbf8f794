"""deploy: the same preview as show-changes, a question, and then it is done.

plan -> blockers, --expect -> question -> steps that come first, plan anew -> drift set back -> execute
-> what only gives is set back -> read back -> outcome
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import deployed, preview_of
from sec_provisioner.actions.drift_entries import drift_entries
from sec_provisioner.actions.on_aws import deployment_of, open_run, refuse_blocked, require_consent
from sec_provisioner.actions.saving import save_now
from sec_provisioner.errors import AwsError, ExitCode, SecError
from sec_provisioner.failures.changes import CHANGED_BY_STEPS, GOES_ON, STEPS_TAKEN, UPDATE_THROUGH
from sec_provisioner.failures.guards import ANOTHER_CHANGE
from sec_provisioner.failures.repairs import DRIFT_WAS_SET_BACK
from sec_provisioner.lifecycle.execute import execute, require_unchanged, set_protection, take_steps
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.repair import Repairer
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.verify import Executed, read_back
from sec_provisioner.report.change_results import BucketEntry, DeployResult, PreviewResult
from sec_provisioner.report.change_text import deploy_lines, outcome_lines, preview_lines
from sec_provisioner.report.outcome import Render
from sec_provisioner.report.progress import Progress


def run(ctx: Context) -> ExitCode:
    """Create or update the stack."""
    progress = Progress(ctx.terminal, ctx.log)
    deployment = deployment_of(ctx.built, create_bucket=ctx.own("create_bucket"), express=ctx.own("express"))
    keep_drift = ctx.own("keep_drift")
    with prepared_change(open_run(ctx, progress), deployment, wait=ctx.own("wait"), keep_drift=keep_drift) as (
        run,
        plan,
    ):
        ctx.hide(*plan.secrets)
        preview = preview_of(ctx, plan)
        ctx.record(deployed(preview, None), render=deploy_lines, problems=ctx.checked.problems)
        _check(plan, ctx.own("expect"))
        if plan.is_nothing or ctx.own("dry_run"):
            return _finish(ctx, preview, None)
        _ask(ctx, preview)
        if not plan.steps:
            return _carry_out(ctx, run, plan, preview, progress)
    take_steps(run, plan)
    try:
        return _carry_out_anew(ctx, run, plan, progress)
    except SecError as error:
        raise STEPS_TAKEN.after(error, steps=", ".join(one.value for one in plan.steps)) from error


def _check(plan: Plan, expected: str | None) -> None:
    refuse_blocked(plan.blockers)
    if expected and expected != plan.digest:
        raise ANOTHER_CHANGE(digest=plan.digest, expected=expected)


def _ask(ctx: Context, preview: PreviewResult) -> None:
    if not ctx.own("force") and ctx.terminal.asks:
        for line in preview_lines(preview, ctx.terminal.err_style):
            ctx.terminal.say(line)
        ctx.record(deployed(preview, None), render=_render(ctx), problems=ctx.checked.problems)
    require_consent(ctx, f"Deploy {preview.stack}?")


def _render(ctx: Context) -> Render[DeployResult]:
    """From the question on: who has just read the preview on this screen does not get it again."""
    return outcome_lines if ctx.terminal.is_one_screen and not ctx.own("force") else deploy_lines


def _carry_out(ctx: Context, run: Run, plan: Plan, preview: PreviewResult, progress: Progress) -> ExitCode:
    for one in plan.repair.foreign:
        ctx.log.caution(one)
    repairer, executed = Repairer(run, plan.writes), None
    try:
        executed = _change(ctx, run, plan, repairer, progress)
        if executed and plan.deployment.express:
            with _after_cloudformation():
                executed = read_back(run, plan, executed.ended)
        return _finish(ctx, preview, executed, repairer.done, render=_render(ctx))
    except BaseException:
        done = _result(ctx, preview, executed, repairer.done)
        ctx.record(done, render=_render(ctx), problems=ctx.checked.problems)
        raise


def _change(ctx: Context, run: Run, plan: Plan, repairer: Repairer, progress: Progress) -> Executed | None:
    """None where CloudFormation had nothing to do."""
    if plan.writes:
        require_unchanged(run, plan)
        # What is removed with the drift is on disk before it is removed.
        save_now(ctx)
        repairer.before_update()
    try:
        ended = _execute(run, plan, progress)
    except SecError as error:
        if not repairer.done:
            raise
        raise DRIFT_WAS_SET_BACK.after(error, done=", ".join(repairer.done)) from error
    if ended is None or ended.is_success:
        repairer.after_update(is_updated=ended is not None)
        with _after_cloudformation() if ended else nullcontext():
            set_protection(run, plan)
    elif repairer.waiting:
        run.say(f"Not set back, since the update failed: {', '.join(repairer.waiting)}. The next deploy does it.")
    return Executed(ended) if ended else None


@contextmanager
def _after_cloudformation() -> Iterator[None]:
    """What fails here comes after the stack is created or updated."""
    try:
        yield
    except AwsError as error:
        raise UPDATE_THROUGH.after(error) from error


def _execute(run: Run, plan: Plan, progress: Progress) -> Ended | None:
    try:
        with progress.over(len(plan.changes)):
            return execute(run, plan) if plan.change_set else None
    except KeyboardInterrupt:
        run.say(GOES_ON.line())
        raise


def _carry_out_anew(ctx: Context, run: Run, approved: Plan, progress: Progress) -> ExitCode:
    """After the steps that came first the change is planned again: it must still mean the same."""
    with prepared_change(run, approved.deployment, keep_drift=approved.keeps_drift) as (again, plan):
        preview = replace(preview_of(ctx, plan), steps=tuple(one.value for one in approved.steps))
        if preview.bucket:
            preview = replace(preview, bucket=BucketEntry(preview.bucket.name, approved.route.is_missing))
        ctx.record(deployed(preview, None), render=_render(ctx), problems=ctx.checked.problems)
        if plan.blockers or plan.steps or not plan.is_within(approved):
            raise CHANGED_BY_STEPS()
        return _carry_out(ctx, again, plan, preview, progress)


def _finish(
    ctx: Context,
    preview: PreviewResult,
    executed: Executed | None,
    set_back: Sequence[str] = (),
    render: Render[DeployResult] = deploy_lines,
) -> ExitCode:
    return ctx.finish(
        _result(ctx, preview, executed, set_back),
        render=render,
        problems=ctx.checked.problems,
        failure=executed.failure if executed else None,
    )


def _result(ctx: Context, preview: PreviewResult, executed: Executed | None, set_back: Sequence[str]) -> DeployResult:
    if executed is None:
        return deployed(preview, None, set_back)
    return deployed(preview, executed.ended, set_back, drift_entries(ctx, executed.read_back))
