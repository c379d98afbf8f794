"""What a YAML text holds, with the place of each part: scalars keep the characters of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sec_provisioner.config import paths
from sec_provisioner.problem import Location


class Mark(NamedTuple):
    """A place in the text; line and column count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar:
    """Text as written; `plain` where it stands without quotes, so that YAML may read it as null or a number."""

    mark: Mark
    text: str
    plain: bool


@dataclass(slots=True)
class Entry:
    """One key of a mapping: where the key stands, and its value."""

    mark: Mark
    value: Node


@dataclass(slots=True)
class Mapping:
    """Keys in the order of the file, each once."""

    mark: Mark
    entries: dict[str, Entry] = field(default_factory=dict)


@dataclass(slots=True)
class Sequence:
    """A list."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


Node = Scalar | Mapping | Sequence


@dataclass(frozen=True)
class Document:
    """One YAML document of a file. Parts that an alias repeats stand where the anchor is."""

    file: str
    root: Mapping

    def node(self, path: str) -> Node | None:
        """The value at a dotted path."""
        found = self._find(path)
        return found[1] if found else None

    def location(self, path: str) -> Location | None:
        """Where the value at a dotted path begins: a scalar or list item itself, else the key that names it."""
        found = self._find(path)
        if found is None:
            return None
        key, value = found
        return self.at(key if key is not None and not isinstance(value, Scalar) else value.mark)

    def key_location(self, path: str) -> Location | None:
        """Where the key at a dotted path stands; of a list item the item itself."""
        found = self._find(path)
        if found is None:
            return None
        key, value = found
        return self.at(key or value.mark)

    def nearest_location(self, path: str) -> Location:
        """`location`, or that of the nearest part around it that the file has: a default is written nowhere."""
        while path:
            found = self.location(path)
            if found is not None:
                return found
            path = paths.parent(path)
        return self.at(self.root.mark)

    def at(self, mark: Mark) -> Location:
        """A place in this file."""
        return Location(self.file, mark.line, mark.column)

    def _find(self, path: str) -> tuple[Mark | None, Node] | None:
        steps = paths.steps(path)
        if steps is None:
            return None
        key: Mark | None = None
        node: Node = self.root
        for step in steps:
            if isinstance(node, Mapping) and isinstance(step, str) and step in node.entries:
                entry = node.entries[step]
                key, node = entry.mark, entry.value
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                key, node = None, node.items[step]
            else:
                return None
        return key, node
