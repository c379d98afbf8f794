"""YAML nodes -> plain values of the types that the model's fields expect, so that text keeps its characters.

Every annotation of the model has one reader, made once: `str` -> text, `bool` -> flag, a `Section` -> its fields
by their own readers. A reader returns a plain value that keeps to its limits (`config.limits`) and reports what
can't be one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from sec_provisioner.config import paths, scalars
from sec_provisioner.config.findings import Findings, shown
from sec_provisioner.config.limits import check_key, check_number, check_text, check_word
from sec_provisioner.config.nearest import nearest, suggestion
from sec_provisioner.config.nodes import Mapping, Node, Scalar, Sequence
from sec_provisioner.config.section import Limits, Section
from sec_provisioner.config.statement import OF_OTHER_POLICIES

Reader = Callable[[Node, str, Findings], Any]


def read_as(annotation: Any, node: Node, path: str, findings: Findings) -> Any:
    """The value of a node that stands where the model has this type; `findings` gets what is wrong in it."""
    return _reader(annotation)(node, path, findings)


def read_text(node: Node, path: str, findings: Findings) -> Any:
    """Text with the characters of the file, whatever YAML would take it for."""
    if not isinstance(node, Scalar):
        return findings.wrong_type(node, path, "text")
    if scalars.is_null(node) or scalars.boolean(node) is not None:
        hint = (
            f"Put it in quotes if you mean the word: '{node.text}'."
            if node.text
            else "Fill it in; an empty text is ''."
        )
        return findings.wrong_type(node, path, "text", hint)
    if scalars.looks_like_number(node):
        findings.unquoted_number(node, path)
    return node.text


def read_flag(node: Node, path: str, findings: Findings) -> Any:
    """True or false."""
    value = scalars.boolean(node) if isinstance(node, Scalar) else None
    return (
        findings.wrong_type(node, path, "true or false", "Write true or false, without quotes.")
        if value is None
        else value
    )


def read_number(node: Node, path: str, findings: Findings) -> Any:
    """A whole number."""
    value = scalars.integer(node) if isinstance(node, Scalar) else None
    hint = "Digits alone: no quotes, no leading zero, no unit."
    return findings.wrong_type(node, path, "a whole number", hint) if value is None else value


def read_statement(node: Node, path: str, findings: Findings) -> Any:
    """A policy statement, its values all text; for its keys see `config.statement`."""
    if not isinstance(node, Mapping):
        hint = "Write `Effect`, `Action`, `Resource` and the like as keys of their own."
        return findings.wrong_type(node, path, "a statement", hint)
    required = {"Effect": "Write `Effect: Allow` or `Effect: Deny`."}
    return _read_keys(node, path, findings, _STATEMENT_READERS, required, OF_OTHER_POLICIES)


def _effect(node: Node, path: str, findings: Findings) -> Any:
    value = read_text(node, path, findings)
    if isinstance(value, str) and value not in {"Allow", "Deny"}:
        hint = suggestion(value, ("Allow", "Deny"), "Possible")
        findings.error("wrong-value", path, f"`Effect` can't be {shown(value)}", hint)
    return value


def _json_text(node: Node, path: str, findings: Findings) -> Any:
    """Text for IAM, which reads numbers and booleans as their text."""
    if not isinstance(node, Scalar) or scalars.is_null(node):
        return findings.wrong_type(node, path, "text")
    flag = scalars.boolean(node)
    return node.text if flag is None else str(flag).lower()


def _texts(node: Node, path: str, findings: Findings) -> Any:
    """One text or a list of them; IAM means the same by one and by a list of one."""
    reader = _list_reader(_json_text) if isinstance(node, Sequence) else _json_text
    return reader(node, path, findings)


def _reader(annotation: Any) -> Reader:
    """The reader of a field's type. A dict of anything is a statement: the model has no other."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Annotated, tuple, dict}:
        return _reader_of_parts(origin, arguments)
    if origin in {Union, UnionType}:
        return _or_null(_reader(next(one for one in arguments if one is not NoneType)))
    if origin is Literal:
        return _word_reader(arguments)
    if issubclass(annotation, Section):
        return _section_reader(annotation)
    return {str: read_text, bool: read_flag, int: read_number}[annotation]


