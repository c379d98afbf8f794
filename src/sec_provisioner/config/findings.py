"""Collects what is wrong in a config while it is read, each finding with its place in the file."""

from __future__ import annotations

import re

from sec_provisioner.config import paths
from sec_provisioner.config.nodes import Document, Entry, Mapping, Node, Scalar, Sequence
from sec_provisioner.problem import Location, Problem, Severity

_LONGEST_SHOWN = 60
# No message ever repeats these values: logs and reports keep messages.
_SECRET = re.compile(r"(^|\.)external_id$")


def shown(value: str) -> str:
    """A value as a message repeats it: in backticks, on one line, not too long."""
    line = value.encode("unicode_escape").decode("ascii") if not value.isprintable() else value
    return f"`{line[:_LONGEST_SHOWN]}...`" if len(line) > _LONGEST_SHOWN else f"`{line}`"


def is_secret(path: str) -> bool:
    """Whether the value at this place must not be repeated anywhere."""
    return _SECRET.search(path) is not None


class Findings:
    """Problems in the order they are found; `paths` knows which places have one already."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.paths: set[str] = set()

    def error(self, id_: str, path: str, message: str, hint: str, where: Location | None = None) -> None:
        """An error at a dotted path; without `where` it stands at the nearest part that the file has."""
        where = where or self.document.nearest_location(path)
        self.problems.append(Problem(id_, Severity.ERROR, message, hint, where, path))
        self.paths.add(path)

    def wrong_type(self, node: Node, path: str, expected: str, hint: str = "") -> None:
        """The node is no `expected`; returns None, which stands for the value from then on."""
        message = f"`{path or 'the config'}` must be {expected}, not {_kind(node, path)}"
        where = self.document.at(node.mark)
        self.error("wrong-type", path, message, hint or _HINTS.get(expected, ""), where)

    def unknown_key(self, key: str, entry: Entry, path: str, hint: str) -> None:
        """A key that means nothing here."""
        message = f"unknown key {shown(key)} in {_section(path)}"
        self.error("unknown-key", paths.child(path, key), message, hint, self.document.at(entry.mark))

    def missing(self, path: str, key: str, hint: str) -> None:
        """A key that must be there."""
        message = f"`{key}` is missing in {_section(path)}"
        self.error("missing-key", paths.child(path, key), message, hint)

    def unquoted_number(self, node: Scalar, path: str) -> None:
        """A text that other readers of YAML take for a number: `012` may become 10 there."""
        value = "the value" if is_secret(path) else shown(node.text)
        hint = "Put it in quotes." if is_secret(path) else f'Write "{node.text[:_LONGEST_SHOWN]}".'
        message = f"{value} is text here, but other YAML tools take it for a number and change its digits"
        where = self.document.at(node.mark)
        self.problems.append(Problem("unquoted-number", Severity.WARNING, message, hint, where, path))


_HINTS = {
    "a list": "Write `[one, two]`, or one item a line after `- `; an empty list is `[]`.",
    "a mapping": "Write `key: value` lines below it; an empty mapping is `{}`, or leave the key out.",
    "text": "Write one text.",
}


def _section(path: str) -> str:
    return f"`{path}`" if path else "the config"


def _kind(node: Node, path: str) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if node.plain and not node.text:
        return "empty"
    if is_secret(path):
        return "this"
    return shown(node.text) if node.plain else f"the quoted text {shown(node.text)}"
