"""What stands in the way of a change, and what it costs: members of groups, sessions of roles.

CloudFormation deletes what an update removes or replaces only after the update, in its cleanup. What IAM refuses to
delete then is left behind outside the stack, still granting: so it is found here, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sec_provisioner.live.blockers import Obstacles, Stated, describe_obstacles, find_obstacles
from sec_provisioner.live.changes import NAME_PROPERTY, Change
from sec_provisioner.live.findings import ResourceDrift
from sec_provisioner.live.identity import LiveAccount
from sec_provisioner.live.stack import StackResource
from sec_provisioner.problem import Problem, Severity

_LOSING = ("remove", "replace")
_MENDS = {
    "group-has-members": "Take them out of the group first (aws iam remove-user-from-group), or keep the group.",
    "extra-policy": "Remove it from there first.",
    "policy-versions": "Delete them first (aws iam delete-policy-version).",
    "foreign-use": "Take it away there first.",
}


def stated_in(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, Stated]:
    """What a (resolved) template puts on each of its groups and roles."""
    return {
        logical_id: Stated(
            inline=frozenset(str(one.get("PolicyName")) for one in properties.get("Policies", [])),
            attached=frozenset(str(one) for one in properties.get("ManagedPolicyArns", [])),
        )
        for logical_id, properties in ((key, one.get("Properties", {})) for key, one in resources.items())
    }


def obstacles_of(
    changes: Iterable[Change],
    own: Iterable[StackResource],
    account: LiveAccount,
    stated: Mapping[str, Stated],
    now: datetime,
) -> Obstacles:
    """What is in the way of deleting the resources that the changes remove or replace."""
    losing = {one.logical_id for one in changes if one.action in _LOSING}
    every = tuple(own)
    going = (one for one in every if one.logical_id in losing)
    staying = (one for one in every if one.logical_id not in losing)
    return find_obstacles(going, account, stated, now, staying)


def blockers_of(changes: Iterable[Change], found: Obstacles) -> tuple[Problem, ...]:
    """Everything that makes the change fail or leave something behind, as errors."""
    problems = (one for one in describe_obstacles(found) if one.id in _MENDS)
    return (
        *(replace(one, severity=Severity.ERROR, hint=_MENDS[one.id]) for one in problems),
        *(_unrenamed(one) for one in changes if _keeps_its_name(one)),
    )


def _keeps_its_name(change: Change) -> bool:
    """CloudFormation replaces by making the new one first: two of one name can't be."""
    name = NAME_PROPERTY.get(change.type)
    return change.action == "replace" and name is not None and name not in {one.path for one in change.properties}


def _unrenamed(change: Change) -> Problem:
    return Problem(
        "replaced-under-its-name",
        Severity.ERROR,
        f"{change.name} would have to be replaced, which CloudFormation refuses for a resource with a fixed name.",
        "Give it another name (another key in the config), or delete it first.",
        path=change.logical_id,
    )


def policies_not_there(
    resources: Mapping[str, Mapping[str, Any]], account: LiveAccount, owner: str
) -> tuple[Problem, ...]:
    """Policies of the account that the (resolved) template attaches or sets as a boundary, and that nobody made.

    Args:
        resources: of the new template.
        account: what exists.
        owner: what the ARNs of the account's policies begin with: `arn:aws:iam::123456789012`.
    """
    known = {one.arn.casefold() for one in account.policies} | {one.casefold() for one in _made(resources, owner)}
    missing: dict[str, list[str]] = {}
    for logical_id, one in resources.items():
        for arn in _policies_of(one.get("Properties", {})):
            if arn.startswith(f"{owner}:policy/") and arn.casefold() not in known:
                missing.setdefault(arn, []).append(logical_id)
    return tuple(_not_there(arn, users) for arn, users in missing.items())


def _made(resources: Mapping[str, Mapping[str, Any]], owner: str) -> Iterable[str]:
    properties = (one["Properties"] for one in resources.values() if one["Type"] == "AWS::IAM::ManagedPolicy")
    return (f"{owner}:policy{one.get('Path', '/')}{one['ManagedPolicyName']}" for one in properties)


def _policies_of(properties: Mapping[str, Any]) -> Iterable[str]:
    every = (*properties.get("ManagedPolicyArns", []), properties.get("PermissionsBoundary"))
    return (one for one in every if isinstance(one, str))


def _not_there(arn: str, users: list[str]) -> Problem:
    return Problem(
        "policy-not-there",
        Severity.ERROR,
        f"The policy {arn} does not exist, and {', '.join(users)} would get it: CloudFormation would fail.",
        "Make it first (aws iam create-policy), or correct its name in the config.",
        path=users[0],
    )


def lost_and_kept(changes: Iterable[Change], drifted: Iterable[ResourceDrift]) -> tuple[Problem, ...]:
    """What was deleted by hand and is not to be made again, though the change would work on it."""
    modified = {one.logical_id for one in changes if one.action == "modify"}
    return tuple(
        Problem(
            "missing-and-kept",
            Severity.ERROR,
            f"{one.name} was deleted by hand, and the update changes it: CloudFormation would fail.",
            "Let deploy make it again, without --keep-drift.",
            path=one.logical_id,
        )
        for one in drifted
        if one.status == "missing" and one.logical_id in modified
    )


def with_costs(changes: Iterable[Change], found: Obstacles) -> tuple[Change, ...]:
    """The changes, each with what is lost by it."""
    return tuple(replace(one, costs=tuple(_costs(one, found))) for one in changes)


def _costs(change: Change, found: Obstacles) -> Iterable[str]:
    if change.action not in _LOSING:
        return
    if change.type == "AWS::IAM::Group" and change.name in found.members:
        yield f"its members lose what it grants: {', '.join(found.members[change.name])}"
    if change.type == "AWS::IAM::Role":
        last = found.used_lately.get(change.name)
        used = f", last used on {last:%Y-%m-%d}" if last else ""
        yield f"its sessions end{used}; trust policies elsewhere that name it no longer match"
