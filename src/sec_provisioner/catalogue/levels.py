"""Policy levels: what a service's `level2` means, from one file each: `data/levels/{service}/level2.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sec_provisioner.catalogue.store import load_yaml, names_in


@dataclass(frozen=True)
class PassedRoles:
    """Built-in service roles that a holder of the level may hand to one service."""

    service: str
    """Service principal, e.g. `sagemaker.amazonaws.com`."""
    roles: tuple[str, ...]
    """Keys of service roles."""


@dataclass(frozen=True)
class BeyondProject:
    """Something the level grants outside the project's own resources, and why."""

    what: str
    why: str


@dataclass(frozen=True, eq=False)  # one object for each level, so identity is equality, and it can be a key
class Level:
    """One service at one level. Statements hold placeholders (`${Project}`, `${AWS::Partition}`, ...)."""

    service: str
    number: int
    name: str
    full: bool
    purpose: str
    typical_users: tuple[str, ...]
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    beyond_project: tuple[BeyondProject, ...]
    passes: tuple[PassedRoles, ...]
    sources: tuple[str, ...]
    statements: tuple[Mapping[str, Any], ...]

    @property
    def reference(self) -> str:
        """As a config names it by number: `level2`."""
        return f"level{self.number}"


@cache
def services() -> tuple[str, ...]:
    """The services that have levels, sorted."""
    return names_in("levels")


@cache
def levels_of(service: str) -> tuple[Level, ...]:
    """All levels of a service by number; none for an unknown service."""
    numbers = (int(name.removeprefix("level").removesuffix(".yaml")) for name in names_in(f"levels/{service}"))
    return tuple(_load(service, number) for number in sorted(numbers))


def find_level(service: str, reference: str) -> Level | None:
    """The level that a config names as `level2` or by its name (`project-buckets-only`)."""
    if f"{reference}.yaml" in names_in(f"levels/{service}"):
        return _load(service, int(reference.removeprefix("level")))
    return next((level for level in levels_of(service) if reference == level.name), None)


@cache
def _load(service: str, number: int) -> Level:
    return _level(load_yaml(f"levels/{service}/level{number}.yaml"))


def _level(raw: Mapping[str, Any]) -> Level:
    return Level(
        service=raw["service"],
        number=raw["level"],
        name=raw["name"],
        full=raw["full"],
        purpose=raw["purpose"],
        typical_users=tuple(raw["typical_users"]),
        can=tuple(raw["can"]),
        cannot=tuple(raw["cannot"]),
        beyond_project=tuple(BeyondProject(**one) for one in raw["beyond_project"]),
        passes=tuple(PassedRoles(one["service"], tuple(one["roles"])) for one in raw["passes"]),
        sources=tuple(raw["sources"]),
        statements=tuple(raw["statements"]),
    )
