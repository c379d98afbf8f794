"""A config's text edited in place, its comments kept: with `config.master` the only code that knows ruamel.yaml.

text -> tree of ruamel -> edits -> text. What an edit does not touch keeps its lines, as far as ruamel can.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

from sec_provisioner.config import nodes, paths, scalars

# Other readers of YAML take these for booleans.
_YAML_1_1_WORDS = {"yes", "no", "on", "off", "y", "n"}
# Indents of mappings, of lists, and of the dash within a list's: the ways in which people write configs.
_INDENTS = ((2, 4, 2), (2, 2, 0), (4, 4, 2), (4, 6, 4))


@dataclass(frozen=True, slots=True)
class SetValue:
    """Put a value at a place, with the mappings on the way to it."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Append:
    """Put a value at the end of a list, which is made where there is none."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away a key or a list's item, with its last item the list."""

    path: str


Edit = SetValue | Append | Remove


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A config's text with edits made, one after the other; list indexes count as the text stands then.

    Raises:
        KeyError, IndexError: nothing is at a place that is to be removed.
    """
    editor, untouched = _fitting_editor(text)
    tree = editor.load(text)
    for one in edits:
        _apply(tree, one)
    return _with_own_lines(text, untouched, dump(editor, tree))


def _fitting_editor(text: str) -> tuple[YAML, str]:
    """The editor whose own writing is nearest to the text, and what it makes of it."""
    tried: list[tuple[int, int, YAML, str]] = []
    for mapping, sequence, offset in _INDENTS:
        editor = open_editor()
        editor.indent(mapping=mapping, sequence=sequence, offset=offset)
        editor.explicit_start = text.lstrip().startswith("---")
        written = dump(editor, editor.load(text))
        changed = sum(one != other for one, other in zip(text.splitlines(), written.splitlines(), strict=False))
        if written == text:
            return editor, written
        tried.append((changed, len(tried), editor, written))
    _, _, editor, written = min(tried, key=lambda one: one[:2])
    return editor, written


def _with_own_lines(text: str, untouched: str, changed: str) -> str:
    """The changed text, with the user's own lines where only the editor would write them otherwise."""
    own, before, after = (one.splitlines(keepends=True) for one in (text, untouched, changed))
    if len(own) != len(before):
        return changed
    lines: list[str] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        lines.extend(own[start:end] if tag == "equal" else after[new_start:new_end])
    return "".join(lines)


def _apply(tree: CommentedMap, edit: Edit) -> None:
    match edit:
        case SetValue(path, value):
            *above, last = paths.steps(path) or ()
            if isinstance(last, int):
                _replace(_at(tree, above), last, value)
            else:
                write(tree, path, value)
        case Append(path, value):
            _append(tree, path, value)
        case Remove(path):
            _remove(tree, paths.steps(path) or ())


def _replace(holder: CommentedMap | CommentedSeq, key: Any, value: Any) -> None:
    """Put a value in another's place; of a mapping only the keys that differ, so that the rest keeps its form."""
    old = holder[key]
    if not isinstance(old, CommentedMap) or not isinstance(value, dict):
        new = as_yaml(value)
        if isinstance(new, CommentedSeq) and isinstance(old, CommentedSeq) and old.fa.flow_style():
            new.fa.set_flow_style()
        holder[key] = new
        return
    following = _take_following(old)
    for gone in [one for one in old if one not in value]:
        del old[gone]
    for name, one in value.items():
        if name not in old:
            old[name] = as_yaml(one)
        elif old[name] != one:
            _replace(old, name, one)
    _leave(*_last_part(old), following)


def _append(tree: CommentedMap, path: str, value: Any) -> None:
    *above, key = paths.steps(path) or ()
    found = _at(tree, above).get(key)
    if not isinstance(found, CommentedSeq) or not found:
        write(tree, path, [value])
        return
    following = _take_following(found)
    found.append(as_yaml(value))
    _leave(*_last_part(found), following)


def _remove(tree: CommentedMap, steps: tuple[str | int, ...]) -> None:
    """What stands below the part that goes is about what follows it, and stays. A list goes with its last item."""
    *above, last = steps
    holder = _at(tree, above)
    if isinstance(holder, CommentedSeq) and len(holder) == 1:
        _remove(tree, tuple(above))
        return
    is_last = last == (list(holder)[-1] if isinstance(holder, CommentedMap) else len(holder) - 1)
    following = _take_following(holder) if is_last else ""
    del holder[last]
    if holder:
        _leave(*_last_part(holder), following)


