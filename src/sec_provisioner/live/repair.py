"""What deploy sets back of what was changed by hand, and in which order. Nothing is fetched or written here.

    deployed template, new template, account -> Repair -> Write, Write, ...  | the stack's update |  Write, ...

A plain update writes only where two templates differ. So where they agree, the value is written directly; where they
differ, the update writes it; what is missing is made again in its new form. Extra policies of the stack's own groups
and roles go; nothing is taken from anybody outside the stack.

The order keeps every principal at each moment within what it has now or will have in the end: what is missing is
made bare, without a policy; what takes away comes before the update; what gives comes after it, when nothing that the
update narrows is still wide.
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
from sec_provisioner.live.changes import REPLACED_BY
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import NAMES, find_drift, says_the_same
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.live.identity import LivePolicy
from sec_provisioner.problem import Problem, Severity

Resources = Mapping[str, Mapping[str, Any]]
_DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument", "Policies")
_ATTACHED, _BOUNDARY, _INLINE = "ManagedPolicyArns", "PermissionsBoundary", "Policies"
_VERSIONS = "Versions"


@dataclass(frozen=True)
class Stated:
    """What a stack's template states: resources, functions worked out, and the tags handed down to them."""

    resources: Resources
    tags: Mapping[str, str]
    owner: str
    """What the ARNs of its policies begin with: `arn:aws:iam::123456789012`."""


@dataclass(frozen=True)
class Repair:
    """What was found to be done. Empty where nothing drifted."""

    restores: tuple[ResourceDrift, ...] = ()
    """What is set back: `expected` is what will be there, `actual` what is."""
    overwrites: tuple[ResourceDrift, ...] = ()
    """What the update writes over, though it is not as deployed: `expected` is the deployed value."""
    removals: tuple[Extra, ...] = ()
    """Policies and versions of policies that go, with their content where it is to be had."""
    foreign: tuple[str, ...] = ()
    """Who outside the stack has a policy of it: it stays with them."""
    blockers: tuple[Problem, ...] = ()


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
        of = f": {self.difference.property}" if self.difference.property else ""
        return f"the {kind} {name}{of}"


# --- what is to be done -----------------------------------------------------------------------------


def find_repair(deployed: Stated, new: Stated, live: LiveState) -> Repair:
    """Compare what is there with both templates.

    Args:
        deployed: what the stack was last updated to.
        new: what it is updated to now.
        live: the account, with the parameters that the deployed template names.
    """
    found = find_drift(deployed.resources, live, deployed.tags)
    wanted = {one.logical_id: one for one in find_drift(new.resources, live, new.tags)}
    staying = [one for one in found if _stays(one.logical_id, deployed, new)]
    leaving = [one for one in found if not _stays(one.logical_id, deployed, new)]
    agreed = (_agreed(one, wanted[one.logical_id]) for one in staying)
    restores = (*(one for one in agreed if one), *(one for one in (_extras(each, live) for each in leaving) if one))
    return Repair(
        restores=restores,
        overwrites=tuple(one for one in (_overwritten(each, wanted[each.logical_id]) for each in staying) if one),
        removals=tuple(extra for one in restores for extra in _removals(one, live)),
        foreign=tuple(_describe(one, each) for one in staying for each in one.outside),
        blockers=tuple(_misplaced(one) for one in restores if _is_misplaced(one)),
    )


def _stays(logical_id: str, deployed: Stated, new: Stated) -> bool:
    """Whether the new template has the same thing: neither removed nor replaced."""
    old, now = deployed.resources[logical_id], new.resources.get(logical_id, {})
    if now.get("Type") != old["Type"]:
        return False
    before, after = old.get("Properties", {}), now.get("Properties", {})
    return all(before.get(key) == after.get(key) for key in REPLACED_BY.get(old["Type"], ()))


def _agreed(found: ResourceDrift, wanted: ResourceDrift) -> ResourceDrift | None:
    """What differs from both templates, which mean the same by it."""
    return _with(
        found, (one for one in found.differences if one in wanted.differences or _is_needed_once_more(one, wanted))
    )


def _is_needed_once_more(one: Difference, wanted: ResourceDrift) -> bool:
    """A boundary that the update takes off must be on for that; until then it only narrows.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html (NoSuchEntity)
    """
    is_lost = one.property == _BOUNDARY and one.kind == "missing"
    return is_lost and all(each.property != _BOUNDARY for each in wanted.differences)


def _extras(found: ResourceDrift, live: LiveState) -> ResourceDrift | None:
    """Of what the update removes: policies, and versions of policies, that CloudFormation would stumble over."""
    extras = (one for one in found.differences if one.kind == "extra" and one.root() in (_INLINE, _ATTACHED))
    return _with(found, (*extras, *_versions(found, live)))


def _versions(found: ResourceDrift, live: LiveState) -> Iterator[Difference]:
    if found.type != "AWS::IAM::ManagedPolicy" or found.status == "missing":
        return
    policy = _policy_named(found.name, live)
    for version in policy.other_versions:
        yield Difference(f"{_VERSIONS}[{version}]", "extra", None, policy.other_documents.get(version))


