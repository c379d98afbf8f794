"""Drift that is set back, as single writes in their order. Nothing is fetched or written here.

    what is set back, both templates, account -> Write, Write, ...  | the stack's update |  Write, ...

The order keeps every principal at each moment within what it has now or will have in the end: what is missing is
made bare, without a policy; what takes away comes before the update; what gives comes after it, when nothing that the
update narrows is still wide. A document that says something else goes down to what both allow, and then up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from sec_provisioner.iam.common import common_part
from sec_provisioner.iam.document import Document, MalformedDocumentError, statement_values
from sec_provisioner.iam.within import is_plainly_within
from sec_provisioner.live.blockers import Extra
from sec_provisioner.live.changes import tags_of
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import says_the_same
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.live.repair import ATTACHED, BOUNDARY, INLINE, VERSIONS, Stated, policy_named, stays

_DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument", "Policies")


class Moment(IntEnum):
    """When a write is safe."""

    MAKE = 1
    TAKE = 2
    GIVE = 3
    """After the stack's update."""


@dataclass(frozen=True, slots=True)
class Write:
    """One value of one resource, to be written. A difference without a property: the resource itself."""

    type: str
    name: str
    """Of a managed policy its ARN."""
    difference: Difference
    moment: Moment
    properties: Mapping[str, Any] = field(default_factory=dict)
    """The resource's new form, where it is made or a parameter is written as a whole; its tags among them."""
    drops: tuple[str, ...] = ()
    """Versions of a managed policy that go first, to make room for new ones."""

    @property
    def subject(self) -> str:
        """What is written, for people: `the Role x: Tags[owner]`."""
        kind = self.type.rsplit("::", 1)[-1]
        name = self.name.rsplit("/", 1)[-1] if self.name.startswith("arn:") else self.name
        of = f": {self._place}" if self.difference.property else ""
        return f"the {kind} {name}{of}"

    @property
    def _place(self) -> str:
        """The property; of an attachment with the name of the policy."""
        one = self.difference
        if one.property != ATTACHED:
            return one.property
        return f"{ATTACHED}[{str(one.expected or one.actual).rpartition('/')[2]}]"


def plan_writes(restores: Iterable[ResourceDrift], deployed: Stated, new: Stated, live: LiveState) -> tuple[Write, ...]:
    """The writes that set drift back, in their order; those that give come after the stack's update."""
    writes = [one for each in restores for one in _writes(each, deployed, new, live)]
    return tuple(sorted(writes, key=_rank))


def _writes(one: ResourceDrift, deployed: Stated, new: Stated, live: LiveState) -> Iterator[Write]:
    if one.status == "missing":
        form = _new_form(one.logical_id, deployed, new)
        target = _policy_arn(one.name, form, new) if one.type == "AWS::IAM::ManagedPolicy" else one.name
        yield Write(one.type, target, one.differences[0], Moment.MAKE, form)
        yield from (Write(one.type, one.name, each, Moment.GIVE) for each in _policies_of(form))
    elif not stays(one.logical_id, deployed, new):
        yield from (Write(one.type, _target(one, live), each, Moment.TAKE) for each in one.differences)
    else:
        yield from _values(one, _new_form(one.logical_id, deployed, new), live)


def _values(one: ResourceDrift, form: Mapping[str, Any], live: LiveState) -> Iterator[Write]:
    target = _target(one, live)
    for each in one.differences:
        drops = tuple(_dropped(one, each, live)) if each.root() == "PolicyDocument" else ()
        for moment, step in _steps(each, live):
            yield Write(one.type, target, step, moment, form, drops)
            drops = ()


def _steps(one: Difference, live: LiveState) -> Iterator[tuple[Moment, Difference]]:
    """One write, where it only gives or only takes away; else first down to what is common to both, then up."""
    if _only_gives(one, live):
        yield Moment.GIVE, one
    elif one.kind != "changed" or one.root() not in _DOCUMENTS or _is_wider(one.actual, one.expected):
        yield Moment.TAKE, one
    else:
        between = _between(one)
        yield Moment.TAKE, replace(one, expected=between)
        yield Moment.GIVE, replace(one, actual=between)


def _between(one: Difference) -> Any:
    """What both documents allow. Where that is nothing: no inline policy, or a document without effect or way in."""
    try:
        shared = common_part(one.expected, one.actual)
    except MalformedDocumentError:
        shared = {"Version": "2012-10-17", "Statement": []}
    if shared["Statement"] and (_allows(shared) or one.root() != "AssumeRolePolicyDocument"):
        return shared
    empty = {"Policies": None, "PolicyDocument": _WITHOUT_EFFECT, "AssumeRolePolicyDocument": _WITHOUT_WAY_IN}
    return empty[one.root()]


