"""What exists in which partition: regions, services, service principals, AWS managed policies.

The tables are dated and name their sources. Where they do not know, the answer is None: not checked, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from sec_provisioner.catalogue.store import load_yaml

# As alike as `us-east1` and `us-east-1`; below that a suggestion misleads more than it helps.
_LIKENESS = 0.6


@dataclass(frozen=True)
class BroadPolicy:
    """An AWS managed policy that grants far more than a name suggests."""

    name: str
    """With its path, as a config names it."""
    reason: str
    """Half a sentence about what it opens, e.g. `it can pay`."""


# --- regions ------------------------------------------------------------------------------------------


def partitions() -> tuple[str, ...]:
    """The partitions that the product works in, `aws` first."""
    return tuple(_table()["regions"])


@cache
def regions() -> tuple[str, ...]:
    """Every region of every known partition."""
    return tuple(_partition_by_region())


def partition_of(region: str) -> str | None:
    """`aws`, `aws-us-gov` or `aws-cn`; None for what is no region of these."""
    return _partition_by_region().get(region)


def nearest_region(text: str) -> str | None:
    """The region that somebody who wrote `text` may have meant."""
    return _nearest(text.strip().replace("_", "-").replace(" ", "-"), regions())


# --- services and service principals ------------------------------------------------------------------


def service_exists(service: str, partition: str) -> bool | None:
    """Whether a partition has a service of the levels (`bedrock`), or one by its action prefix (`codeconnections`)."""
    return _exists(_table()["services"].get(service), partition)


def limited_services() -> tuple[str, ...]:
    """The services and prefixes of actions that some partition is known to lack."""
    return tuple(name for name, entry in _table()["services"].items() if entry.get("absent"))


def principal_exists(principal: str, partition: str) -> bool | None:
    """Whether a service principal, e.g. `bedrock.amazonaws.com`, can be trusted in a partition."""
    return _exists(_table()["principals"].get(principal), partition)


def nearest_principal(principal: str, partition: str) -> str | None:
    """The most alike service principal that the partition is known to have."""
    known: Mapping[str, Any] = _table()["principals"]
    have = [name for name in known if _exists(known[name], partition)]
    # The same service under China's domain is nearer than any that is merely spelt alike.
    same = (name for name in have if name.startswith(principal) or principal.startswith(name))
    return next(same, None) or _nearest(principal, have)


# --- AWS managed policies -----------------------------------------------------------------------------


def managed_policy_exists(name: str, partition: str) -> bool | None:
    """Whether a partition has an AWS managed policy; `name` with its path where it has one.

    False also for a name that has its path missing or wrong, or other capitals: IAM takes the ARN as it is, and
    AWS has no second policy that differs in these alone.
    """
    if (known := _exists(_policy_table()["partitions"].get(name), partition)) is not None:
        return known
    spelt = _policy_by_bare_name().get(_bare(name))
    if spelt is not None and spelt != name:
        return False
    return True if spelt is not None and partition == "aws" else None


def nearest_managed_policy(name: str, partition: str) -> str | None:
    """The AWS managed policy that was meant, or the most alike one that the partition is not known to lack."""
    spelt = _policy_by_bare_name().get(_bare(name))
    if spelt is not None and managed_policy_exists(spelt, partition) is not False:
        return spelt
    have = [one for one in _policy_by_bare_name().values() if managed_policy_exists(one, partition)]
    return _nearest(name, have)


def broad_managed_policy(name: str) -> BroadPolicy | None:
    """Why a managed policy is wide; None for one that is not known to be."""
    reason = _policy_table()["broad"].get(name)
    return None if reason is None else BroadPolicy(name, reason)


def partition_table_date() -> str:
    """The day on which what exists where was looked up, e.g. `2026-11-24`."""
    return str(_table()["date"])


# --- the tables ---------------------------------------------------------------------------------------


def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = load_yaml("partitions.yaml")
    return table


def _policy_table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = load_yaml("managed_policies.yaml")
    return table


@cache
def _partition_by_region() -> dict[str, str]:
    return {region: partition for partition, names in _table()["regions"].items() for region in names}


def managed_policy_names() -> list[str]:
    """Every AWS managed policy of partition aws, with its path."""
    names: str = load_yaml("managed_policy_names.yaml")["names"]
    return names.split()


@cache
def _policy_by_bare_name() -> dict[str, str]:
    """Names with their paths, by name without path and case: what IAM holds unique within a partition."""
    return {_bare(name): name for name in managed_policy_names()}


def _bare(name: str) -> str:
    return name.rsplit("/", 1)[-1].lower()


def _exists(entry: Mapping[str, Any] | None, partition: str) -> bool | None:
    if entry is None:
        return None
    if partition in entry["exists"]:
        return True
    return False if partition in entry.get("absent", ()) else None


def _nearest(text: str, names: Iterable[str]) -> str | None:
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(text.lower(), by_lower, n=1, cutoff=_LIKENESS)
    return by_lower[close[0]] if close else None
