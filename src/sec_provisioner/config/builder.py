"""YAML events -> nodes, without recursion, so that no nesting can exhaust the stack.

Counted as they come: values (with every alias written out) and levels, so that a hostile file ends early.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import yaml

from sec_provisioner.config.nodes import Entry, Mapping, Mark, Node, Scalar, Sequence
from sec_provisioner.problem import Location, Problem, Severity

# Far above any config (500 resources are all that one stack holds), far below what takes noticeable time.
MAX_VALUES = 50_000
MAX_DEPTH = 50

_HARMLESS_TAGS = {"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class UnreadableError(Exception):
    """Ends the reading of a file: what follows would make no sense."""

    def __init__(self, id_: str, message: str, hint: str, where: Location) -> None:
        super().__init__(message)
        self.problem = Problem(id_, Severity.ERROR, message, hint, where)


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being filled."""

    node: Mapping | Sequence
    anchor: str | None
    size_before: int
    height: int = 1
    key: Scalar | None = None


@dataclass(slots=True)
class _Anchored:
    """A node that aliases may repeat, with its size and height when every alias in it is written out."""

    node: Node
    size: int
    height: int


class Builder:
    """Puts nodes together from events. `problems` collects what does not stop the reading."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._size = 0
        self._aliases = 0
        self._root: Node | None = None

    def build(self, text: str) -> Mapping:
        """The top mapping of the only document in the text."""
        documents = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._second_document(event)
                    break
            self._take(event)
        return self._top()

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._tag(event)
            plain = bool(event.implicit[0])
            self._add(Scalar(_mark(event), event.value, plain), event.anchor, 1, 1)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Mapping(_mark(event)), event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Sequence(_mark(event)), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._stack.pop()
            self._place(frame.node, frame.anchor, self._size - frame.size_before, frame.height)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _open(self, node: Mapping | Sequence, event: yaml.NodeEvent) -> None:
        self._tag(event)
        self._stack.append(_Frame(node, event.anchor, self._size))
        self._grow(1, node.mark)
        self._check_depth(len(self._stack), node.mark)

    def _add(self, node: Node, anchor: str | None, size: int, height: int) -> None:
        self._grow(size, node.mark)
        self._place(node, anchor, size, height)

    def _place(self, node: Node, anchor: str | None, size: int, height: int) -> None:
        """Put a finished node where it belongs."""
        if anchor:
            self._anchors[anchor] = _Anchored(node, size, height)
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        frame.height = max(frame.height, height + 1)
        if isinstance(frame.node, Sequence):
            frame.node.items.append(node)
        elif frame.key is None:
            frame.key = self._key(node)
        else:
            self._entry(frame.node, frame.key, node)
            frame.key = None

    def _entry(self, mapping: Mapping, key: Scalar, value: Node) -> None:
        first = mapping.entries.get(key.text)
        if first is None:
            mapping.entries[key.text] = Entry(key.mark, value)
            return
        message = f"the key `{key.text}` stands here a second time; the first is on line {first.mark.line}"
        self._report("duplicate-key", message, "Keep one of the two.", key.mark)

    def _key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self._stop("key-not-text", "a key must be text, not a list or mapping", "Write `key: value`.", node.mark)
        if node.plain and node.text == "<<":
            hint = "Write the keys out; an alias as a whole value (`key: *name`) does work."
            self._report("merge-key", "merge keys (`<<`) are not supported", hint, node.mark)
        return node

    def _alias(self, event: yaml.AliasEvent) -> None:
        mark, name = _mark(event), str(event.anchor)
        target = self._anchors.get(name)
        if target is None:
            self._stop_at_unknown_alias(name, mark)
        self._aliases += 1
        self._check_depth(len(self._stack) + target.height, mark)
        self._grow(target.size, mark)
        self._place(target.node, None, target.size, target.height)

    def _stop_at_unknown_alias(self, anchor: str, mark: Mark) -> NoReturn:
        if any(frame.anchor == anchor for frame in self._stack):
            message = f"`*{anchor}` repeats the part that it stands in, without end"
            self._stop("alias-bomb", message, "Write out what is meant.", mark)
        message = f"nothing above is marked `&{anchor}`"
        hint = "Mark the part to repeat with it, or quote the value if it is meant to begin with `*`."
        self._stop("unknown-alias", message, hint, mark)

    def _grow(self, size: int, mark: Mark) -> None:
        self._size += size
        if self._size <= MAX_VALUES:
            return
        if self._aliases:
            message = f"the aliases expand to more than {MAX_VALUES:,} values"
            self._stop("alias-bomb", message, "Write out what is meant.", mark)
        self._stop(
            "too-many-values", f"the file holds more than {MAX_VALUES:,} values", "Is this the right file?", mark
        )

    def _check_depth(self, depth: int, mark: Mark) -> None:
        if depth > MAX_DEPTH:
            self._stop("too-deep", f"more than {MAX_DEPTH} levels inside each other", "Is this the right file?", mark)

    def _tag(self, event: yaml.NodeEvent) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag not in _HARMLESS_TAGS:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._report("yaml-tag", f"the tag `{shown}` has no meaning in a config", "Leave it out.", _mark(event))

    def _second_document(self, event: yaml.Event) -> None:
        hint = "One file holds one config: delete from `---` on, or move it to a file of its own."
        self._report("second-document", "a second YAML document begins here", hint, _mark(event))

    def _top(self) -> Mapping:
        root = self._root
        if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
            hint = "`sec-provisioner init-config` makes a config to start from."
            self._stop("empty-file", "the file is empty", hint, Mark(1, 1))
        if not isinstance(root, Mapping):
            message = "a config is a mapping of sections (`client:`, `environment:`, ...), not a list or a single value"
            self._stop("not-a-mapping", message, "`sec-provisioner init-config` makes one to start from.", root.mark)
        return root

    def _report(self, id_: str, message: str, hint: str, mark: Mark) -> None:
        self.problems.append(Problem(id_, Severity.ERROR, message, hint, Location(self.file, *mark)))

    def _stop(self, id_: str, message: str, hint: str, mark: Mark) -> NoReturn:
        raise UnreadableError(id_, message, hint, Location(self.file, *mark))


def _mark(event: yaml.Event) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1) if start else Mark(1, 1)
