"""test-deploy: deploy with other names. An isolated stack is made, read back, and with --cleanup deleted again.

names -> what killed runs left goes -> plan -> steps that come first, plan anew -> execute -> read back -> (delete)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.on_aws import deployment_of, open_run
from sec_provisioner.actions.saving import save_now, unfinished_results
from sec_provisioner.actions.test_attempt import Attempt
from sec_provisioner.errors import ExitCode, SecError
from sec_provisioner.failures.buckets import BUCKET_NOT_YET
from sec_provisioner.failures.test_stacks import TEST_NAMES_TOO_LONG, TEST_STACK_EXISTS, TEST_STACK_NOT_DELETED
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.execute import execute, take_steps
from sec_provisioner.lifecycle.guards import guard_account
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.test_stacks import (
    FoundTestStack,
    clear_empty,
    deletion_failure,
    fetch_test_stack,
    find_test_stacks,
    plan_test_removal,
    remove_test_stack,
)
from sec_provisioner.lifecycle.verify import Executed, read_back
from sec_provisioner.pipeline import Built, build
from sec_provisioner.report.progress import Progress
from sec_provisioner.review import check_test_stack

# One in two thousand million is taken; a source of randomness that always says the same must come to an end.
_DRAWS = 5


def run(ctx: Context) -> ExitCode:
    """Make a test stack of the config."""
    progress = Progress(ctx.terminal, ctx.log)
    built = _draw(ctx)
    run = guard_account(open_run(ctx, progress), ctx.built.names)
    others = clear_empty(run, find_test_stacks(run, ctx.built.names))
    others = others if ctx.own("dry_run") else _clear_killed(ctx, run, others)
    _tell_of(ctx, others)
    built = _untaken(ctx, built, {one.names.suffix for one in others})
    deployment = _test_deployment(ctx, built)
    with prepared_change(run, deployment) as (run, plan):
        attempt = Attempt(ctx, progress, plan)
        attempt.record()
        if ctx.own("dry_run"):
            return attempt.finish()
        if not plan.steps:
            return _carry_out(run, attempt)
    take_steps(run, plan)
    with prepared_change(run, deployment) as (run, again):
        if again.steps:
            raise BUCKET_NOT_YET()
        attempt.plan = replace(again, route=plan.route)
        return _carry_out(run, attempt)


# --- names ------------------------------------------------------------------------------------------


def _draw(ctx: Context) -> Built:
    """What the config makes under a new suffix.

    Raises:
        RefusedError: its names are too long for one.
    """
    built = build(ctx.built.config, ctx.random_suffix())
    problems = check_test_stack(built.template, built.config, built.names)
    if problems:
        raise TEST_NAMES_TOO_LONG(problems=" ".join(one.message for one in problems), mend=problems[0].hint)
    return built


def _untaken(ctx: Context, built: Built, taken: Collection[str | None]) -> Built:
    for _ in range(_DRAWS):
        if built.names.suffix not in taken:
            return built
        built = _draw(ctx)
    raise TEST_STACK_EXISTS(stack=built.names.stack)


def _test_deployment(ctx: Context, built: Built) -> Deployment:
    wanted = deployment_of(built, create_bucket=ctx.own("create_bucket"), express=True)
    return replace(wanted, termination_protection=False)


def _tell_of(ctx: Context, others: Collection[FoundTestStack]) -> None:
    if others:
        names = ", ".join(one.stack.name for one in others)
        ctx.log.say(f"Test stacks of this config that are there already: {names}. delete-test-stacks deletes them.")


# --- what killed runs left --------------------------------------------------------------------------


def _clear_killed(ctx: Context, run: Run, found: Collection[FoundTestStack]) -> tuple[FoundTestStack, ...]:
    """Delete the stacks of runs that were killed, as their reports tell. Returns what is still there."""
    if not found:
        return ()
    killed = {one.get("suffix") for one in unfinished_results(ctx, ctx.built.names, ctx.action.name)}
    return tuple(one for one in found if one.names.suffix not in killed or not _is_removed(ctx, run, one))


def _is_removed(ctx: Context, run: Run, one: FoundTestStack) -> bool:
    run.say(f"Deleting the test stack {one.stack.name} of a run that was killed.")
    try:
        plan = plan_test_removal(run, one, wait=True)
        return remove_test_stack(run, plan, ctx.config.deployment.cloudformation_role_arn).ended.is_success
    except SecError as error:
        run.say(f"It is still there: {error.message}")
        return False


# --- the stack --------------------------------------------------------------------------------------


def _carry_out(run: Run, attempt: Attempt) -> ExitCode:
    run.say(f"Making the test stack {attempt.stack}. To delete it: {attempt.delete_command}")
    attempt.record()
    # By this a later run knows whose stack it is, if this one is killed.
    save_now(attempt.ctx)
    try:
        _make(run, attempt)
    except KeyboardInterrupt:
        if attempt.was_begun:
            run.say(f"Interrupted; CloudFormation goes on by itself. {attempt.remains}")
        raise
    except SecError as error:
        if not attempt.was_begun:
            raise
        attempt.failure = error
    finally:
        attempt.record()
    if attempt.ctx.own("cleanup"):
        _clean_up(run, attempt)
    return attempt.finish()


def _make(run: Run, attempt: Attempt) -> None:
    with attempt.progress.over(len(attempt.plan.changes)):
        ended = execute(run, attempt.plan)
    attempt.executed = Executed(ended)
    attempt.executed = read_back(run, attempt.plan, ended)


def _clean_up(run: Run, attempt: Attempt) -> None:
    """Whatever came of it; why this fails is told behind why the stack itself did."""
    try:
        _delete(run, attempt)
    except KeyboardInterrupt:
        run.say(f"Interrupted; CloudFormation goes on by itself. {attempt.remains}")
        raise
    except SecError as error:
        run.say(f"The test stack could not be deleted: {error.message} {error.hint}".rstrip())
        attempt.failure = attempt.failure or TEST_STACK_NOT_DELETED(told=error.message, mend=error.hint)
    else:
        attempt.is_deleted = True
    finally:
        attempt.record()


def _delete(run: Run, attempt: Attempt) -> None:
    found = fetch_test_stack(run, attempt.plan.deployment.names)
    for one in clear_empty(run, [found] if found else []):
        plan = plan_test_removal(run, one, wait=True)
        with attempt.progress.over(len(plan.resources)):
            removal = remove_test_stack(run, plan, attempt.plan.deployment.role_arn)
        failure = deletion_failure(removal.ended)
        if failure:
            raise failure