def _reader_of_parts(origin: Any, arguments: tuple[Any, ...]) -> Reader:
    if origin is Annotated:
        return _limited(_reader(arguments[0]), arguments[1])
    if origin is tuple:
        return _list_reader(_reader(arguments[0]))
    return read_statement if arguments[1] is Any else _mapping_reader(_reader(arguments[1]), _limits(arguments[0]))


def _limits(annotation: Any) -> Limits | None:
    """The limits of a mapping's keys, where their type has such."""
    return next((one for one in get_args(annotation) if isinstance(one, Limits)), None)


def _limited(reader: Reader, limits: Any) -> Reader:
    """The reader, and the limits of what it reads where they are such."""
    check: Callable[..., None] = check_number if reader is read_number else check_text

    def read(node: Node, path: str, findings: Findings) -> Any:
        value = reader(node, path, findings)
        if value is not None:
            check(value, limits, path, findings)
        return value

    return read if isinstance(limits, Limits) else reader


def _word_reader(words: tuple[str, ...]) -> Reader:
    def read(node: Node, path: str, findings: Findings) -> Any:
        value = read_text(node, path, findings)
        if value is not None:
            check_word(value, words, path, findings)
        return value

    return read


def _or_null(reader: Reader) -> Reader:
    def read(node: Node, path: str, findings: Findings) -> Any:
        if isinstance(node, Scalar) and scalars.is_null(node):
            return None
        return reader(node, path, findings)

    return read


def _list_reader(reader: Reader) -> Reader:
    def read(node: Node, path: str, findings: Findings) -> Any:
        if not isinstance(node, Sequence):
            return findings.wrong_type(node, path, "a list")
        return [reader(one, paths.item(path, index), findings) for index, one in enumerate(node.items)]

    return read


def _mapping_reader(reader: Reader, key_limits: Limits | None = None) -> Reader:
    def read(node: Node, path: str, findings: Findings) -> Any:
        if not isinstance(node, Mapping):
            return findings.wrong_type(node, path, "a mapping")
        value = {}
        for key, entry in node.entries.items():
            place = paths.child(path, key)
            value[key] = reader(entry.value, place, findings)
            if key_limits is not None and place not in findings.paths:
                check_key(key, key_limits, place, findings)
        return value

    return read


@cache
def _section_reader(section: Any) -> Reader:
    readers = {name: _reader(field.annotation) for name, field in section.known.items()}
    required = {name: field.description for name, field in section.known.items() if field.required}

    def read(node: Node, path: str, findings: Findings) -> Any:
        if not isinstance(node, Mapping):
            return findings.wrong_type(node, path, "a mapping")
        return _read_keys(node, path, findings, readers, required)

    return read


def _read_keys(  # noqa: PLR0913, PLR0917 - one table reads the keys of sections and statements alike
    node: Mapping,
    path: str,
    findings: Findings,
    readers: dict[str, Reader],
    required: dict[str, str],
    hints: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The keys that have a reader; the others are unknown. A misspelt required key is no missing one as well.

    `hints` says of some unknown keys why they have no place here.
    """
    value = {}
    missing = {key: hint for key, hint in required.items() if key not in node.entries}
    for key, entry in node.entries.items():
        if key in readers:
            value[key] = readers[key](entry.value, paths.child(path, key), findings)
        else:
            findings.unknown_key(key, entry, path, (hints or {}).get(key) or suggestion(key, readers))
            missing.pop(nearest(key, readers) or "", None)
    for key, hint in missing.items():
        findings.missing(path, key, hint)
    return value


_STATEMENT_READERS: dict[str, Reader] = {
    "Sid": _json_text,
    "Effect": _effect,
    "Action": _texts,
    "NotAction": _texts,
    "Resource": _texts,
    "NotResource": _texts,
    "Condition": _mapping_reader(_mapping_reader(_texts)),
}
