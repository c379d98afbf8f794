"""What deploy sets back of what was changed by hand. Nothing is fetched or written here.

    deployed template, new template, account -> Repair -> (`writes`) Write, Write, ...

A plain update writes only where two templates differ. So where they agree, the value is written directly; where they
differ, the update writes it; what is missing is made again in its new form. Extra policies of the stack's own groups
and roles go; nothing is taken from anybody outside the stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sec_provisioner.live.changes import REPLACED_BY
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import NAMES, find_drift
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.live.identity import LivePolicy
from sec_provisioner.problem import Problem, Severity

Resources = Mapping[str, Mapping[str, Any]]
ATTACHED, BOUNDARY, INLINE = "ManagedPolicyArns", "PermissionsBoundary", "Policies"
VERSIONS = "Versions"


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
    foreign: tuple[str, ...] = ()
    """Who outside the stack has a policy of it: it stays with them."""
    blockers: tuple[Problem, ...] = ()


def find_repair(deployed: Stated, new: Stated, live: LiveState) -> Repair:
    """Compare what is there with both templates.

    Args:
        deployed: what the stack was last updated to.
        new: what it is updated to now.
        live: the account, with the parameters that the deployed template names.
    """
    found = find_drift(deployed.resources, live, deployed.tags)
    wanted = {one.logical_id: one for one in find_drift(new.resources, live, new.tags)}
    staying = [one for one in found if stays(one.logical_id, deployed, new)]
    leaving = [one for one in found if not stays(one.logical_id, deployed, new)]
    agreed = (_agreed(one, wanted[one.logical_id]) for one in staying)
    restores = (*(one for one in agreed if one), *(one for one in (_extras(each, live) for each in leaving) if one))
    return Repair(
        restores=restores,
        overwrites=tuple(one for one in (_overwritten(each, wanted[each.logical_id]) for each in staying) if one),
        foreign=tuple(_describe(one, each) for one in staying for each in one.outside),
        blockers=tuple(_misplaced(one) for one in restores if _is_misplaced(one)),
    )


def stays(logical_id: str, deployed: Stated, new: Stated) -> bool:
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
    is_lost = one.property == BOUNDARY and one.kind == "missing"
    return is_lost and all(each.property != BOUNDARY for each in wanted.differences)


def _extras(found: ResourceDrift, live: LiveState) -> ResourceDrift | None:
    """Of what the update removes: policies, and versions of policies, that CloudFormation would stumble over."""
    extras = (one for one in found.differences if one.kind == "extra" and one.root() in (INLINE, ATTACHED))
    return _with(found, (*extras, *_versions(found, live)))


def _versions(found: ResourceDrift, live: LiveState) -> Iterator[Difference]:
    if found.type != "AWS::IAM::ManagedPolicy" or found.status == "missing":
        return
    policy = policy_named(found.name, live)
    for version in policy.other_versions:
        yield Difference(f"{VERSIONS}[{version}]", "extra", None, policy.other_documents.get(version))


def policy_named(name: str, live: LiveState) -> LivePolicy:
    """The managed policy of this name, which is there."""
    return next(one for one in live.account.policies if one.name.casefold() == name.casefold())


def _overwritten(found: ResourceDrift, wanted: ResourceDrift) -> ResourceDrift | None:
    pending = {one.property for one in wanted.differences}
    return _with(
        found,
        (
            one
            for one in found.differences
            if one.property in pending and one.property != ATTACHED and one not in wanted.differences
        ),
    )


def _with(found: ResourceDrift, differences: Iterable[Difference]) -> ResourceDrift | None:
    """The same resource with some of its differences; None without any."""
    kept = tuple(differences)
    notes = (_LOST,) if (found.type, found.status) == ("AWS::IAM::Group", "missing") else ()
    return replace(found, differences=kept, not_checked=(), notes=notes) if kept else None


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
        f"{_mend_of(one)}; or leave it as it is: --keep-drift.",
        path=one.logical_id,
    )


def _mend_of(one: ResourceDrift) -> str:
    """A group can be called otherwise, and keeps its members by that."""
    if one.type != "AWS::IAM::Group":
        return "Delete it, and deploy makes it again"
    actual = next(each.actual for each in one.differences if each.property == NAMES[one.type])
    return f"Call it as it was: aws iam update-group --group-name {actual} --new-group-name {one.name}"
