"""Where the account differs from the deployed template. Nothing is fetched here.

resolved resources of the template + LiveState -> one ResourceDrift for each resource

Documents are compared by what they say. What a template leaves out counts as AWS's default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from sec_provisioner.iam.document import VERSION, Document, MalformedDocumentError
from sec_provisioner.iam.meaning import same_meaning
from sec_provisioner.live.deployed import DEFAULT_SESSION_SECONDS, LiveParameter, LiveState, RoleSettings
from sec_provisioner.live.drift_severity import denies, severity_of
from sec_provisioner.live.findings import Difference, Finding, ResourceDrift, Status, Unchecked
from sec_provisioner.live.identity import LiveGroup, LivePolicy, LiveRole

__all__ = ["NAMES", "Difference", "Finding", "ResourceDrift", "Unchecked", "find_drift"]

Properties = Mapping[str, Any]
Resources = Mapping[str, Mapping[str, Any]]

NAMES: Mapping[str, str] = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::SSM::Parameter": "Name",
}
"""The types that are compared -> the property that names them."""

_UNKNOWN = "its expected value can't be worked out from the template alone"
# CloudFormation and other services put these on; nobody else can.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
_AWS_TAG = "aws:"
# What IAM shows in place of a principal that was deleted.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
_DELETED_PRINCIPAL = re.compile(r"A(?:ID|RO)A[A-Z0-9]{12,}")


def find_drift(resources: Resources, live: LiveState, stack_tags: Mapping[str, str]) -> tuple[ResourceDrift, ...]:
    """Compare every resource of a stack with what is there.

    Args:
        resources: logical id -> resource of the deployed template, functions worked out as far as that goes.
        live: the account.
        stack_tags: the stack's own tags, which CloudFormation hands down to its roles.

    Returns:
        The template's resources, in its order.
    """
    comparison = _Comparison(resources, live, stack_tags)
    return tuple(comparison.of(logical_id, one) for logical_id, one in resources.items())


class _Comparison:
    """One template against one account, with what is looked up again and again."""

    def __init__(self, resources: Resources, live: LiveState, stack_tags: Mapping[str, str]) -> None:
        self._resources = resources
        self._live = live
        self._stack_tags = stack_tags

    def of(self, logical_id: str, resource: Mapping[str, Any]) -> ResourceDrift:
        """What is to be said about one resource."""
        kind, properties = str(resource.get("Type", "")), resource.get("Properties", {})
        if kind not in NAMES:
            return _not_checked(logical_id, kind, Unchecked("", f"{kind} is not compared"))
        key = NAMES[kind]
        name = properties.get(key)
        if not isinstance(name, str):
            return _not_checked(logical_id, kind, Unchecked(key, _UNKNOWN))
        found = self._by_name[kind].get(_folded(kind, name))
        if found is None:
            gone = _weighed(Difference("", "missing", name, None))
            return ResourceDrift(logical_id, kind, name, "missing", (gone,))
        every = (*_value(key, name, found.name), *self._findings(properties, found))
        differences = tuple(_weighed(one, self._denying) for one in every if isinstance(one, Difference))
        unchecked = tuple(one for one in every if isinstance(one, Unchecked))
        status: Status = "changed" if differences else "not_checked" if unchecked else "in_sync"
        outside = tuple(map(_weighed, self._outside(found)))
        notes = (*_notes(found), *self._bounded_by(found))
        return ResourceDrift(logical_id, kind, name, status, differences, unchecked, notes, outside)

    def _findings(self, properties: Properties, found: _Live) -> Iterator[Finding]:
        match found:
            case LiveGroup():
                return _group(properties, found)
            case LiveRole():
                return _role(properties, found, self._live.settings.get(found.name), self._stack_tags)
            case LivePolicy():
                return _policy(properties, found)
            case LiveParameter():
                return _parameter(properties, found)

    @cached_property
    def _by_name(self) -> Mapping[str, Mapping[str, _Live]]:
        account = self._live.account
        every: tuple[tuple[str, Iterable[_Live]], ...] = (
            ("AWS::IAM::Group", account.groups),
            ("AWS::IAM::Role", account.roles),
            ("AWS::IAM::ManagedPolicy", account.policies),
            ("AWS::SSM::Parameter", self._live.parameters),
        )
        return {kind: {_folded(kind, one.name): one for one in found} for kind, found in every}

    @cached_property
    def _denying(self) -> frozenset[str]:
        """The ARNs of policies that deny something: who loses one may do more."""
        return frozenset(one.arn for one in self._live.account.policies if denies(one.document))

    @cached_property
    def _own(self) -> frozenset[tuple[type, str]]:
        """The principals of the stack."""
        types = {"AWS::IAM::Group": LiveGroup, "AWS::IAM::Role": LiveRole}
        return frozenset(
            (types[one["Type"]], str(one.get("Properties", {}).get(NAMES[one["Type"]])).casefold())
            for one in self._resources.values()
            if one.get("Type") in types
        )

    @cached_property
    def _outsiders(self) -> Mapping[str, tuple[str, ...]]:
        """ARN of a policy -> the principals outside the stack that it is attached to."""
        found: dict[str, tuple[str, ...]] = {}
        for principal in self._live.account.principals:
            if (type(principal), principal.name.casefold()) not in self._own:
                for arn in principal.attached:
                    found[arn] = (*found.get(arn, ()), principal.arn)
        return found

    def _bounded_by(self, found: _Live) -> Iterator[str]:
        """A boundary grants nothing, so it is no drift; but a change of the policy changes what it holds back."""
        for one in self._live.account.principals:
            if isinstance(found, LivePolicy) and not isinstance(one, LiveGroup) and one.boundary == found.arn:
                yield f"it is the permissions boundary of {_principal(one.arn)}"

    def _outside(self, found: _Live) -> Iterator[Difference]:
        if isinstance(found, LivePolicy):
            for holder in self._outsiders.get(found.arn, ()):
                yield Difference(f"AttachedTo[{_principal(holder)}]", "extra", None, holder)


_Live = LiveGroup | LiveRole | LivePolicy | LiveParameter


def _folded(kind: str, name: str) -> str:
    """IAM's names are unique without regard to case, those of parameters are not.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    return name if kind == "AWS::SSM::Parameter" else name.casefold()


