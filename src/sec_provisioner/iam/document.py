"""Policy documents as values: IAM's JSON in, frozen statements out.

Reading is strict: whoever evaluates a `Statement` may rely on having all of it. What is wrong with a document that
can't be read is said by the grammar checks, all at once.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

# What a document without a Version counts as: without policy variables.
OLD_VERSION = "2008-10-17"
VERSION = "2012-10-17"
VERSIONS = (VERSION, OLD_VERSION)
PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")

STATEMENT_KEYS = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)
DOCUMENT_KEYS = ("Version", "Id", "Statement")

Path = tuple[str | int, ...]


class MalformedDocumentError(ValueError):
    """A document that is not IAM's grammar. `path` leads to the place, `reason` says what is wrong there."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{'.'.join(map(str, path)) or 'the document'} {reason}")
        self.path = path
        self.reason = reason


class Effect(StrEnum):
    """What a statement does when it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Selection:
    """Action or Resource (`negated`: their Not twins), as patterns in the way they were written."""

    patterns: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal: its kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) and value. A bare `*` is AWS `*`."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Principals:
    """Principal (`negated`: NotPrincipal)."""

    members: tuple[Principal, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator over one key. A statement applies when all its conditions hold; the values are alternatives."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `resource` is None in trust policies, `principal` in identity policies."""

    effect: Effect
    action: Selection
    resource: Selection | None = None
    principal: Principals | None = None
    conditions: tuple[Condition, ...] = ()
    sid: str | None = None
    index: int = field(default=0, compare=False)
    """Position in the document that it was read from."""

    @classmethod
    def parse(cls, value: Any, index: int = 0) -> Self:
        """Read a statement from IAM's JSON.

        Raises:
            MalformedDocumentError: it does not follow the grammar; the path begins inside the statement.
        """
        body = _mapping(value, ())
        _refuse_unknown(body, STATEMENT_KEYS)
        return cls(
            effect=_effect(body),
            action=_action(body),
            resource=_selection(body, "Resource"),
            principal=_principals(body),
            conditions=tuple(_conditions(body.get("Condition", {}))),
            sid=_optional_text(body, "Sid"),
            index=index,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document."""

    statements: tuple[Statement, ...]
    version: str = OLD_VERSION
    id: str | None = None

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read a document from IAM's JSON (as parsed, not as text).

        Raises:
            MalformedDocumentError: it does not follow the grammar.
        """
        body = _mapping(value, ())
        _refuse_unknown(body, DOCUMENT_KEYS)
        version = body.get("Version", OLD_VERSION)
        if version not in VERSIONS:
            raise MalformedDocumentError(("Version",), f"must be one of {', '.join(VERSIONS)}")
        return cls(tuple(_statements(body)), version, _optional_text(body, "Id"))

    @property
    def has_variables(self) -> bool:
        """Whether `${...}` means something in this document: only in the newer version."""
        return self.version == VERSION


def statement_values(document: Mapping[str, Any]) -> list[Any]:
    """The statements of a document as they stand, whether it is one or a list."""
    return as_list(document.get("Statement", []))


def without_sid(statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement as it stands, but for its name."""
    return {key: value for key, value in statement.items() if key != "Sid"}


def as_list(value: Any) -> list[Any]:
    """IAM takes one value wherever it takes a list."""
    return value if isinstance(value, list) else [value]


def _statements(body: Mapping[str, Any]) -> Iterator[Statement]:
    if "Statement" not in body:
        raise MalformedDocumentError((), "has no Statement")
    for index, value in enumerate(statement_values(body)):
        try:
            yield Statement.parse(value, index)
        except MalformedDocumentError as error:
            raise MalformedDocumentError(("Statement", index, *error.path), error.reason) from None


def _mapping(value: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedDocumentError(path, "must be an object")
    return value


def _refuse_unknown(body: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in body:
        if key not in known:
            raise MalformedDocumentError((key,), "is no element of a policy")


def _effect(body: Mapping[str, Any]) -> Effect:
    value = body.get("Effect")
    if value not in ("Allow", "Deny"):
        raise MalformedDocumentError(("Effect",), "must be Allow or Deny")
    return Effect(value)


def _action(body: Mapping[str, Any]) -> Selection:
    found = _selection(body, "Action")
    if found is None:
        raise MalformedDocumentError((), "has neither Action nor NotAction")
    return found


def _selection(body: Mapping[str, Any], element: str) -> Selection | None:
    name = _present(body, element)
    if name is None:
        return None
    return Selection(_texts(body[name], (name,)), negated=name != element)


def _present(body: Mapping[str, Any], element: str) -> str | None:
    """Which of an element and its `Not` twin is there."""
    names = [name for name in (element, f"Not{element}") if name in body]
    if len(names) > 1:
        raise MalformedDocumentError((names[1],), f"stands beside {element}")
    return names[0] if names else None


def _texts(value: Any, path: Path) -> tuple[str, ...]:
    values = as_list(value)
    for index, one in enumerate(values):
        if not isinstance(one, str):
            raise MalformedDocumentError((*path, index), "must be text")
    if not values:
        raise MalformedDocumentError(path, "is empty")
    return tuple(values)


def _optional_text(body: Mapping[str, Any], key: str) -> str | None:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise MalformedDocumentError((key,), "must be text")
    return value


def _principals(body: Mapping[str, Any]) -> Principals | None:
    name = _present(body, "Principal")
    if name is None:
        return None
    members = (Principal("AWS", "*"),) if body[name] == "*" else tuple(_members(body[name], (name,)))
    return Principals(members, negated=name != "Principal")


def _members(value: Any, path: Path) -> Iterator[Principal]:
    by_kind = _mapping(value, path)
    if not by_kind:
        raise MalformedDocumentError(path, "is empty")
    for kind, values in by_kind.items():
        if kind not in PRINCIPAL_KINDS:
            raise MalformedDocumentError((*path, kind), "is no kind of principal")
        for one in _texts(values, (*path, kind)):
            yield Principal(kind, one)


def _conditions(value: Any) -> Iterator[Condition]:
    for operator, keys in _mapping(value, ("Condition",)).items():
        for key, values in _mapping(keys, ("Condition", operator)).items():
            path: Path = ("Condition", operator, key)
            yield Condition(operator, key, tuple(_scalar(one, path) for one in as_list(values)))


def _scalar(value: Any, path: Path) -> str:
    """Condition values are text to IAM: `true` and `"true"`, 5 and `"5"` are the same."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise MalformedDocumentError(path, "must be text, a number or a boolean")
