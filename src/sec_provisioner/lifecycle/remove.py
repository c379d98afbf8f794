"""A stack, deleted: everything in the way is found before anything is touched, and members are never lost.

account -> stack -> obstacles -> (question) -> members saved to disk -> taken out -> extra policies off
-> stack deleted -> where that fails, members are put back into the groups that remain
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sec_provisioner.aws import identity
from sec_provisioner.aws import stack as stacks
from sec_provisioner.errors import AwsError, SecError, StackFailedError
from sec_provisioner.failures.members import DELETION_GOES_ON, MEMBERS_BACK, MEMBERS_OUT, STACK_REMAINS
from sec_provisioner.failures.runs import INTERRUPTED
from sec_provisioner.lifecycle.blocking import stated_in
from sec_provisioner.lifecycle.deployment import resolve_template
from sec_provisioner.lifecycle.follow import Ended, follow
from sec_provisioner.lifecycle.guards import guard_account, guard_rest, guard_stack
from sec_provisioner.lifecycle.membership import PutBack, fetch_memberships, put_back, take_out
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.blockers import Extra, ForeignUse, Obstacles, describe_obstacles, find_obstacles
from sec_provisioner.live.events import StackEvent
from sec_provisioner.live.members import united
from sec_provisioner.live.stack import LiveStack, StackResource
from sec_provisioner.live.status import OnDelete
from sec_provisioner.naming import Names
from sec_provisioner.problem import Problem, Severity

Members = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class RemovalPlan:
    """What delete-stack would do. Problems at level error block it, those at level warning say what it costs."""

    stack: LiveStack
    resources: tuple[StackResource, ...]
    obstacles: Obstacles
    problems: tuple[Problem, ...]
    detach_foreign: frozenset[str] = frozenset()
    action: str = "delete-stack"
    """By which action what could not be done is taken up again."""

    @property
    def blockers(self) -> tuple[Problem, ...]:
        """What forbids it."""
        return tuple(one for one in self.problems if one.severity is Severity.ERROR)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the stack's groups."""
        return tuple(one.name for one in self.resources if one.type == "AWS::IAM::Group")


@dataclass(frozen=True)
class Removal:
    """What came of it."""

    ended: Ended
    members: Members
    put_back: PutBack
    deleted: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def failure(self) -> StackFailedError | None:
        """Why the stack is still there, and who is still out of its groups; None where it is deleted."""
        failure = self.ended.failure
        if failure is None or not self.put_back.failed:
            return failure
        return MEMBERS_OUT.after(failure, reason=self.put_back.reasons)


def plan_removal(
    run: Run,
    names: Names,
    *,
    detach_foreign: Collection[str] = (),
    disable_protection: bool = False,
    wait: bool = False,
) -> tuple[Run, RemovalPlan | None]:
    """Find everything in the way, and touch nothing.

    Args:
        run: this run.
        names: whose stack.
        detach_foreign: names outside the stack from which its policies may be taken away.
        disable_protection: whether termination protection may be switched off.
        wait: whether to wait for an operation that is going on.

    Returns:
        The run, which now knows its caller, and the plan; None where there is no stack.

    Raises:
        RefusedError: another account, somebody else's stack, an operation that is going on.
    """
    run = guard_account(run, names)
    stack = guard_rest(run, stacks.fetch_stack(run.aws, names.stack), wait=wait)
    guard_stack(stack, names.stack_stem)
    if stack is None or stack.status.on_delete is OnDelete.NOTHING:
        return run, None
    # A stack that was never more than a change set has neither resources nor a template.
    is_empty = stack.status_name == "REVIEW_IN_PROGRESS"
    resources = () if is_empty else tuple(one for one in stacks.fetch_resources(run.aws, stack.id) if one.exists)
    template = stacks.fetch_template(run.aws, stack.id) if resources else {}
    stated = stated_in(resolve_template(template, names))
    obstacles = find_obstacles(resources, identity.fetch_account(run.aws), stated, run.clock.now())
    problems = (
        *_protection(stack, disable=disable_protection),
        *describe_obstacles(obstacles, detach_foreign),
    )
    action = "delete-test-stacks" if names.suffix else "delete-stack"
    return run, RemovalPlan(stack, resources, obstacles, problems, frozenset(detach_foreign), action)


def _protection(stack: LiveStack, *, disable: bool) -> tuple[Problem, ...]:
    if not stack.termination_protection:
        return ()
    message = f"The stack {stack.name} has termination protection."
    if disable:
        return (Problem("termination-protection", Severity.WARNING, f"{message} It will be switched off."),)
    hint = "Say that it may go: --disable-termination-protection"
    return (Problem("termination-protection", Severity.ERROR, message, hint),)


