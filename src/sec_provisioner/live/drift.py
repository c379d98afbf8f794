"""Where the account differs from the deployed template. Nothing is fetched here.

resolved resources of the template + LiveState -> one ResourceDrift for each resource

Documents are compared by what they say. What a template leaves out counts as AWS's default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sec_provisioner.iam.document import Document, MalformedDocumentError
from sec_provisioner.iam.meaning import same_meaning
from sec_provisioner.live.deployed import DEFAULT_SESSION_SECONDS, LiveState, RoleSettings
from sec_provisioner.live.identity import LiveGroup, LivePolicy, LiveRole

Kind = Literal["changed", "missing", "extra"]
Status = Literal["in_sync", "changed", "missing", "extra", "not_checked"]
Properties = Mapping[str, Any]

_UNKNOWN = "its expected value can't be worked out from the template alone"
# CloudFormation and other services put these on; nobody else can.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
_AWS_TAG = "aws:"


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that is not as deployed; None stands for "not there"."""

    property: str
    kind: Kind
    expected: Any
    actual: Any


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A property that could not be compared, and why."""

    property: str
    reason: str


Finding = Difference | Unchecked


@dataclass(frozen=True, slots=True)
class ResourceDrift:
    """What was found about one resource. `notes` are worth knowing and no drift."""

    logical_id: str
    type: str
    name: str
    status: Status
    differences: tuple[Difference, ...] = ()
    not_checked: tuple[Unchecked, ...] = ()
    notes: tuple[str, ...] = ()


def find_drift(
    resources: Mapping[str, Mapping[str, Any]], live: LiveState, stack_tags: Mapping[str, str]
) -> tuple[ResourceDrift, ...]:
    """Compare every resource of a stack with what is there.

    Args:
        resources: logical id -> resource of the deployed template, functions worked out as far as that goes.
        live: the account.
        stack_tags: the stack's own tags, which CloudFormation hands down to its roles.

    Returns:
        The template's resources, in its order.
    """
    return tuple(_resource(logical_id, one, resources, live, stack_tags) for logical_id, one in resources.items())


def parameter_names(resources: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The names of the template's SSM parameters, as far as they are known."""
    found = (
        one.get("Properties", {}).get("Name") for one in resources.values() if one["Type"] == "AWS::SSM::Parameter"
    )
    return tuple(sorted({one for one in found if isinstance(one, str)}))


def _resource(
    logical_id: str,
    resource: Mapping[str, Any],
    resources: Mapping[str, Mapping[str, Any]],
    live: LiveState,
    stack_tags: Mapping[str, str],
) -> ResourceDrift:
    kind, properties = str(resource.get("Type", "")), resource.get("Properties", {})
    if kind not in _NAMES:
        return ResourceDrift(
            logical_id, kind, logical_id, "not_checked", (), (Unchecked("", f"{kind} is not compared"),)
        )
    key = _NAMES[kind]
    name = properties.get(key)
    if not isinstance(name, str):
        return ResourceDrift(logical_id, kind, logical_id, "not_checked", (), (Unchecked(key, _UNKNOWN),))
    findings = _findings(kind, name, properties, live, stack_tags)
    if findings is None:
        gone = Difference("", "missing", name, None)
        return ResourceDrift(logical_id, kind, name, "missing", (gone,))
    every = tuple(findings)
    differences = tuple(one for one in every if isinstance(one, Difference))
    unchecked = tuple(one for one in every if isinstance(one, Unchecked))
    status: Status = "changed" if differences else "not_checked" if unchecked else "in_sync"
    notes = tuple(_outside_uses(name, resources, live)) if kind == "AWS::IAM::ManagedPolicy" else ()
    return ResourceDrift(logical_id, kind, name, status, differences, unchecked, notes)


_NAMES = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::SSM::Parameter": "Name",
}


def _findings(
    kind: str, name: str, properties: Properties, live: LiveState, stack_tags: Mapping[str, str]
) -> Iterator[Finding] | None:
    """What differs, None where the resource is gone."""
    match kind:
        case "AWS::IAM::Group":
            group = _named(live.account.groups, name)
            return None if group is None else _group(properties, group)
        case "AWS::IAM::Role":
            role = _named(live.account.roles, name)
            return None if role is None else _role(properties, role, live.settings.get(role.name), stack_tags)
        case "AWS::IAM::ManagedPolicy":
            policy = _named(live.account.policies, name)
            return None if policy is None else _policy(properties, policy)
        case _:
            parameter = _named(live.parameters, name)
            return None if parameter is None else _value("Value", properties.get("Value"), parameter.value)


def _named(every: tuple[Any, ...], name: str) -> Any:
    # Names are unique without regard to case, but what is spelt otherwise was not made by this template.
    return next((one for one in every if one.name == name), None)


# --- resource by resource -----------------------------------------------------------------------------


