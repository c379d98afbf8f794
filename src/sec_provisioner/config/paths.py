"""Dotted places in a config: `security.iam_groups.data_scientists.statements[0].Action[1]`.

A key that itself holds a dot or a bracket stands in brackets and quotes: `tags["cost.center"]`.
"""

from __future__ import annotations

import json
import re

_PLAIN_KEY = re.compile(r"[^\s.\[\]\"]+")
_STEP = re.compile(r'\.?(?P<key>[^\s.\[\]"]+)|\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]')


def child(path: str, key: str) -> str:
    """The place of `key` in the mapping at `path`; an empty path is the whole config."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def item(path: str, index: int) -> str:
    """The place of the list item with this index, counted from 0."""
    return f"{path}[{index}]"


def parent(path: str) -> str:
    """The place that holds this one; of a top-level key the empty path."""
    ends = [match.start() for match in _STEP.finditer(path)]
    return path[: ends[-1]] if ends else ""


def steps(path: str) -> tuple[str | int, ...] | None:
    """Keys and list indexes on the way from the top, or None where `path` is no such place."""
    found: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return None
        found.append(_step(match))
        position = match.end()
    return tuple(found)


def _step(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    if match["quoted"] is not None:
        return str(json.loads(match["quoted"]))
    return match["key"]


def is_within(path: str, prefix: str) -> bool:
    """Whether `path` is `prefix` or lies under it; `a.bc` does not lie under `a.b`."""
    return path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", ".", "["}