_WITHOUT_EFFECT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "none:null", "Resource": "*"}],
}
_WITHOUT_WAY_IN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def _new_form(logical_id: str, deployed: Stated, new: Stated) -> dict[str, Any]:
    """The properties to make a resource with: the new ones, all its tags, and a boundary that the update takes off."""
    old, now = (one.resources[logical_id].get("Properties", {}) for one in (deployed, new))
    form = {**now, "Tags": {**new.tags, **tags_of(now)}}
    boundary = now.get(BOUNDARY) or old.get(BOUNDARY)
    return {**form, BOUNDARY: boundary} if boundary else form


def _target(one: ResourceDrift, live: LiveState) -> str:
    return policy_named(one.name, live).arn if one.type == "AWS::IAM::ManagedPolicy" else one.name


def _policy_arn(name: str, properties: Mapping[str, Any], stated: Stated) -> str:
    """Of a policy that is not there."""
    return f"{stated.owner}:policy{properties.get('Path', '/')}{name}"


def _policies_of(properties: Mapping[str, Any]) -> Iterator[Difference]:
    for one in properties.get(INLINE, []):
        yield Difference(f"{INLINE}[{one['PolicyName']}]", "missing", one["PolicyDocument"], None)
    for arn in properties.get(ATTACHED, []):
        yield Difference(ATTACHED, "missing", arn, None)


def _only_gives(one: Difference, live: LiveState) -> bool:
    """Another boundary counts as giving: only when all that it caps is as it will be, nothing comes out wide by it."""
    match one.root():
        case head if head in _DOCUMENTS:
            return _is_wider(one.expected, one.actual)
        case "ManagedPolicyArns":
            documents = {each.arn: each.document for each in live.account.policies}
            return _is_wider(documents.get(one.expected, one.expected), documents.get(one.actual, one.actual))
        case "PermissionsBoundary":
            return one.kind != "missing"
        case "MaxSessionDuration":
            return int(one.expected) > int(one.actual)
        case _:
            return False


def _is_wider(expected: Any, actual: Any) -> bool:
    """Whether a document (of AWS's own policies the ARN) in place of another can only give."""
    if actual is None or expected is None:
        return _allows(expected) if actual is None else not _allows(actual)
    try:
        now, then = Document.parse(actual), Document.parse(expected)
    except MalformedDocumentError:
        return False
    return is_plainly_within(now, then)


def _allows(document: Any) -> bool:
    """Whether it allows anything; one that is not at hand is taken to."""
    return isinstance(document, str) or any(one.get("Effect") == "Allow" for one in statement_values(document))


# Policies before what may use them as a boundary, roles and groups before their parameters.
_KINDS = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::SSM::Parameter")
# What is taken away: the boundary is put on first. What is given is capped before it is given, and a policy says what
# it should before it is attached.
_ORDER = (BOUNDARY, ATTACHED, INLINE)


def _rank(one: Write) -> tuple[int, int, int]:
    kind, head = _KINDS.index(one.type), one.difference.root()
    if one.moment is Moment.TAKE:
        return (one.moment, _ORDER.index(head) if head in _ORDER else len(_ORDER), kind)
    return (one.moment, head != BOUNDARY, kind)


def has_value(one: Difference, value: Any, now: Any) -> bool:
    """Whether what is there now means a value of the difference; None stands for "not there"."""
    if value is None or now is None:
        return value is now
    if one.root() in _DOCUMENTS:
        return says_the_same(value, now)
    return str(value) == str(now)


# --- what goes ----------------------------------------------------------------------------------------


def find_removals(restores: Iterable[ResourceDrift], live: LiveState) -> tuple[Extra, ...]:
    """Policies and versions of policies that go when this is set back, with their content where it is to be had."""
    return tuple(extra for one in restores for extra in _removals(one, live))


def _removals(one: ResourceDrift, live: LiveState) -> Iterator[Extra]:
    """Their content is kept: what is removed by mistake can be put back by hand."""
    kind = _WORDS[one.type]
    for each in one.differences:
        if each.kind == "extra" and each.root() in (INLINE, VERSIONS):
            yield Extra(kind, one.name, each.item(), each.actual)
        elif each.kind == "extra" and each.root() == ATTACHED:
            yield Extra(kind, one.name, each.actual)
        elif each.root() == "PolicyDocument":
            yield from (Extra(kind, one.name, version, told) for version, told in _dropped(one, each, live).items())


_WORDS = {
    "AWS::IAM::Group": "group",
    "AWS::IAM::Role": "role",
    "AWS::IAM::ManagedPolicy": "policy",
    "AWS::SSM::Parameter": "parameter",
}


def _dropped(one: ResourceDrift, difference: Difference, live: LiveState) -> Mapping[str, Any]:
    """The versions that make room for those which setting a document back makes, with what they say."""
    going = policy_named(one.name, live).in_the_way_of(sum(1 for _ in _steps(difference, live)))
    return {version: policy_named(one.name, live).other_documents.get(version) for version in going}
