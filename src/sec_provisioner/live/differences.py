"""Two values of one property -> the places where they differ, as a person would name them.

    Policies[permissions].PolicyDocument.Statement[ReadBuckets].Action: [...] -> [...]

Statements are told apart by Sid, inline policies by name, tags by key: a statement that moved is not a change, and
one that got another Sid is a change of its Sid alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sec_provisioner.iam.document import without_sid

# What tells the items of a list apart, in the order in which it is looked for.
_IDENTIFIERS = ("Sid", "PolicyName", "Key")


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One place that changes; None stands for "not there"."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[PropertyChange]:
    """Where two values differ, in the order of the keys; the same values yield nothing."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif _is_list(before) and _is_list(after):
        yield from _list_differences(before, after, path)
    else:
        yield PropertyChange(path, before, after)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _list_differences(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[PropertyChange]:
    key = _identifier(before, after)
    if key is None:
        if _as_set(before) != _as_set(after):
            yield PropertyChange(path, before, after)
        return
    old, new = ({one[key]: one for one in every} for every in (before, after))
    renamed = _renamed(old, new) if key == "Sid" else {}
    for name in dict.fromkeys((*old, *new)):
        if name in renamed:
            yield PropertyChange(f"{path}[{name}].Sid", name, renamed[name])
        elif name not in renamed.values():
            yield from differences(old.get(name), new.get(name), f"{path}[{name}]")


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Old Sid -> new one, of statements that differ in nothing else."""
    found: dict[str, str] = {}
    for name, one in old.items():
        if name in new:
            continue
        twins = (each for each in new if each not in old and each not in found.values())
        twin = next((each for each in twins if without_sid(new[each]) == without_sid(one)), None)
        if twin is not None:
            found[name] = twin
    return found


def _identifier(before: Sequence[Any], after: Sequence[Any]) -> str | None:
    """The key by which both lists' items can be told apart, each exactly."""
    for key in _IDENTIFIERS:
        if all(_has_distinct(key, every) for every in (before, after)):
            return key
    return None


def _has_distinct(key: str, items: Sequence[Any]) -> bool:
    names = [one.get(key) if isinstance(one, Mapping) else None for one in items]
    return all(isinstance(one, str) for one in names) and len(set(names)) == len(names)


def _as_set(items: Sequence[Any]) -> Any:
    """Lists of text mean sets in IAM (actions, resources, ARNs); others keep their order."""
    return frozenset(items) if all(isinstance(one, str) for one in items) else list(items)