def _group(properties: Properties, live: LiveGroup) -> Iterator[Finding]:
    yield from _value("Path", properties.get("Path", "/"), live.path)
    yield from _attached(properties, live.attached)
    yield from _inline(properties, live.inline)


def _role(
    properties: Properties, live: LiveRole, settings: RoleSettings | None, stack_tags: Mapping[str, str]
) -> Iterator[Finding]:
    yield from _value("Path", properties.get("Path", "/"), live.path)
    yield from _document("AssumeRolePolicyDocument", properties.get("AssumeRolePolicyDocument", {}), live.trust)
    yield from _attached(properties, live.attached)
    yield from _inline(properties, live.inline)
    yield from _value("PermissionsBoundary", properties.get("PermissionsBoundary"), live.boundary)
    tags = {**stack_tags, **{one["Key"]: one["Value"] for one in properties.get("Tags", [])}}
    yield from _tags(tags, live.tags)
    if settings is None:
        reason = "the role was made while the account was being read"
        yield from (Unchecked(one, reason) for one in ("Description", "MaxSessionDuration"))
        return
    yield from _value("Description", properties.get("Description") or None, settings.description or None)
    duration = properties.get("MaxSessionDuration", DEFAULT_SESSION_SECONDS)
    yield from _value("MaxSessionDuration", duration, settings.max_session_duration, same=_same_number)


def _policy(properties: Properties, live: LivePolicy) -> Iterator[Finding]:
    yield from _value("Path", properties.get("Path", "/"), live.path)
    yield from _document("PolicyDocument", properties.get("PolicyDocument", {}), live.document)


def _outside_uses(policy: str, resources: Mapping[str, Mapping[str, Any]], live: LiveState) -> Iterator[str]:
    arn = next(one.arn for one in live.account.policies if one.name == policy)
    own = {
        (one["Type"], one.get("Properties", {}).get(_NAMES[one["Type"]]))
        for one in resources.values()
        if one.get("Type") in _NAMES
    }
    for principal in live.account.principals:
        kind = type(principal).__name__.removeprefix("Live")
        if arn in principal.attached and (f"AWS::IAM::{kind}", principal.name) not in own:
            yield f"attached to the {kind.lower()} {principal.name}, which is not of this stack"


# --- property by property -----------------------------------------------------------------------------


def _value(
    name: str, expected: Any, actual: Any, *, same: Callable[[Any, Any], bool] = lambda one, other: one == other
) -> Iterator[Finding]:
    if _has_function(expected):
        yield Unchecked(name, _UNKNOWN)
    elif expected is None and actual is not None:
        yield Difference(name, "extra", None, actual)
    elif expected is not None and actual is None:
        yield Difference(name, "missing", expected, None)
    elif not same(expected, actual):
        yield Difference(name, "changed", expected, actual)


def _same_number(one: Any, other: Any) -> bool:
    """CloudFormation takes numbers as text, too."""
    return str(one) == str(other)


def _document(name: str, expected: Any, actual: Any) -> Iterator[Finding]:
    yield from _value(name, expected, actual, same=_says_the_same)


def _says_the_same(one: Any, other: Any) -> bool:
    try:
        return one == other or same_meaning(Document.parse(one), Document.parse(other))
    except MalformedDocumentError:
        return False


def _attached(properties: Properties, actual: tuple[str, ...]) -> Iterator[Finding]:
    name = "ManagedPolicyArns"
    expected = properties.get(name, [])
    if _has_function(expected):
        yield Unchecked(name, _UNKNOWN)
        return
    yield from (Difference(name, "missing", arn, None) for arn in dict.fromkeys(expected) if arn not in actual)
    yield from (Difference(name, "extra", None, arn) for arn in actual if arn not in expected)


def _inline(properties: Properties, actual: Mapping[str, Any]) -> Iterator[Finding]:
    stated = properties.get("Policies", [])
    if any(not isinstance(one.get("PolicyName"), str) for one in stated):
        yield Unchecked("Policies", _UNKNOWN)
        return
    expected = {one["PolicyName"]: one["PolicyDocument"] for one in stated}
    for name in dict.fromkeys((*expected, *actual)):
        yield from _document(f"Policies[{name}]", expected.get(name), actual.get(name))


def _tags(expected: Mapping[str, Any], actual: Mapping[str, str]) -> Iterator[Finding]:
    for key in dict.fromkeys((*expected, *actual)):
        if not key.lower().startswith(_AWS_TAG):
            yield from _value(f"Tags[{key}]", expected.get(key), actual.get(key))


def _has_function(value: Any) -> bool:
    """Whether a function of CloudFormation is left in a value."""
    if isinstance(value, Mapping):
        return any(key == "Ref" or str(key).startswith("Fn::") or _has_function(one) for key, one in value.items())
    return isinstance(value, list) and any(_has_function(one) for one in value)
