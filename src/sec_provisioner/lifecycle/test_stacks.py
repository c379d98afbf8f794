"""Test stacks of a config: found by their name, the empty ones cleared away, the others removed.

A test stack's groups have no members of their own, so whoever is in one was put there by hand: they are taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.aws import change_sets
from sec_provisioner.aws import stack as stacks
from sec_provisioner.errors import StackFailedError
from sec_provisioner.failures.test_stacks import (
    TEST_DELETION_FAILED,
    TEST_STACK_BLOCKED,
    TEST_STACK_GONE,
    TEST_STACK_IN_USE,
    TEST_STACK_OF_OTHERS,
)
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.lifecycle.remove import Members, Removal, RemovalPlan, plan_removal, remove
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.temporary import is_on_its_way_out, is_own, remove_empty_stack, remove_leftovers
from sec_provisioner.live.ownership import STEM_TAG
from sec_provisioner.live.stack import LiveStack
from sec_provisioner.naming import Names

_EMPTY = "REVIEW_IN_PROGRESS"
_MENDS = {
    "foreign-use": "Take it away there first.",
    "termination-protection": "Switch it off first (aws cloudformation update-termination-protection).",
}


@dataclass(frozen=True)
class FoundTestStack:
    """A test stack that is there, with all its names."""

    names: Names
    stack: LiveStack

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing: a run was killed before it made anything."""
        return self.stack.status_name == _EMPTY


def differences_from_production(production: Deployment, plan: Plan) -> tuple[str, ...]:
    """What the planned test stack does not show of the real one, for people."""
    test = plan.deployment
    names, suffix = test.names, test.names.suffix
    trusting = [one["Properties"]["RoleName"] for one in production.resolved().values() if _trusts_others(one, names)]
    found = (
        f"every name ends in -{suffix}; parameters lie below {names.parameter_path}",
        f"policies that name the project's resources point at {names.resource_scope}-*, not at {names.project}-*",
        f"the tag `stem` is {names.stack_stem}",
        f"trusted is this account instead of another one: {', '.join(trusting)}" if trusting else "",
        "its groups have no members",
        "it has no termination protection" if production.termination_protection else "",
        "it is made in CloudFormation's express mode" if plan.mode == "express" and not production.express else "",
    )
    return tuple(one for one in found if one)


def _trusts_others(resource: Mapping[str, Any], names: Names) -> bool:
    if resource.get("Type") != "AWS::IAM::Role":
        return False
    statements = resource["Properties"].get("AssumeRolePolicyDocument", {}).get("Statement", [])
    trusted = [arn for one in statements for arn in _as_list(one.get("Principal", {}).get("AWS", []))]
    return any(f":{names.identity.account_id}:" not in arn for arn in trusted)


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def find_test_stacks(run: Run, names: Names) -> tuple[FoundTestStack, ...]:
    """All test stacks of a config, by their names.

    Args:
        run: this run.
        names: the config's own names.
    """
    suffixes = {name: names.suffix_in(name) for name in stacks.fetch_stack_names(run.aws)}
    found = ((suffix, stacks.fetch_stack(run.aws, name)) for name, suffix in sorted(suffixes.items()) if suffix)
    return tuple(FoundTestStack(Names(names.identity, suffix), stack) for suffix, stack in found if stack)


def clear_empty(run: Run, found: Iterable[FoundTestStack]) -> tuple[FoundTestStack, ...]:
    """Take away the empty stacks that killed runs of the same caller left. Returns what is still there."""
    return tuple(one for one in found if not (one.is_empty and _clear(run, one.stack)))


def _clear(run: Run, stack: LiveStack) -> bool:
    """Whether it is gone: a stack on which a change set of somebody else hangs is left to them."""
    remove_leftovers(run, stack)
    if _others(run, stack):
        return False
    run.say(f"Removing the empty test stack {stack.name}, which an earlier run left behind.")
    remove_empty_stack(run, stack.name)
    return True


def _others(run: Run, stack: LiveStack) -> list[str]:
    every = change_sets.fetch_change_sets(run.aws, stack.id)
    return [one.description or one.name for one in every if not (is_on_its_way_out(one) or is_own(one, run))]


def fetch_test_stack(run: Run, names: Names) -> FoundTestStack | None:
    """One test stack, None where it is not there."""
    stack = stacks.fetch_stack(run.aws, names.stack)
    return FoundTestStack(names, stack) if stack else None


def plan_test_removal(run: Run, found: FoundTestStack, *, wait: bool = False) -> RemovalPlan:
    """What removing a test stack would do.

    Raises:
        RefusedError: it is not this config's, an operation is going on, or it is in use outside.
    """
    if found.is_empty:
        others = _others(run, found.stack)
        if others:
            raise TEST_STACK_IN_USE(change_set=others[0])
    elif STEM_TAG not in found.stack.tags:
        raise TEST_STACK_OF_OTHERS()
    _, plan = plan_removal(run, found.names, wait=wait)
    if plan is None:
        raise TEST_STACK_GONE()
    if plan.blockers:
        hints = dict.fromkeys(_MENDS.get(one.id, one.hint) for one in plan.blockers)
        raise TEST_STACK_BLOCKED(blockers=" ".join(one.message for one in plan.blockers), mends=" ".join(hints))
    return plan


def deletion_failure(ended: Ended) -> StackFailedError | None:
    """Why a test stack is still there; None where it is deleted."""
    if ended.is_success:
        return None
    return TEST_DELETION_FAILED(
        cause=ended.cause, stack=ended.stack, status=ended.status_name, meaning=ended.status.state
    )


def remove_test_stack(run: Run, plan: RemovalPlan, role_arn: str | None = None) -> Removal:
    """Delete a test stack with what hangs on it.

    Raises:
        AwsError: AWS failed.
    """

    def note(members: Members) -> None:
        for group, users in members.items():
            run.note(f"Members of the test group {group}: {', '.join(users)}")

    if plan.stack.status_name == _EMPTY:
        remove_leftovers(run, plan.stack)
    return remove(run, plan, note, {}, role_arn)
