"""Who may have made a difference: CloudTrail's events, and which of them explains which difference.

An event explains a difference if it is about the same resource, does what would make it, and came neither from
CloudFormation nor from this tool. Of several, the newest: "may", since an older one may have done it as well.
https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sec_provisioner.live.findings import Difference, Kind, ResourceDrift

# Where IAM's calls are recorded, whatever region they were made from.
HOME_REGIONS: Mapping[str, str] = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
DAYS = 90
"""How far back LookupEvents reaches."""

_CLOUDFORMATION = "cloudformation.amazonaws.com"
_THIS_TOOL = "sec-provisioner/"

# (property, kind) -> what makes such a difference; {} is Group or Role.
_CAUSES: Mapping[tuple[str, Kind], tuple[str, ...]] = {
    ("Policies", "extra"): ("Put{}Policy",),
    ("Policies", "changed"): ("Put{}Policy",),
    ("Policies", "missing"): ("Delete{}Policy",),
    ("ManagedPolicyArns", "extra"): ("Attach{}Policy",),
    ("ManagedPolicyArns", "missing"): ("Detach{}Policy",),
    ("AssumeRolePolicyDocument", "changed"): ("UpdateAssumeRolePolicy",),
    ("PermissionsBoundary", "extra"): ("PutRolePermissionsBoundary",),
    ("PermissionsBoundary", "changed"): ("PutRolePermissionsBoundary",),
    ("PermissionsBoundary", "missing"): ("DeleteRolePermissionsBoundary",),
    ("Description", "changed"): ("UpdateRole", "UpdateRoleDescription"),
    ("Description", "extra"): ("UpdateRole", "UpdateRoleDescription"),
    ("Description", "missing"): ("UpdateRole", "UpdateRoleDescription"),
    ("MaxSessionDuration", "changed"): ("UpdateRole",),
    ("Tags", "extra"): ("TagRole",),
    ("Tags", "changed"): ("TagRole",),
    ("Tags", "missing"): ("UntagRole",),
    ("Path", "changed"): ("UpdateGroup",),
    ("GroupName", "changed"): ("UpdateGroup",),
    ("PolicyDocument", "changed"): ("CreatePolicyVersion", "SetDefaultPolicyVersion"),
    ("AttachedTo", "extra"): ("AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy"),
    ("Value", "changed"): ("PutParameter",),
    ("Type", "changed"): ("PutParameter",),
}
_MADE: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Group": ("CreateGroup", "UpdateGroup"),
    "AWS::IAM::Role": ("CreateRole",),
    "AWS::IAM::ManagedPolicy": ("CreatePolicy",),
    "AWS::SSM::Parameter": ("PutParameter",),
}
_REMOVED: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Group": ("DeleteGroup", "UpdateGroup"),
    "AWS::IAM::Role": ("DeleteRole",),
    "AWS::IAM::ManagedPolicy": ("DeletePolicy",),
    "AWS::SSM::Parameter": ("DeleteParameter", "DeleteParameters"),
}
PARAMETER_EVENTS = ("PutParameter", "DeleteParameter", "DeleteParameters")
"""What is looked up by event: their records name no resource that could be looked up."""

# One call may set several things; the parameter that tells.
_SETS: Mapping[str, str] = {
    "Description": "description",
    "MaxSessionDuration": "maxSessionDuration",
    "Path": "newPath",
    "GroupName": "newGroupName",
}


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One event that succeeded. `parameters` are those of the call, as CloudTrail spells them (`roleName`)."""

    id: str
    time: datetime
    name: str
    user: str
    """The ARN of who did it, or the name where there is none."""
    source_ip: str = ""
    agent: str = ""
    invoked_by: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_by_hand(self) -> bool:
        """Neither by CloudFormation for a stack, nor by this tool."""
        by_service = _CLOUDFORMATION in (self.source_ip, self.agent, self.invoked_by)
        return not by_service and _THIS_TOOL not in self.agent


@dataclass(frozen=True, slots=True)
class Author:
    """Who may have made a difference; or, without an event, why nobody is named."""

    event: TrailEvent | None
    reason: str = ""


def find_author(drift: ResourceDrift, difference: Difference, events: Iterable[TrailEvent]) -> Author:
    """Who may have made one difference of a resource.

    Args:
        drift: the resource.
        difference: one of its differences.
        events: what was looked up for the resource; they may be about others as well.
    """
    causes = [one for one in events if _causes(drift, difference, one)]
    by_hand = sorted((one for one in causes if one.is_by_hand), key=lambda one: one.time, reverse=True)
    if by_hand:
        return Author(_telling(difference, by_hand))
    if causes:
        return Author(None, f"in the last {DAYS} days only CloudFormation and this tool wrote it")
    return Author(None, f"CloudTrail knows of nothing in the last {DAYS} days; events come some minutes late")


def _telling(difference: Difference, newest_first: list[TrailEvent]) -> TrailEvent:
    """The newest that sets just this; the newest at all where CloudTrail does not tell."""
    key = _SETS.get(difference.root(), "")
    return next((one for one in newest_first if key and key in one.parameters), newest_first[0])


def _causes(drift: ResourceDrift, difference: Difference, event: TrailEvent) -> bool:
    if not _is_about(drift, event):
        return False
    if not difference.property:
        return event.name in (_REMOVED if difference.kind == "missing" else _MADE).get(drift.type, ())
    if event.name in _creations(drift.type):
        return True
    kind = drift.type.rpartition("::")[2]
    patterns = _CAUSES.get((difference.root(), difference.kind), ())
    return event.name in {one.format(kind) for one in patterns} and _concerns(difference, event)


def _creations(kind: str) -> tuple[str, ...]:
    """Calls that make everything of a resource anew: it was deleted and made by hand."""
    return tuple(one for one in _MADE.get(kind, ()) if one.startswith("Create"))


def _is_about(drift: ResourceDrift, event: TrailEvent) -> bool:
    given = event.parameters
    match drift.type:
        case "AWS::IAM::Group":
            named = [given.get("groupName"), given.get("newGroupName")]
        case "AWS::IAM::Role":
            named = [given.get("roleName")]
        case "AWS::IAM::ManagedPolicy":
            named = [str(given.get("policyArn", "")).rpartition("/")[2], given.get("policyName")]
        case _:
            return any(text == drift.name or text.endswith(f":parameter{drift.name}") for text in _texts(given))
    return drift.name.casefold() in {str(one).casefold() for one in named if one}


def _concerns(difference: Difference, event: TrailEvent) -> bool:
    """Whether the call was about the very policy, tag or principal."""
    match difference.root():
        case "Policies" | "Tags":
            wanted = difference.item()
        case "AttachedTo":
            wanted = difference.item().rpartition("/")[2]
        case "ManagedPolicyArns":
            wanted = str(difference.expected or difference.actual)
        case _:
            return True
    return wanted in _texts(event.parameters)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)
