"""delete-test-stacks: the test stacks of a config that were left behind are found, and go after a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import removed_policy
from sec_provisioner.actions.on_aws import open_run, require_consent
from sec_provisioner.errors import ExitCode, RefusedError, SecError
from sec_provisioner.failures.test_stacks import TEST_STACKS_REFUSED, TEST_STACKS_REMAIN
from sec_provisioner.lifecycle.guards import guard_account
from sec_provisioner.lifecycle.remove import Removal, RemovalPlan
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.test_stacks import (
    FoundTestStack,
    deletion_failure,
    find_test_stacks,
    plan_test_removal,
    remove_test_stack,
)
from sec_provisioner.report.change_text import delete_test_lines
from sec_provisioner.report.document import problem_entry
from sec_provisioner.report.progress import Progress
from sec_provisioner.report.test_stack_results import (
    DeleteTestStacksResult,
    FoundStackEntry,
    NotDeletedEntry,
    TakenOutEntry,
)


@dataclass
class _Work:
    """What is to be done, and what came of it so far."""

    plans: list[RemovalPlan] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    removals: list[tuple[RemovalPlan, Removal]] = field(default_factory=list)
    failed: list[NotDeletedEntry] = field(default_factory=list)
    has_failed_on_aws: bool = False

    def fail(self, stack: str, error: SecError) -> None:
        """Note why a stack is still there."""
        self.failed.append(NotDeletedEntry(stack, error.message, error.hint))
        self.has_failed_on_aws |= not isinstance(error, RefusedError)

    @property
    def result(self) -> DeleteTestStacksResult:
        """All of it."""
        return DeleteTestStacksResult(
            found=tuple(
                FoundStackEntry(
                    one.stack.name,
                    one.stack.status_name,
                    len(one.resources),
                    tuple(problem_entry(problem) for problem in one.problems),
                )
                for one in self.plans
            ),
            deleted=tuple(self.deleted),
            failed=tuple(self.failed),
            removed_members=tuple(
                TakenOutEntry(group, user)
                for _, removal in self.removals
                for group, users in removal.members.items()
                for user in users
            ),
            removed_policies=tuple(removed_policy(one) for plan, _ in self.removals for one in plan.obstacles.extras),
        )


def run(ctx: Context) -> ExitCode:
    """Delete the test stacks of the config."""
    progress = Progress(ctx.terminal, ctx.log)
    names = ctx.built.names
    run = guard_account(open_run(ctx, progress), names)
    work = _Work()
    _plan(run, work, find_test_stacks(run, names), wait=ctx.own("wait"))
    ctx.record(work.result, render=delete_test_lines)
    if not work.plans or ctx.own("dry_run"):
        return _finish(ctx, work)
    _ask(ctx, work)
    for plan in work.plans:
        _remove(ctx, run, work, plan, progress)
        ctx.record(work.result, render=delete_test_lines)
    return _finish(ctx, work)


def _plan(run: Run, work: _Work, found: tuple[FoundTestStack, ...], *, wait: bool) -> None:
    for one in found:
        try:
            work.plans.append(plan_test_removal(run, one, wait=wait))
        except SecError as error:
            work.fail(one.stack.name, error)


def _ask(ctx: Context, work: _Work) -> None:
    if not ctx.own("force") and ctx.terminal.asks:
        for line in delete_test_lines(work.result, ctx.terminal.err_style):
            ctx.terminal.say(line)
    number = len(work.plans)
    require_consent(ctx, f"Delete {number} test stack{'s' if number > 1 else ''}?")


def _remove(ctx: Context, run: Run, work: _Work, plan: RemovalPlan, progress: Progress) -> None:
    try:
        with progress.over(len(plan.resources)):
            removal = remove_test_stack(run, plan, ctx.config.deployment.cloudformation_role_arn)
    except SecError as error:
        work.fail(plan.stack.name, error)
        return
    work.removals.append((plan, removal))
    failure = deletion_failure(removal.ended)
    if failure:
        work.fail(plan.stack.name, failure)
    else:
        work.deleted.append(plan.stack.name)


def _finish(ctx: Context, work: _Work) -> ExitCode:
    return ctx.finish(work.result, render=delete_test_lines, failure=_failure(work) if work.failed else None)


def _failure(work: _Work) -> SecError:
    """The first one stands for all."""
    count = f"{len(work.failed)} test stack{'s' if len(work.failed) > 1 else ''}"
    first = work.failed[0]
    if work.has_failed_on_aws or work.deleted:
        return TEST_STACKS_REMAIN(count=count, stack=first.stack, told=first.reason, mend=first.hint)
    return TEST_STACKS_REFUSED(count=count, stack=first.stack, told=first.reason, mend=first.hint)
