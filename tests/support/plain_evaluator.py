"""Whether statements that only allow let a request through: slow and plain, for checking policy data.

It knows the operators that the policy levels use and refuses every other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Context = Mapping[str, str | list[str]]


def is_allowed(statements: Iterable[Mapping[str, Any]], action: str, resource: str, context: Context) -> bool:
    """One statement has to match in action, resource and every condition."""
    return any(_matches(one, action, resource, {key.lower(): context[key] for key in context}) for one in statements)


def _matches(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    assert statement["Effect"] == "Allow"
    return (
        any(_like(pattern.lower(), action.lower()) for pattern in statement["Action"])
        and any(_like(pattern, resource) for pattern in statement["Resource"])
        and all(
            _holds(operator, _listed(wanted), context.get(key.lower()), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, wanted: list[str], given: str | list[str] | None, context: Context) -> bool:
    name = operator.removeprefix("ForAllValues:").removesuffix("IfExists")
    if given is None:
        return operator.startswith("ForAllValues:") or operator.endswith("IfExists")
    values = [_filled(value, context) for value in wanted]
    return all(_one_holds(name, values, one) for one in _listed(given))


def _one_holds(name: str, wanted: list[str], given: str) -> bool:
    if name == "StringEquals":
        return given in wanted
    if name in ("StringLike", "ArnLike", "ArnEquals"):
        return any(_like(pattern, given) for pattern in wanted)
    if name == "StringNotEqualsIgnoreCase":
        return given.lower() not in {one.lower() for one in wanted}
    raise NotImplementedError(name)


def _filled(value: str, context: Context) -> str:
    return value.replace("${aws:userid}", str(context.get("aws:userid", "")))


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text) is not None