def _policy_named(name: str, live: LiveState) -> LivePolicy:
    return next(one for one in live.account.policies if one.name.casefold() == name.casefold())


def _overwritten(found: ResourceDrift, wanted: ResourceDrift) -> ResourceDrift | None:
    pending = {one.property for one in wanted.differences}
    return _with(
        found,
        (
            one
            for one in found.differences
            if one.property in pending and one.property != _ATTACHED and one not in wanted.differences
        ),
    )


def _with(found: ResourceDrift, differences: Iterable[Difference]) -> ResourceDrift | None:
    """The same resource with some of its differences; None without any."""
    kept = tuple(differences)
    notes = (_LOST,) if (found.type, found.status) == ("AWS::IAM::Group", "missing") else ()
    return replace(found, differences=kept, not_checked=(), notes=notes) if kept else None


def _removals(one: ResourceDrift, live: LiveState) -> Iterator[Extra]:
    """Their content is kept: what is removed by mistake can be put back by hand."""
    kind = _WORDS[one.type]
    for each in one.differences:
        if each.kind == "extra" and each.root() in (_INLINE, _VERSIONS):
            yield Extra(kind, one.name, each.item(), each.actual)
        elif each.kind == "extra" and each.root() == _ATTACHED:
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
    going = _policy_named(one.name, live).in_the_way_of(sum(1 for _ in _steps(difference, live)))
    return {version: _policy_named(one.name, live).other_documents.get(version) for version in going}


_LOST = "who its members were is not known: it is made again without any"


def _describe(one: ResourceDrift, holder: Difference) -> str:
    return f"The policy {one.name} is attached to {holder.item()}, outside the stack: it stays there."


def _is_misplaced(one: ResourceDrift) -> bool:
    fixed = {NAMES.get(one.type)} if one.type == "AWS::IAM::Group" else {NAMES.get(one.type), "Path"}
    return any(each.property in fixed for each in one.differences)


def _misplaced(one: ResourceDrift) -> Problem:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html: it takes neither name nor path."""
    return Problem(
        "made-anew-otherwise",
        Severity.ERROR,
        f"{one.name} was made anew by hand with another path or spelling, which can't be set back in place.",
        "Delete it, and deploy makes it again; or leave it as it is: --keep-drift.",
        path=one.logical_id,
    )


# --- in which order ---------------------------------------------------------------------------------


def plan_writes(repair: Repair, deployed: Stated, new: Stated, live: LiveState) -> tuple[Write, ...]:
    """The writes of a repair, in their order; those that give come after the stack's update."""
    writes = [one for each in repair.restores for one in _writes(each, deployed, new, live)]
    return tuple(sorted(writes, key=_rank))


def _writes(one: ResourceDrift, deployed: Stated, new: Stated, live: LiveState) -> Iterator[Write]:
    if one.status == "missing":
        form = _new_form(one.logical_id, deployed, new)
        target = _policy_arn(one.name, form, new) if one.type == "AWS::IAM::ManagedPolicy" else one.name
        yield Write(one.type, target, one.differences[0], Moment.MAKE, form)
        yield from (Write(one.type, one.name, each, Moment.GIVE) for each in _policies_of(form))
    elif not _stays(one.logical_id, deployed, new):
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
    form = {**now, "Tags": {**new.tags, **_own_tags(now)}}
    boundary = now.get(_BOUNDARY) or old.get(_BOUNDARY)
    return {**form, _BOUNDARY: boundary} if boundary else form


def _target(one: ResourceDrift, live: LiveState) -> str:
    return _policy_named(one.name, live).arn if one.type == "AWS::IAM::ManagedPolicy" else one.name


def _policy_arn(name: str, properties: Mapping[str, Any], stated: Stated) -> str:
    """Of a policy that is not there."""
    return f"{stated.owner}:policy{properties.get('Path', '/')}{name}"


def _policies_of(properties: Mapping[str, Any]) -> Iterator[Difference]:
    for one in properties.get(_INLINE, []):
        yield Difference(f"{_INLINE}[{one['PolicyName']}]", "missing", one["PolicyDocument"], None)
    for arn in properties.get(_ATTACHED, []):
        yield Difference(_ATTACHED, "missing", arn, None)


def _own_tags(properties: Mapping[str, Any]) -> Mapping[str, str]:
    """A role's own tags are a list, a parameter's a mapping."""
    own = properties.get("Tags", {})
    return own if isinstance(own, Mapping) else {one["Key"]: one["Value"] for one in own}


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
_ORDER = (_BOUNDARY, _ATTACHED, _INLINE)


def _rank(one: Write) -> tuple[int, int, int]:
    kind, head = _KINDS.index(one.type), one.difference.root()
    if one.moment is Moment.TAKE:
        return (one.moment, _ORDER.index(head) if head in _ORDER else len(_ORDER), kind)
    return (one.moment, head != _BOUNDARY, kind)


def has_value(one: Difference, value: Any, now: Any) -> bool:
    """Whether what is there now means a value of the difference; None stands for "not there"."""
    if value is None or now is None:
        return value is now
    if one.root() in _DOCUMENTS:
        return says_the_same(value, now)
    return str(value) == str(now)
