"""Which permissions setting drift back takes, write by write: to read each value once more, and to write it.

With a service role it is not the caller who makes and changes resources; so whether the caller may is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sec_provisioner.live.findings import Difference
from sec_provisioner.live.writes import Write


@dataclass(frozen=True)
class Right:
    """Permissions on one resource; `context` is what IAM is told of the request: condition key -> value."""

    permissions: tuple[str, ...]
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack's resources are."""

    partition: str
    region: str
    account_id: str


def rights_for(writes: Iterable[Write], place: Place) -> tuple[Right, ...]:
    """What the writes take, each once."""
    every: list[Right] = []
    for one in writes:
        right = Right(tuple(_permissions(one)), _resource(one, place), _context(one))
        if right not in every:
            every.append(right)
    return tuple(every)


def _permissions(write: Write) -> Iterator[str]:
    match write.type:
        case "AWS::IAM::Group":
            yield from _of_principal("Group", write.difference)
        case "AWS::IAM::Role":
            yield from _of_principal("Role", write.difference)
            if not write.difference.property and write.properties.get("Tags"):
                yield "iam:TagRole"
        case "AWS::IAM::ManagedPolicy":
            yield from _of_policy(write)
        case _:
            yield from ("ssm:GetParameters", "ssm:PutParameter")
            if not write.difference.property and write.properties.get("Tags"):
                yield "ssm:AddTagsToResource"


# Property -> to read it, to set it, to remove it; `{}` is Group or Role.
_OF_PRINCIPALS: Mapping[str, tuple[str, str, str]] = {
    "": ("iam:Get{}", "iam:Create{}", ""),
    "Policies": ("iam:Get{}Policy", "iam:Put{}Policy", "iam:Delete{}Policy"),
    "ManagedPolicyArns": ("iam:ListAttached{}Policies", "iam:Attach{}Policy", "iam:Detach{}Policy"),
    "AssumeRolePolicyDocument": ("iam:Get{}", "iam:UpdateAssumeRolePolicy", ""),
    "PermissionsBoundary": ("iam:Get{}", "iam:Put{}PermissionsBoundary", "iam:Delete{}PermissionsBoundary"),
    "Tags": ("iam:Get{}", "iam:Tag{}", "iam:Untag{}"),
}
_OTHERWISE = ("iam:Get{}", "iam:Update{}", "iam:Update{}")


def _of_principal(kind: str, difference: Difference) -> Iterator[str]:
    read, put, remove = _OF_PRINCIPALS.get(difference.root(), _OTHERWISE)
    yield read.format(kind)
    yield (remove if difference.expected is None else put).format(kind)


def _of_policy(write: Write) -> Iterator[str]:
    match write.difference.root():
        case "":
            yield from ("iam:GetPolicy", "iam:CreatePolicy")
        case "Versions":
            yield from ("iam:GetPolicyVersion", "iam:DeletePolicyVersion")
        case _:
            yield from ("iam:GetPolicy", "iam:GetPolicyVersion", "iam:CreatePolicyVersion")
            if write.drops:
                yield "iam:DeletePolicyVersion"


_NOUNS = {"AWS::IAM::Group": "group", "AWS::IAM::Role": "role"}


def _resource(write: Write, place: Place) -> str:
    if write.type == "AWS::IAM::ManagedPolicy":
        return write.name
    if write.type not in _NOUNS:
        return f"arn:{place.partition}:ssm:{place.region}:{place.account_id}:parameter{write.name}"
    path = write.properties.get("Path", "/")
    return f"arn:{place.partition}:iam::{place.account_id}:{_NOUNS[write.type]}{path}{write.name}"


def _context(write: Write) -> dict[str, str]:
    """What policies of operators are told by: which policy is attached, under which boundary a role is."""
    one, found = write.difference, dict[str, Any]()
    if one.root() == "ManagedPolicyArns":
        found["iam:PolicyARN"] = one.expected or one.actual
    if write.type == "AWS::IAM::Role":
        is_boundary = one.root() == "PermissionsBoundary"
        found["iam:PermissionsBoundary"] = one.expected if is_boundary else write.properties.get("PermissionsBoundary")
    return {key: value for key, value in found.items() if value}
