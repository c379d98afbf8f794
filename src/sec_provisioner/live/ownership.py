"""Whose a name is. IAM is global and stacks are regional: the same name may be another region's stack's.

names the template wants + what exists in the account + what the own stack made -> names of somebody else
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole
from sec_provisioner.problem import Problem, Severity

STEM_TAG = "stem"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class WantedName:
    """A name that a template gives to an IAM resource: kind is `group`, `role` or `policy`."""

    kind: str
    name: str
    logical_id: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A wanted name that exists and that the own stack did not make."""

    wanted: WantedName
    arn: str
    stem: str | None = None
    """The `stem` tag it carries; groups and policies carry none."""


def taken_names(wanted: Iterable[WantedName], account: LiveAccount, own: Iterable[str]) -> tuple[Taken, ...]:
    """The wanted names that belong to something else.

    Args:
        wanted: the template's names.
        account: what exists.
        own: physical ids (names, ARNs) of what the own stack made.
    """
    owned = {one.casefold() for one in own}
    existing = _by_kind_and_name(account)
    found = ((one, existing.get((one.kind, one.name.casefold()))) for one in wanted)
    return tuple(
        Taken(one, live.arn, live.tags.get(STEM_TAG) if isinstance(live, LiveRole) else None)
        for one, live in found
        if live is not None and not {live.name.casefold(), live.arn.casefold()} & owned
    )


def _by_kind_and_name(account: LiveAccount) -> Mapping[tuple[str, str], LiveGroup | LiveRole | LivePolicy]:
    kinds = (("group", account.groups), ("role", account.roles), ("policy", account.policies))
    return {(kind, one.name.casefold()): one for kind, every in kinds for one in every}


def describe_taken(taken: Iterable[Taken], own_stem: str, stacks: Mapping[str, str]) -> tuple[Problem, ...]:
    """Say whose the names are: one problem for each owner.

    Args:
        taken: the names.
        own_stem: the stem of this config.
        stacks: ARN -> the stack of this region that made it, where one did.
    """
    every = tuple(taken)
    foreign = {one.stem for one in every if one.stem and one.stem != own_stem}
    # Groups and policies carry no tags: where all tagged roles beside them are of one stem, it is theirs as well.
    neighbour = next(iter(foreign)) if len(foreign) == 1 else None
    by_owner: dict[tuple[str, str], list[Taken]] = {}
    for one in every:
        by_owner.setdefault(_owner(one, own_stem, stacks.get(one.arn), neighbour), []).append(one)
    return tuple(_problem(owner, mend, names) for (owner, mend), names in by_owner.items())


def _owner(one: Taken, own_stem: str, stack: str | None, neighbour: str | None) -> tuple[str, str]:
    stem = one.stem if one.stem != own_stem else None
    if stack:
        return f"the stack {stack} of this region", f"Delete {stack}, or choose other names."
    if stem or neighbour:
        owner = f"{stem or neighbour} (stack {stem or neighbour}-stack, by the `stem` tag of its roles)"
        mend = "IAM names are the same in all regions: deploy in that region, or change client or environment."
        return owner, mend
    mend = "Find out who made them before you remove or rename anything; a stack of another region may have."
    return "nobody that can be told: they are outside any stack of this region and carry no tag of another", mend


def _problem(owner: str, mend: str, names: list[Taken]) -> Problem:
    shown = ", ".join(f"{one.wanted.kind} {one.wanted.name}" for one in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    plural = "s that this config wants belong" if len(names) > 1 else " that this config wants belongs"
    message = f"{len(names)} name{plural} to {owner}: {shown}{more}."
    return Problem("name-taken", Severity.ERROR, message, mend, path=names[0].wanted.logical_id)
