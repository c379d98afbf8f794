"""A plan, done: the steps that come first, the change set executed, events as they come, termination protection."""

from __future__ import annotations

from sec_provisioner.aws import change_sets, upload
from sec_provisioner.aws import stack as stacks
from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.failures.changes import GOES_ON, STUCK, TEST_GOES_ON
from sec_provisioner.lifecycle.follow import Ended, follow
from sec_provisioner.lifecycle.plan import Plan, Step
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.events import StackEvent
from sec_provisioner.live.stack import LiveStack


def take_steps(run: Run, plan: Plan) -> None:
    """Do what must come first; after it the change is planned anew.

    Raises:
        StackFailedError: one of them failed.
    """
    for step in plan.steps:
        run.say(f"{plan.deployment.stack}: {step.value}.")
        if step is Step.MAKE_BUCKET and plan.route.bucket:
            upload.create_bucket(run.aws, plan.route.bucket, run.caller.partition)
        elif step is Step.CLEAR and plan.stack:
            _clear(run, plan.stack)
        elif step is Step.CONTINUE and plan.stack:
            _continue(run, plan.stack, plan.skipped)


def _clear(run: Run, stack: LiveStack) -> None:
    last = stacks.fetch_last_event(run.aws, stack.id)
    stacks.delete_stack(run.aws, stack.id, run.token())
    ended = _followed(run, "delete", stack, last)
    if ended.failure:
        raise ended.failure


def _continue(run: Run, stack: LiveStack, skipped: tuple[str, ...]) -> None:
    last = stacks.fetch_last_event(run.aws, stack.id)
    if skipped:
        run.say(f"It leaves out what was deleted by hand: {', '.join(skipped)}.")
    stacks.continue_rollback(run.aws, stack.id, run.token(), skipped)
    ended = _followed(run, "continue", stack, last)
    if ended.failure is None:
        return
    if ended.root_cause and ended.root_cause.logical_id:
        raise STUCK.after(ended.failure, resource=ended.root_cause.logical_id, stack=stack.name)
    raise ended.failure


def _followed(run: Run, operation: str, stack: LiveStack, last: StackEvent | None) -> Ended:
    """Watched to its end.

    Raises:
        AwsError: the connection was lost on the way; CloudFormation goes on by itself.
    """
    try:
        return follow(run, operation, stack, last)
    except AwsError as error:
        raise GOES_ON.after(error) from error


def execute(run: Run, plan: Plan) -> Ended:
    """Execute the plan's change set and watch it to its end, whichever that is.

    Raises:
        RefusedError: the stack or the change set is not as it was in the preview.
        AwsError: the connection was lost on the way; CloudFormation goes on by itself.
    """
    made, temporary, stack = plan.change_set, plan.temporary, plan.at_preview
    if made is None or temporary is None or stack is None:
        raise ValueError("a plan without a change set can't be executed")
    require_unchanged(run, plan)
    last = stacks.fetch_last_event(run.aws, stack.id)
    operation = "create" if plan.operation == "create" else "update"
    run.say(f"{'Creating' if operation == 'create' else 'Updating'} {stack.name}.")
    # Before the request: if its answer is lost, the change set may be at work all the same.
    temporary.is_handed_over = True
    try:
        _begin(run, made.id, stack, last)
        return follow(run, operation, stack, last)
    except RefusedError:
        temporary.is_handed_over = False
        raise
    except AwsError as error:
        aftermath = TEST_GOES_ON if plan.deployment.names.suffix else GOES_ON
        raise aftermath.after(error) from error


def _begin(run: Run, change_set_id: str, stack: LiveStack, last: StackEvent | None) -> None:
    """Have the change set executed. Where the answer was lost and the request repeated, it has begun already."""
    token = run.token()
    try:
        change_sets.execute_change_set(run.aws, change_set_id, token)
    except RefusedError:
        fresh = stacks.fetch_events(run.aws, stack.id, last.id if last else None)
        if not any(one.token == token for one in fresh):
            raise


def require_unchanged(run: Run, plan: Plan) -> None:
    """Change set (where there is one) and stack must be as the preview saw them.

    Raises:
        RefusedError: they are not.
    """
    before = plan.at_preview or plan.stack
    made = change_sets.fetch_state(run.aws, plan.change_set.id) if plan.change_set else None
    if plan.change_set and (made is None or not made.can_be_executed):
        raise change_sets.overtaken()
    if before and not before.is_same_as(stacks.fetch_stack(run.aws, before.id)):
        raise change_sets.overtaken()


def set_protection(run: Run, plan: Plan) -> None:
    """Set termination protection as the config says, where it is otherwise."""
    if plan.changes_protection:
        wanted = plan.deployment.termination_protection
        run.say(f"{plan.deployment.stack}: termination protection {'on' if wanted else 'off'}.")
        stacks.set_termination_protection(run.aws, plan.deployment.stack, enabled=wanted)
