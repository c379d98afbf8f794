"""Where the statements of a policy stand in its text: line and column, both from 1.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_Position.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import WHITESPACE  # type: ignore[attr-defined]  # it is there; its types do not say so
from typing import Any

_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True)
class Position:
    """A place in a text."""

    line: int
    column: int


def positions_of(text: str) -> list[tuple[Position, Position]]:
    """Where each statement begins and where it ends, in order."""
    return [(_position(text, start), _position(text, end)) for start, end in _statements(text)]


def _statements(text: str) -> Iterator[tuple[int, int]]:
    for name, start, end in _members(text):
        if name == "Statement":
            yield from _items(text, start) if text[start] == "[" else [(start, end)]


def _members(text: str) -> Iterator[tuple[Any, int, int]]:
    """The members of an object: name, and where the value begins and ends."""
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        name, at = _decode(text, at)
        start = _skip(text, _skip(text, at) + 1)
        _, end = _decode(text, start)
        yield name, start, end
        at = _past_comma(text, end)


def _items(text: str, start: int) -> Iterator[tuple[int, int]]:
    at = _skip(text, start + 1)
    while text[at] != "]":
        _, end = _decode(text, at)
        yield at, end
        at = _past_comma(text, end)


def _past_comma(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    return int(WHITESPACE.match(text, at).end())


def _position(text: str, offset: int) -> Position:
    before = text[:offset]
    return Position(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
