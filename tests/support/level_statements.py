"""What the rules of policy levels share: how to look into a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from support.iam_facts import Action, matching

Statement = Mapping[str, Any]

NEED_NOT_HOLD = re.compile(r"Not|IfExists$|^ForAllValues:")
"""Operators that are true where the key is missing."""
PROJECT = re.compile(r"\$\{Project(Underscored)?\}")


def texts(value: Any) -> Iterator[Any]:
    """Every leaf and every key of a value."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield key
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    else:
        yield value


def granted(statement: Statement) -> list[Action]:
    """Every action that a statement's patterns match."""
    return [action for pattern in statement["Action"] for action in matching(pattern)]
