"""`invalid-value`: an Effect that is neither Allow nor Deny, a number where text belongs, an empty list.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding, raw_statements
from sec_provisioner.iam.document import PRINCIPAL_KINDS, Path, as_list, statement_values
from sec_provisioner.problem import Severity


def _find(document: Any, _context: Context) -> Iterator[Finding]:
    if not isinstance(document, Mapping):
        yield Finding((), "A policy document is an object with Version and Statement.")
        return
    yield from _text_or_nothing(("Id",), document.get("Id"))
    if "Statement" in document and document["Statement"] == []:
        yield Finding(("Statement",), "The list of statements is empty.")
    for index, statement in enumerate(statement_values(document)):
        if not isinstance(statement, Mapping):
            yield Finding(("Statement", index), "A statement is an object with Effect, Action and so on.")
    for path, statement in raw_statements(document):
        for element, check in _BY_ELEMENT.items():
            if element in statement:
                yield from check((*path, element), statement[element])


def _effect(path: Path, value: Any) -> Iterator[Finding]:
    if value not in ("Allow", "Deny"):
        hint = f"Did you mean {value.capitalize()}?" if str(value).lower() in ("allow", "deny") else ""
        yield Finding(path, f"Effect is {value!r}; it must be Allow or Deny.", hint)


def _text_or_nothing(path: Path, value: Any) -> Iterator[Finding]:
    if value is not None and not isinstance(value, str):
        yield Finding(path, f"{path[-1]} must be text, not {value!r}.")


def _texts(path: Path, value: Any) -> Iterator[Finding]:
    if value == []:
        yield Finding(path, f"{path[-1]} is an empty list.", "Name at least one value, or remove the statement.")
    for index, one in enumerate(as_list(value)):
        if not isinstance(one, str):
            yield Finding((*path, index), f"{path[-1]} must be text, not {one!r}.")


def _principal(path: Path, value: Any) -> Iterator[Finding]:
    if value == "*":
        return
    if not isinstance(value, Mapping) or not value:
        hint = 'For example {"Service": "lambda.amazonaws.com"} or {"AWS": "arn:aws:iam::123456789012:root"}.'
        yield Finding(path, f"{path[-1]} is {value!r}; it must be '*' or name principals by kind.", hint)
        return
    for kind in PRINCIPAL_KINDS:
        if kind in value:
            yield from _texts((*path, kind), value[kind])


def _condition(path: Path, value: Any) -> Iterator[Finding]:
    if not isinstance(value, Mapping):
        yield Finding(path, "Condition must be an object: operator, then key, then value.")
        return
    for operator, keys in value.items():
        if not isinstance(keys, Mapping):
            yield Finding((*path, operator), f"{operator} must hold condition keys with their values.")
            continue
        for key, values in keys.items():
            yield from _condition_values((*path, operator, key), values)


def _condition_values(path: Path, values: Any) -> Iterator[Finding]:
    if values == []:
        yield Finding(path, f"The condition on {path[-1]} has no values.")
    for index, one in enumerate(as_list(values)):
        if not isinstance(one, str | bool | int | float):
            yield Finding((*path, index), f"A value for {path[-1]} must be text, a number or a boolean, not {one!r}.")


_BY_ELEMENT: dict[str, Callable[[Path, Any], Iterator[Finding]]] = {
    "Sid": _text_or_nothing,
    "Effect": _effect,
    "Principal": _principal,
    "NotPrincipal": _principal,
    "Action": _texts,
    "NotAction": _texts,
    "Resource": _texts,
    "NotResource": _texts,
    "Condition": _condition,
}

CHECK = Check("invalid-value", Severity.ERROR, _find)
