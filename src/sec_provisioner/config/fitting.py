"""A master config fitted to a partition: what the partition lacks is taken out of the text, and said.

Worked on by whole lines, so that comments stay with what they speak of. It therefore wants what can be lacking
(policy assignments, managed policies, statements, actions, service roles, names of these in lists) on lines of its
own, which is how the masters are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sec_provisioner.catalogue.partitions import managed_policy_exists, principal_exists, service_exists
from sec_provisioner.config import paths
from sec_provisioner.config.document import load_document
from sec_provisioner.config.model import KINDS
from sec_provisioner.config.nodes import Document, Mapping, Node, Scalar, Sequence


@dataclass(frozen=True)
class LeftOut:
    """Something the partition lacks, and the keys of the groups and roles that go without it."""

    what: str
    holders: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.what}: left out of {', '.join(self.holders)}"


@dataclass(frozen=True)
class Fitted:
    """The text that is left, and what is gone from it."""

    text: str
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Lacking:
    what: str
    holder: str
    path: str


def fit_to_partition(text: str, partition: str) -> Fitted:
    """Take out of a master's text what the partition is known to lack."""
    document = load_document(text.encode(), "").document
    if document is None:
        return Fitted(text, ())
    lacking = tuple(_lacking(document, partition))
    gone = _with_emptied(document, {one.path for one in lacking})
    return Fitted(_without(text, document, gone), _said(lacking))


def _lacking(document: Document, partition: str) -> Iterator[_Lacking]:
    for section in KINDS:
        for key, path in _children(document, f"security.{section}"):
            principal = _text(document.node(f"{path}.service"))
            if principal and principal_exists(principal, partition) is False:
                yield from (_Lacking(principal, key, place) for place in (path, *_mentions(document, key)))
            else:
                yield from (_Lacking(what, key, place) for what, place in _parts(document, path, partition))


def _parts(document: Document, path: str, partition: str) -> Iterator[tuple[str, str]]:
    """What one group or role has that the partition lacks: what it is, and its place."""
    for service, place in _children(document, f"{path}.policy_assignments"):
        if service_exists(service, partition) is False:
            yield service, place
    for name, place in _children(document, f"{path}.managed_policies"):
        if managed_policy_exists(name, partition) is False:
            yield name, place
    for _, statement in _children(document, f"{path}.statements"):
        for action, place in _actions(document, f"{statement}.Action"):
            service = action.partition(":")[0].lower()
            if service_exists(service, partition) is False:
                yield service, place


def _actions(document: Document, path: str) -> Iterator[tuple[str, str]]:
    alone = _text(document.node(path))
    return iter([(alone, path)]) if alone else _children(document, path)


def _mentions(document: Document, role: str) -> Iterator[str]:
    """Every list entry that names a service role: in profiles and in `passable_by`."""
    lists = [f"{profile}.enabled_service_roles" for _, profile in _children(document, "security_profiles")]
    lists += [f"{other}.passable_by" for _, other in _children(document, "security.service_roles")]
    return (place for one in lists for name, place in _children(document, one) if name == role)


def _children(document: Document, path: str) -> Iterator[tuple[str, str]]:
    """Keys of a mapping, or texts of a list, each with its place; nothing where there is neither."""
    node = document.node(path)
    if isinstance(node, Mapping):
        yield from ((key, paths.child(path, key)) for key in node.entries)
    elif isinstance(node, Sequence):
        yield from ((_text(one), paths.item(path, index)) for index, one in enumerate(node.items))


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _with_emptied(document: Document, gone: set[str]) -> set[str]:
    """Lists and mappings that lose everything, and statements that lose their actions, go as a whole."""
    more = {path for one in gone if (path := _emptied(document, one, gone)) is not None} - gone
    return _with_emptied(document, gone | more) if more else gone


def _emptied(document: Document, path: str, gone: set[str]) -> str | None:
    """What holds `path` and is nothing without it."""
    above = paths.parent(path)
    empty = all(place in gone for _, place in _children(document, above))
    return above if empty or path.endswith(".Action") else None


def _said(lacking: tuple[_Lacking, ...]) -> tuple[LeftOut, ...]:
    holders: dict[str, list[str]] = {}
    for one in lacking:
        holders.setdefault(one.what, []).append(one.holder)
    return tuple(LeftOut(what, tuple(dict.fromkeys(keys))) for what, keys in holders.items())


# --- lines ----------------------------------------------------------------------------------------------


def _without(text: str, document: Document, gone: set[str]) -> str:
    lines = text.splitlines(keepends=True)
    drop: set[int] = set()
    for path in gone:
        place = document.key_location(path)
        if place is not None:
            drop.update(_block(lines, place.line - 1))
    return "".join(line for number, line in enumerate(lines) if number not in drop)


def _block(lines: list[str], start: int) -> range:
    """The lines of one entry: remarks right above it, itself, and what is indented deeper."""
    indent = _indent(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    while lines[start - 1].lstrip().startswith("#") and _indent(lines[start - 1]) == indent:
        start -= 1
    if not lines[start - 1].strip() and end < len(lines) and not lines[end].strip():
        start -= 1  # one blank line between what stood around it is enough
    return range(start, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
