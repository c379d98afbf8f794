"""What stands in the way of deleting resources of a stack, and what it would hurt.

IAM refuses (DeleteConflict) to delete a group with members, a role or group with policies that CloudFormation does
not know of, a role in an instance profile, and a managed policy that is attached elsewhere, serves as a boundary or
has further versions. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html and its like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole
from sec_provisioner.live.stack import StackResource
from sec_provisioner.problem import Problem, Severity

# IAM tracks the last use of a role over 400 days; who used one in the last days will miss it.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
RECENTLY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Extra:
    """A policy on an own group or role that the stack did not put there. `document` only where it is inline."""

    kind: str
    """`group` or `role`."""
    principal: str
    policy: str
    """The inline policy's name, or the attached policy's ARN."""
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ForeignUse:
    """Somebody outside the stack who hangs on something of it."""

    kind: str
    """`user`, `group`, `role`, or `instance profile`."""
    name: str
    target: str
    """The stack's policy (ARN) or role (name) that is used."""
    use: str
    """`attached`, `boundary` or `member`: of an instance profile."""


@dataclass(frozen=True)
class Obstacles:
    """Everything in the way of a deletion."""

    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Group -> users in it; groups without members are left out."""
    extras: tuple[Extra, ...] = ()
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Policy ARN -> versions besides the default one."""
    foreign: tuple[ForeignUse, ...] = ()
    used_lately: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Stated:
    """What a template puts on one group or role: names of inline policies, ARNs of attached ones."""

    inline: frozenset[str] = frozenset()
    attached: frozenset[str] = frozenset()


def find_obstacles(
    resources: Iterable[StackResource],
    account: LiveAccount,
    stated: Mapping[str, Stated],
    now: datetime,
    staying: Iterable[StackResource] = (),
) -> Obstacles:
    """Everything in the way of deleting these resources of a stack.

    Args:
        resources: what would be deleted.
        account: the account's IAM.
        stated: logical id -> what the deployed template puts on that group or role.
        now: to tell what was used lately.
        staying: the stack's other resources, which let go of what is deleted before it is.
    """
    existing = [one for one in resources if one.exists]
    own = {one.physical_id for one in existing}
    holders = frozenset((one.type, one.physical_id) for one in (*existing, *staying))
    groups = [(one, live) for live in account.groups for one in existing if _is(one, "AWS::IAM::Group", live.name)]
    roles = [(one, live) for live in account.roles for one in existing if _is(one, "AWS::IAM::Role", live.name)]
    policies = [one for one in account.policies if one.arn in own]
    nothing = Stated()
    members = {live.name: account.members_of(live.name) for _, live in groups}
    return Obstacles(
        members={group: users for group, users in members.items() if users},
        extras=tuple(
            extra
            for kind, every in (("group", groups), ("role", roles))
            for resource, live in every
            for extra in _extras(kind, live, stated.get(resource.logical_id, nothing))
        ),
        versions={one.arn: one.other_versions for one in policies if one.other_versions},
        foreign=(*_foreign_uses(policies, account, holders), *_profiles(live for _, live in roles)),
        used_lately={
            live.name: live.last_used for _, live in roles if live.last_used and now - live.last_used < RECENTLY
        },
    )


def _is(resource: StackResource, kind: str, name: str) -> bool:
    return resource.type == kind and resource.physical_id == name


def _extras(kind: str, live: LiveGroup | LiveRole, stated: Stated) -> Iterator[Extra]:
    for name, document in live.inline.items():
        if name not in stated.inline:
            yield Extra(kind, live.name, name, document)
    for arn in live.attached:
        if arn not in stated.attached:
            yield Extra(kind, live.name, arn)


def _foreign_uses(
    policies: Iterable[LivePolicy], account: LiveAccount, holders: Collection[tuple[str, str]]
) -> Iterator[ForeignUse]:
    arns = {one.arn for one in policies}
    kinds = (
        ("group", "AWS::IAM::Group", account.groups),
        ("role", "AWS::IAM::Role", account.roles),
        ("user", "AWS::IAM::User", account.users),
    )
    for kind, resource_type, principals in kinds:
        for one in principals:
            if (resource_type, one.name) in holders:
                continue
            for arn in sorted(arns.intersection(one.attached)):
                yield ForeignUse(kind, one.name, arn, "attached")
            boundary = None if isinstance(one, LiveGroup) else one.boundary
            if boundary in arns:
                yield ForeignUse(kind, one.name, str(boundary), "boundary")


def _profiles(roles: Iterable[LiveRole]) -> Iterator[ForeignUse]:
    for role in roles:
        for profile in role.instance_profiles:
            yield ForeignUse("instance profile", profile, role.name, "member")


def describe_obstacles(found: Obstacles, allowed: Collection[str] = ()) -> tuple[Problem, ...]:
    """Obstacles as problems: at level error what stops the deletion, at level warning what it costs.

    Args:
        found: the obstacles.
        allowed: names given by --detach-foreign.
    """
    return (
        *(_describe_foreign(one, named=one.name in allowed) for one in found.foreign),
        *(_describe_members(group, users) for group, users in found.members.items()),
        *(_describe_extra(one) for one in found.extras),
        *(_describe_versions(arn, versions) for arn, versions in found.versions.items()),
        *(_describe_use(role, last) for role, last in found.used_lately.items()),
    )


_USES = {
    "attached": "has the stack's policy {target} attached",
    "boundary": "has the stack's policy {target} as its permissions boundary",
    "member": "holds the stack's role {target}",
}


def _describe_foreign(one: ForeignUse, *, named: bool) -> Problem:
    message = f"The {one.kind} {one.name}, outside the stack, {_USES[one.use].format(target=one.target)}."
    if named:
        wider = f" Then it no longer caps what {one.name} may do." if one.use == "boundary" else ""
        return Problem("foreign-use", Severity.WARNING, f"{message} It will be taken away.{wider}")
    hint = f"Take it away yourself, or say so: --detach-foreign {one.name}"
    return Problem("foreign-use", Severity.ERROR, message, hint)


def _describe_members(group: str, users: tuple[str, ...]) -> Problem:
    number = f"{len(users)} member{'s' if len(users) > 1 else ''}"
    message = f"The group {group} has {number}, who will lose what it grants: {', '.join(users)}."
    return Problem(
        "group-has-members", Severity.WARNING, message, "They are saved and can be put back by restore-members."
    )


def _describe_extra(one: Extra) -> Problem:
    what = "inline policy" if one.document is not None else "attached policy"
    message = f"The {one.kind} {one.principal} has the {what} {one.policy}, which the stack did not give it."
    return Problem(
        "extra-policy", Severity.WARNING, message, "It is removed with it; the run's JSON keeps its content."
    )


def _describe_versions(arn: str, versions: tuple[str, ...]) -> Problem:
    message = f"The policy {arn} has further versions ({', '.join(versions)}), which are deleted with it."
    return Problem("policy-versions", Severity.WARNING, message)


def _describe_use(role: str, last: datetime) -> Problem:
    message = f"The role {role} was used on {last:%Y-%m-%d}: something may still need it."
    return Problem("role-in-use", Severity.WARNING, message)