def remove(
    run: Run,
    plan: RemovalPlan,
    save: Callable[[Members], None],
    earlier: Members,
    role_arn: str | None = None,
) -> Removal:
    """Delete the stack.

    Args:
        run: this run.
        plan: without blockers.
        save: puts members on disk; it returns only when they are there.
        earlier: members that an earlier run saved and that were not put back.
        role_arn: the service role that CloudFormation works with.

    Raises:
        AwsError: AWS failed; members are put back into the groups that remain.
    """
    # Read anew: the question may have stood for long. Only who is saved is taken out.
    present = fetch_memberships(run, plan.groups)
    members = united([present, earlier])
    if members:
        save(members)
    try:
        take_out(run, present)
        _clear(run, plan)
        last = stacks.fetch_last_event(run.aws, plan.stack.id)
        run.say(f"Deleting {plan.stack.name}.")
        stacks.delete_stack(run.aws, plan.stack.id, run.token(), role_arn)
    except AwsError as error:
        raise _put_back_after(run, members, error) from error
    except KeyboardInterrupt:
        told = _put_back_after(run, members, INTERRUPTED())
        if told.state:
            run.say(told.state)
        raise
    ended = _follow(run, plan, last)
    try:
        return _removal(run, plan, ended, members)
    except AwsError as error:
        why = ended.failure.message if ended.failure else ""
        raise STACK_REMAINS.after(error, told=why, action=plan.action) from error


def _follow(run: Run, plan: RemovalPlan, last: StackEvent | None) -> Ended:
    """From here on CloudFormation goes on by itself, so that members must stay out until it has ended."""
    try:
        return follow(run, "delete", plan.stack, last)
    except AwsError as error:
        raise DELETION_GOES_ON.after(error, action=plan.action) from error
    except KeyboardInterrupt:
        run.say(DELETION_GOES_ON.line(action=plan.action))
        raise


def _put_back_after(run: Run, members: Members, error: SecError) -> SecError:
    """On the way out of a failure: what can't be put back now is in the saved file. Returns the failure with it."""
    if not members:
        return error
    try:
        back = put_back(run, members)
    except AwsError as second:
        return MEMBERS_OUT.after(error, reason=second.happened)
    if back.failed:
        return MEMBERS_OUT.after(error, reason=back.reasons)
    return MEMBERS_BACK.after(error, number=len(back.restored))


def _clear(run: Run, plan: RemovalPlan) -> None:
    """Take away what would make IAM refuse, each with a line in the log that has its content."""
    found = plan.obstacles
    for extra in found.extras:
        _remove_extra(run, extra)
    for arn, versions in found.versions.items():
        for version in versions:
            run.note(f"Deleting version {version} of {arn}.")
            identity.delete_version(run.aws, arn, version)
    for use in found.foreign:
        if use.name in plan.detach_foreign:
            _end_foreign_use(run, use)
    if plan.stack.termination_protection:
        run.say(f"Switching off termination protection of {plan.stack.name}.")
        stacks.set_termination_protection(run.aws, plan.stack.name, enabled=False)


def _remove_extra(run: Run, extra: Extra) -> None:
    content = f": {json.dumps(extra.document, ensure_ascii=False)}" if extra.document is not None else ""
    run.note(f"Removing the policy {extra.policy} of the {extra.kind} {extra.principal}{content}")
    if extra.document is not None:
        identity.delete_inline_policy(run.aws, extra.kind, extra.principal, extra.policy)
    else:
        identity.detach_policy(run.aws, extra.kind, extra.principal, extra.policy)


def _end_foreign_use(run: Run, use: ForeignUse) -> None:
    run.say(f"Taking {use.target} away from the {use.kind} {use.name} ({use.use}).")
    if use.use == "member":
        identity.remove_from_profile(run.aws, use.name, use.target)
    elif use.use == "boundary":
        identity.delete_boundary(run.aws, use.kind, use.name)
    else:
        identity.detach_policy(run.aws, use.kind, use.name, use.target)


def _removal(run: Run, plan: RemovalPlan, ended: Ended, members: Members) -> Removal:
    if ended.is_success:
        return Removal(ended, members, PutBack(), tuple(one.name for one in plan.resources), ())
    remaining = [one for one in stacks.fetch_resources(run.aws, plan.stack.id) if one.exists]
    groups = {one.name for one in remaining if one.type == "AWS::IAM::Group"}
    back = put_back(run, {group: users for group, users in members.items() if group in groups})
    kept = {one.logical_id for one in remaining}
    return Removal(
        ended,
        members,
        back,
        deleted=tuple(one.name for one in plan.resources if one.logical_id not in kept),
        kept=tuple(one.name for one in remaining),
    )
