"""Rules of power: no level below full writes by wildcard, hands over roles, or opens anything to others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from support.iam_facts import Action, matching
from support.level_files import LevelFile, case, filled
from support.level_statements import Statement, granted


def no_bare_wildcard(level: LevelFile) -> Iterator[str]:
    """Below full, no action is `*` or `service:*`; at full, one is."""
    bare = [pattern for one in level.statements for pattern in one["Action"] if re.fullmatch(r"\*|[^:]*:\*+", pattern)]
    if level.is_full and not bare:
        yield "full without a service's `*`"
    if not level.is_full:
        yield from (f"{pattern} below full" for pattern in bare)


def wildcards_only_read(level: LevelFile) -> Iterator[str]:
    """Below full, what a wildcard grants is List and Read, and nothing that returns content or acts."""
    kept_out = set(case("not-by-wildcard"))
    for one in level.statements if not level.is_full else ():
        resources = [filled(resource) for resource in one["Resource"]]
        for pattern in filter(_has_wildcard, one["Action"]):
            for action in matching(pattern):
                if any(map(action.accepts, resources)) and not action.only_reads:
                    yield f"{pattern} grants {action.name}, which writes"
                if any(map(action.accepts, resources)) and action.name in kept_out:
                    yield f"{pattern} grants {action.name}, which has to be written out"


def passes_no_role(level: LevelFile) -> Iterator[str]:
    """iam:PassRole is in no level: it follows from `passes` and names the roles."""
    for one in level.statements:
        for pattern in one["Action"]:
            if any(action.name == "iam:PassRole" for action in _matching_anything(pattern)):
                yield f"{one['Sid']}: {pattern} passes roles"


def opens_nothing(level: LevelFile) -> Iterator[str]:
    """Below full, nothing is made public or shared, no resource policy, key, identity or secret is touched."""
    never = {name: why for why, names in case("never-below-full")["actions"].items() for name in names}
    guarded = case("never-below-full")["only_with_condition"]
    for pattern in _patterns_below_full(level):
        for action in matching(pattern):
            if action.name in never:
                yield f"{action.name} {never[action.name]}"
            elif "Permissions management" in action.access_levels and action.name not in guarded:
                yield f"{action.name} manages permissions"
            if _is_of_closed_service(action):
                yield f"{action.name} is of a service that no level below full touches"


def sharp_actions_are_guarded(level: LevelFile) -> Iterator[str]:
    """Below full, actions that open something but for a condition have exactly that condition."""
    guarded = case("never-below-full")["only_with_condition"]
    for one in level.statements if not level.is_full else ():
        for action in granted(one):
            for operator, keys in guarded.get(action.name, {}).items():
                for key, values in keys.items():
                    if _values(one, operator, key) != {*values}:
                        yield f"{one['Sid']}: {action.name} without {operator} on {key}"


def _has_wildcard(pattern: str) -> bool:
    return bool({"*", "?"} & {*pattern})


def _matching_anything(pattern: str) -> Iterable[Action]:
    return matching("iam:*") if pattern == "*" else matching(pattern)


def _patterns_below_full(level: LevelFile) -> list[str]:
    return [] if level.is_full else [pattern for one in level.statements for pattern in one["Action"]]


def _values(statement: Statement, operator: str, key: str) -> set[str]:
    """The values of one test of a statement's condition, one text or a list of them; none where it is not there."""
    found = statement.get("Condition", {}).get(operator, {}).get(key, [])
    return {found} if isinstance(found, str) else {*found}


def _is_of_closed_service(action: Action) -> bool:
    service, _, name = action.name.partition(":")
    closed = case("never-below-full")["services"]
    return service in closed and name not in closed[service]