def _at(tree: Any, steps: Iterable[Any]) -> Any:
    for step in steps:
        tree = tree[step]
    return tree


def _take_following(value: CommentedMap | CommentedSeq) -> str:
    """The lines below the last part of a mapping or list, taken off it; a remark on its own line stays."""
    holder, last, slot = _last_part(value)
    tokens = holder.ca.items.get(last)
    token = tokens[slot] if tokens else None
    if token is None:
        return ""
    own, _, following = str(token.value).partition("\n")
    if own.strip():
        token.value = f"{own}\n"
    else:
        tokens[slot] = None
    return following


def _leave(holder: CommentedMap | CommentedSeq, last: Any, slot: int, following: str) -> None:
    """Put lines below a part."""
    if not following:
        return
    tokens = holder.ca.items.setdefault(last, [None] * 4)
    if tokens[slot]:
        own = str(tokens[slot].value).rstrip("\n")
        tokens[slot] = CommentToken(f"{own}\n{following}", tokens[slot].start_mark, None)
    else:
        tokens[slot] = CommentToken(f"\n{following}", CommentMark(0), None)


# --- writing --------------------------------------------------------------------------------------------


def open_editor() -> YAML:
    """An editor with the masters' indents that keeps quotes and long lines."""
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    editor.indent(mapping=2, sequence=4, offset=2)
    return editor


def dump(editor: YAML, tree: CommentedMap) -> str:
    """The text of a tree."""
    stream = io.StringIO()
    editor.dump(tree, stream)
    return stream.getvalue()


def write(tree: CommentedMap, path: str, value: Any) -> None:
    """Put a value at a place, with the mappings on the way to it."""
    *above, last = paths.steps(path) or ()
    for step in above:
        if tree.get(step) is None:
            _put(tree, step, CommentedMap())
        tree = tree[step]
    _put(tree, last, as_yaml(value))


def _put(tree: CommentedMap, key: Any, value: Any) -> None:
    """Set a key so that the comments around it stay where they are.

    The editor keeps a comment with the key above it. A new key therefore goes to the top, and a new value takes
    over what the last part of the old one carries.
    """
    if key not in tree:
        if not tree:
            tree.fa.set_block_style()
        tree.insert(0, key, value)
        return
    old = _last_comment(tree[key])
    tree[key] = value
    if old is not None and isinstance(value, CommentedMap | CommentedSeq) and value:
        holder, last, slot = _last_part(value)
        holder.ca.items.setdefault(last, [None] * 4)[slot] = old


def _last_comment(value: Any) -> CommentToken | None:
    """What follows the last part of a mapping or list, but for a remark on its own line."""
    if not isinstance(value, CommentedMap | CommentedSeq) or not value:
        return None
    holder, last, slot = _last_part(value)
    token = (holder.ca.items.get(last) or [None] * 4)[slot]
    if token is None:
        return None
    return CommentToken("\n" + token.value.partition("\n")[2], token.start_mark, None)


def _last_part(value: CommentedMap | CommentedSeq) -> tuple[CommentedMap | CommentedSeq, Any, int]:
    """The mapping or list that holds the last scalar, its key there, and where the editor keeps its comment."""
    last = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
    if isinstance(value[last], CommentedMap | CommentedSeq) and value[last]:
        return _last_part(value[last])
    return value, last, 2 if isinstance(value, CommentedMap) else 0


def as_yaml(value: Any) -> Any:
    """The value as the editor writes it; quoted where another reader might take the text for something else."""
    if isinstance(value, dict):
        return CommentedMap((key, as_yaml(one)) for key, one in value.items())
    if isinstance(value, list):
        return CommentedSeq(as_yaml(one) for one in value)
    if isinstance(value, str) and _needs_quotes(value):
        return DoubleQuotedScalarString(value)
    return value


def _needs_quotes(text: str) -> bool:
    as_read = nodes.Scalar(nodes.Mark(1, 1), text, plain=True)
    return scalars.looks_like_number(as_read) or text.casefold() in _YAML_1_1_WORDS or not text.isprintable()
