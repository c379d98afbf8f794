"""delete-stack: what would block it or hurt, a question, then the members are saved and the stack goes."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import event_entries, outcome_entry, removed_policy
from sec_provisioner.actions.members_files import mark_restored, save_members, waiting_files
from sec_provisioner.actions.on_aws import open_run, refuse_blocked, require_consent
from sec_provisioner.errors import ExitCode
from sec_provisioner.lifecycle.remove import Members, Removal, RemovalPlan, plan_removal, remove
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.members import united
from sec_provisioner.naming import Names
from sec_provisioner.report.change_results import DeleteResult
from sec_provisioner.report.change_text import delete_lines
from sec_provisioner.report.document import problem_entry
from sec_provisioner.report.progress import Progress


def run(ctx: Context) -> ExitCode:
    """Delete the stack of the config."""
    progress = Progress(ctx.terminal, ctx.log)
    names = ctx.built.names
    connected, plan = plan_removal(
        open_run(ctx, progress),
        names,
        detach_foreign=ctx.own("detach_foreign"),
        disable_protection=ctx.own("disable_termination_protection"),
        wait=ctx.own("wait"),
    )
    if plan is None:
        ctx.log.say(f"There is no stack {names.stack}: nothing to delete.")
        return ctx.finish(_result(names.stack), render=delete_lines)
    ctx.record(_result(names.stack, plan), render=delete_lines)
    refuse_blocked(plan.blockers)
    if ctx.own("dry_run"):
        return ctx.finish(_result(names.stack, plan), render=delete_lines)
    _ask(ctx, plan)
    with progress.over(len(plan.resources)):
        return _carry_out(ctx, connected, plan, names)


def _ask(ctx: Context, plan: RemovalPlan) -> None:
    if not ctx.own("force") and ctx.terminal.asks:
        for line in delete_lines(_result(plan.stack.name, plan), ctx.terminal.err_style):
            ctx.terminal.say(line)
    require_consent(ctx, f"Delete {plan.stack.name} with its {len(plan.resources)} resources?")


def _carry_out(ctx: Context, connected: Run, plan: RemovalPlan, names: Names) -> ExitCode:
    earlier = waiting_files(ctx, names)
    saved: list[str] = []

    def save(members: Members) -> None:
        saved.append(save_members(ctx, names, members, earlier))
        shown = ctx.folders.reports.shown(saved[0])
        ctx.log.say(f"Members are saved in {shown}. To put them back: {_restore_command(ctx, saved[0])}")
        ctx.record(_result(names.stack, plan, shown), render=delete_lines, files=(shown,))

    removal = remove(
        connected,
        plan,
        save,
        united(one.groups for one in earlier.values()),
        ctx.config.deployment.cloudformation_role_arn,
    )
    if saved and removal.put_back.restored and not removal.put_back.failed and _is_all_back(removal):
        files = waiting_files(ctx, names)
        mark_restored(ctx, ctx.folders.reports.path / saved[0], files[saved[0]])
    shown = ctx.folders.reports.shown(saved[0]) if saved else None
    return ctx.finish(
        _result(names.stack, plan, shown, removal),
        render=delete_lines,
        files=(shown,) if shown else (),
        failure=removal.failure,
    )


def _is_all_back(removal: Removal) -> bool:
    """Whether every saved member is in its group again, not only those of the groups that remain."""
    back = len(removal.put_back.restored) + len(removal.put_back.already)
    return back == sum(len(users) for users in removal.members.values())


def _restore_command(ctx: Context, file: str) -> str:
    return f"sec-provisioner restore-members --config {ctx.options.config} --members-file {file}"


def _result(
    stack: str, plan: RemovalPlan | None = None, members_file: str | None = None, removal: Removal | None = None
) -> DeleteResult:
    extras = plan.obstacles.extras if plan and removal else ()
    members = removal.members if removal else {}
    return DeleteResult(
        stack=stack,
        exists=plan is not None,
        blockers=tuple(problem_entry(one) for one in plan.problems) if plan else (),
        members_file=members_file,
        removed_members=sum(len(users) for users in members.values()),
        restored_members=len(removal.put_back.restored) if removal else 0,
        removed_policies=tuple(removed_policy(one) for one in extras),
        deleted=removal.deleted if removal else (),
        kept=removal.kept if removal else (),
        events=event_entries(removal.ended.events) if removal else (),
        outcome=outcome_entry(removal.ended) if removal else None,
    )
