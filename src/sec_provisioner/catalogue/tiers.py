"""The three tiers and the built-in groups and roles that each may enable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sec_provisioner.catalogue.store import load_yaml

_KINDS = ("groups", "service_roles", "assumable_roles", "cross_account_roles")


@dataclass(frozen=True)
class Tier:
    """A tier; the tuples hold config keys of built-in groups and roles, those of smaller tiers included."""

    name: str
    version: str
    groups: tuple[str, ...]
    service_roles: tuple[str, ...]
    assumable_roles: tuple[str, ...]
    cross_account_roles: tuple[str, ...]


@cache
def tiers() -> dict[str, Tier]:
    """All tiers by name, smallest first."""
    result: dict[str, Tier] = {}
    held: dict[str, tuple[str, ...]] = dict.fromkeys(_KINDS, ())
    raw: dict[str, Any] = load_yaml("tiers.yaml")
    for name, one in raw.items():
        held = {kind: held[kind] + tuple(one[kind]) for kind in _KINDS}
        result[name] = Tier(name, one["version"], **held)
    return result


def smallest_tier_with(kind: str, key: str) -> str | None:
    """The first tier whose `kind` (`groups`, `service_roles`, ...) holds a built-in key; None for others."""
    return next((tier.name for tier in tiers().values() if key in getattr(tier, kind)), None)