def _not_checked(logical_id: str, kind: str, reason: Unchecked) -> ResourceDrift:
    return ResourceDrift(logical_id, kind, logical_id, "not_checked", (), (reason,))


def _weighed(one: Difference, denying: frozenset[str] = frozenset()) -> Difference:
    return replace(one, severity=severity_of(one, denying))


def _principal(arn: str) -> str:
    """`user/anna` of an ARN, its path left out."""
    kind, *_, name = arn.split(":", 5)[5].split("/")
    return f"{kind}/{name}"


def _notes(found: _Live) -> Iterator[str]:
    if not isinstance(found, LiveRole):
        return
    for profile in found.instance_profiles:
        yield f"in the instance profile {profile}, which is not of this stack"
    for one in _deleted_principals(found.trust):
        kind = "user" if one.startswith("AID") else "role"
        yield f"the trust names {one}: that is what IAM shows of a {kind} that was deleted, so nobody comes in by it"


def _deleted_principals(trust: Any) -> Iterator[str]:
    try:
        statements = Document.parse(trust).statements
    except MalformedDocumentError:
        return
    members = (member.value for one in statements if one.principal for member in one.principal.members)
    yield from dict.fromkeys(value for value in members if _DELETED_PRINCIPAL.fullmatch(value))


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


def _parameter(properties: Properties, live: LiveParameter) -> Iterator[Finding]:
    yield from _value("Type", properties.get("Type", "String"), live.type)
    if live.type == "SecureString":
        yield Unchecked("Value", "it is encrypted now, and is not decrypted for this")
    else:
        yield from _value("Value", properties.get("Value"), live.value)


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
    yield from _value(name, expected, actual, same=says_the_same)


def says_the_same(one: Any, other: Any) -> bool:
    """Whether two policy documents, as IAM's JSON, mean the same; what can't be read is the same as itself alone."""
    try:
        return bool(one == other) or same_meaning(Document.parse(one), Document.parse(other))
    except MalformedDocumentError:
        return False


def same_statement(one: Any, other: Any) -> bool:
    """The same for two statements."""
    return says_the_same({"Version": VERSION, "Statement": one}, {"Version": VERSION, "Statement": other})


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
