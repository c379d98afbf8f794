"""What the groups and roles of a tier are given that could lead further: read off their statements, action by action.

An action counts as given where any statement allows it on anything, whatever its condition: so nothing is missed, and
what is given within limits stands in a table (`tests/cases/openings`) together with what those limits keep out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.iam_facts import Action, matching
from support.work import Holder, holders
from support.work_cases import Case

CASES = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True)
class Named:
    """One row of `named.yaml`: what is given all the same."""

    actions: tuple[str, ...]
    open_to: tuple[str, ...]
    from_medium: tuple[str, ...]
    """Who has it only where the tier has the role behind it."""
    closed: tuple[Mapping[str, Any], ...]

    def is_open_to(self, who: str, tier: str) -> bool:
        return who in self.open_to or (who in self.from_medium and tier != "startup")

    def closed_cases(self, tier: str) -> Iterator[Case]:
        """What those who have it still can't do."""
        for who in (*self.open_to, *self.from_medium):
            if who in holders(tier):
                for row in self.closed:
                    yield Case(**{"who": who, "context": {}, "allowed": False, **row})


@cache
def table(name: str) -> Any:
    """A reviewed table of `tests/cases/openings`."""
    return yaml.safe_load((CASES / "openings" / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def named() -> tuple[Named, ...]:
    return tuple(_named(row["actions"], row, row["closed"]) for row in table("named"))


@cache
def named_paths() -> tuple[Named, ...]:
    """`paths.yaml`, with the ids of paths for actions."""
    return tuple(_named(row["paths"], row, ()) for row in table("paths"))


def _named(what: Sequence[str], row: Mapping[str, Any], closed: Sequence[Any]) -> Named:
    return Named(tuple(what), tuple(row["open_to"]), tuple(row.get("from_medium", ())), tuple(closed))


def opened(rows: Sequence[Named], tier: str, who: str) -> set[str]:
    """What the rows name for one holder."""
    return {what for row in rows if row.is_open_to(who, tier) for what in row.actions}


def statements_of(holder: Holder) -> Iterator[Mapping[str, Any]]:
    """All statements of all documents, which are plain Allow of actions with their service written out."""
    for one in holder.statements:
        assert one["Effect"] == "Allow"
        assert all(re.match(r"\*$|[a-z0-9-]+:", pattern) for pattern in listed(one["Action"]))
        yield one


def listed(value: str | Sequence[str]) -> list[str]:
    """IAM takes one text for a list of one."""
    return [value] if isinstance(value, str) else list(value)


def is_full(holder: Holder) -> bool:
    """Whether the holder has everything there is."""
    return any("*" in listed(one["Action"]) for one in statements_of(holder))


@cache
def below_full(tier: str) -> Mapping[str, Holder]:
    return {key: one for key, one in holders(tier).items() if not is_full(one)}


@cache
def given(tier: str, who: str) -> Mapping[str, Action]:
    """Every action that the reference knows and some statement allows, by name."""
    patterns = {one for each in statements_of(holders(tier)[who]) for one in listed(each["Action"])}
    return {action.name: action for pattern in patterns for action in matching(pattern)}


def guarded(tier: str, who: str) -> set[str]:
    """What of a holder's actions nobody below full should have, but for what is named."""
    never, closed = never_given(), set(table("never")["read_only_services"])
    return {
        name
        for name, action in given(tier, who).items()
        if name in never
        or "Permissions management" in action.access_levels
        or (name.partition(":")[0] in closed and not action.only_reads)
    }


@cache
def never_given() -> frozenset[str]:
    """The reviewed lists, of all services and of those of the levels."""
    levels = yaml.safe_load((CASES / "levels" / "never-below-full.yaml").read_text(encoding="utf-8"))
    lists = [*table("never")["actions"].values(), *levels["actions"].values(), levels["only_with_condition"]]
    return frozenset(name for one in lists for name in one)


def passes(tier: str, who: str) -> dict[str, list[str]]:
    """Service -> ARNs of the roles that a holder's statements let it hand over; `*` where no service is demanded."""
    found: dict[str, list[str]] = {}
    for one in statements_of(holders(tier)[who]):
        if any(action.name == "iam:PassRole" for pattern in listed(one["Action"]) for action in matching(pattern)):
            services = one.get("Condition", {}).get("StringEquals", {}).get("iam:PassedToService", "*")
            for service in listed(services):
                found.setdefault(service, []).extend(listed(one["Resource"]))
    return found


@cache
def acts_as(tier: str, who: str) -> frozenset[str]:
    """The service roles whose rights a holder has in effect: those of the compute that it decides about, and theirs."""
    reached: set[str] = set()
    waiting = [who]
    while waiting:
        found = _decides_about(tier, waiting.pop()) - reached
        reached |= found
        waiting += found
    return frozenset(reached)


def _decides_about(tier: str, who: str) -> set[str]:
    compute = table("compute")
    roles = {role for role, actions in compute["by_action"].items() if not given(tier, who).keys().isdisjoint(actions)}
    if any(_writes_locked_buckets(one) for one in statements_of(holders(tier)[who])):
        roles |= set(compute["by_locked_bucket"])
    return roles & holders(tier).keys()


def _writes_locked_buckets(statement: Mapping[str, Any]) -> bool:
    writes = any(action.name == "s3:PutObject" for one in listed(statement["Action"]) for action in matching(one))
    return writes and any(":locked-" in resource for resource in listed(statement["Resource"]))
