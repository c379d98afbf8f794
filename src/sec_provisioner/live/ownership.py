"""Whose a name is. IAM is global and stacks are regional: the same name may be another region's stack's.

names the template wants + what exists in the account + what the own stack made -> names of somebody else
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole
from sec_provisioner.problem import Problem, Severity

STEM_TAG = "stem"


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


def describe_taken(taken: Taken, own_stem: str, stack: str | None) -> Problem:
    """Say whose a name is.

    Args:
        taken: the name.
        own_stem: the stem of this config.
        stack: the stack of this region that made it, None where none did.
    """
    what = f"The {taken.wanted.kind} {taken.wanted.name} exists"
    if stack:
        owner, mend = f"and belongs to the stack {stack} of this region", f"Delete {stack}, or choose other names."
    elif taken.stem and taken.stem != own_stem:
        owner = f"and belongs to {taken.stem} (its tag `stem`)"
        mend = "IAM names are the same in all regions: deploy in that region, or change client or environment."
    else:
        owner = "outside any stack of this region"
        mend = f"Remove or rename it ({taken.arn}), if no stack of another region made it."
    return Problem("name-taken", Severity.ERROR, f"{what} {owner}.", mend, path=taken.wanted.logical_id)
