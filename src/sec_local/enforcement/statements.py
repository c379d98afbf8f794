"""Policy documents as values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sec_local.enforcement.conditions import Condition
from sec_local.enforcement.context import Context
from sec_local.enforcement.patterns import matches, matches_resource, tokens_of
from sec_local.enforcement.variables import fill, keys_in

_OLD_VERSION = "2008-10-17"
"""What a document without a version means."""

Kind = Literal["user", "group", "role", "aws-managed", "user-managed", "resource", "none"]
"""Where a policy comes from, in the words of IAM's Simulate calls."""


@dataclass(frozen=True)
class Request:
    """May this action be done on this resource? `resource` is an ARN, or `*` for what has none."""

    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class Statement:
    """One statement. Of each pair (`actions`, `is_not_action`) the second says that it is the Not element."""

    effect: Literal["Allow", "Deny"]
    actions: tuple[str, ...]
    is_not_action: bool
    resources: tuple[str, ...]
    is_not_resource: bool
    principal: Any
    """The Principal or NotPrincipal element as it is; None in identity policies."""
    is_not_principal: bool
    conditions: tuple[Condition, ...]
    version: str
    index: int
    """Its place in the document, from 0."""

    def matches(self, request: Request) -> bool:
        """Action, resource and conditions; the principal is another question."""
        return (
            self._names_action(request.action) != self.is_not_action
            and self._names_resource(request) != self.is_not_resource
            and all(condition.holds(request.context) for condition in self.conditions)
        )

    def _names_action(self, action: str) -> bool:
        return any(matches(tokens_of(one), action, ignore_case=True) for one in self.actions)

    def _names_resource(self, request: Request) -> bool:
        filled = (fill(one, request.context, self.version) for one in self.resources)
        return any(one is not None and matches_resource(one, request.resource) for one in filled)

    def asked_keys(self) -> set[str]:
        """The condition keys that it asks for, in its conditions and its variables."""
        texts = [*self.resources, *(value for condition in self.conditions for value in condition.values)]
        return {condition.key for condition in self.conditions} | {key for text in texts for key in keys_in(text)}


@dataclass(frozen=True)
class Policy:
    """A document and where it comes from."""

    source: str
    """Its name, or its ARN."""
    kind: Kind
    text: str

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements, in order."""
        return parse(self.text)


@lru_cache(maxsize=2048)
def parse(text: str) -> tuple[Statement, ...]:
    """The statements of a document.

    Raises:
        ValueError: it is no JSON object.
    """
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("a policy is a JSON object")  # noqa: TRY004 - it is bad input, whatever its type
    version = str(document.get("Version", _OLD_VERSION))
    return tuple(_statement(one, version, index) for index, one in enumerate(_listed(document.get("Statement", []))))


def _statement(one: dict[str, Any], version: str, index: int) -> Statement:
    is_resource_stated = "Resource" in one or "NotResource" in one
    return Statement(
        effect=one["Effect"],
        actions=_texts(one.get("NotAction", one.get("Action", []))),
        is_not_action="NotAction" in one,
        # A trust policy names no resource: it is about the role that it belongs to.
        resources=_texts(one.get("NotResource", one.get("Resource"))) if is_resource_stated else ("*",),
        is_not_resource="NotResource" in one,
        principal=one.get("NotPrincipal", one.get("Principal")),
        is_not_principal="NotPrincipal" in one,
        conditions=tuple(_conditions(one.get("Condition") or {}, version)),
        version=version,
        index=index,
    )


def _conditions(block: dict[str, Any], version: str) -> Iterator[Condition]:
    for operator, keys in block.items():
        for key, values in keys.items():
            yield Condition(operator, key, _texts(values), version)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> tuple[str, ...]:
    """JSON's true and 1 are the texts `true` and `1`."""
    return tuple(one if isinstance(one, str) else json.dumps(one) for one in _listed(value))
