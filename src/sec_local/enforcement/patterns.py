"""Text with wildcards: `*` for any characters, `?` for one. How far they reach depends on where the pattern stands.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

_LAST_FIELD = 5
"""An ARN has six fields: this is the index of the one that may itself hold colons."""


class Wildcard(Enum):
    """What is not literal."""

    MANY = "*"
    ONE = "?"


Tokens = tuple[str | Wildcard, ...]
"""Literal texts and wildcards, in order. A `*` that is meant literally is a text."""


def tokens_of(text: str) -> Tokens:
    """A pattern as it is written."""
    parts = (part for part in re.split(r"([*?])", text) if part)
    return tuple(Wildcard(part) if part in ("*", "?") else part for part in parts)


def literal(tokens: Tokens) -> str:
    """The pattern where wildcards mean nothing."""
    return "".join(token.value if isinstance(token, Wildcard) else token for token in tokens)


def matches(tokens: Tokens, text: str, *, ignore_case: bool = False) -> bool:
    """Plain text: wildcards match any character."""
    return _plain(tokens, ignore_case).fullmatch(text) is not None


def matches_resource(tokens: Tokens, arn: str) -> bool:
    """A Resource element: a `*` at the end of a field reaches past it, one amid a field does not.

    Fields that are left out match anything.
    """
    return _resource(tokens).fullmatch(arn) is not None


def matches_arn(tokens: Tokens, arn: str) -> bool:
    """The ARN operators: each of the six fields by itself. What is no ARN matches nothing."""
    if arn.count(":") < _LAST_FIELD or not arn.startswith("arn:"):
        return False
    return tokens == (Wildcard.MANY,) or _arn(tokens).fullmatch(arn) is not None


@lru_cache(maxsize=4096)
def _plain(tokens: Tokens, ignore_case: bool) -> re.Pattern[str]:
    wild = {Wildcard.MANY: ".*", Wildcard.ONE: "."}
    parts = (wild[token] if isinstance(token, Wildcard) else re.escape(token) for token in tokens)
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


@lru_cache(maxsize=4096)
def _resource(tokens: Tokens) -> re.Pattern[str]:
    parts, fields = [], 0
    for index, (token, field) in enumerate(_by_field(tokens)):
        following = tokens[index + 1 : index + 2]
        ends_field = not following or (isinstance(following[0], str) and following[0].startswith(":"))
        parts.append(_in_field(token, field, reaches_on=ends_field))
        fields = field + (token.count(":") if isinstance(token, str) else 0)
    if fields < _LAST_FIELD and tokens[-1:] != (Wildcard.MANY,):
        parts.append(":.*")
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=4096)
def _arn(tokens: Tokens) -> re.Pattern[str]:
    parts = (_in_field(token, field, reaches_on=False) for token, field in _by_field(tokens))
    return re.compile("".join(parts), re.DOTALL)


def _by_field(tokens: Tokens) -> Iterator[tuple[str | Wildcard, int]]:
    """Each token, and the index of the ARN field in which it begins."""
    field = 0
    for token in tokens:
        yield token, field
        field += token.count(":") if isinstance(token, str) else 0


def _in_field(token: str | Wildcard, field: int, *, reaches_on: bool) -> str:
    if isinstance(token, str):
        return re.escape(token)
    if token is Wildcard.ONE:
        return "." if field >= _LAST_FIELD else "[^:]"
    return ".*" if reaches_on or field >= _LAST_FIELD else "[^:]*"
