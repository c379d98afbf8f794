"""Bytes of a config -> Document: YAML nodes with the place of every key and value.

What no config needs and what could hang or mislead a reader is refused here and in `config.builder`, each with a
message of its own: a huge file, bytes that are no text, a second document, a key written twice, tags, merge keys,
aliases that expand without end.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

import yaml

from sec_provisioner.config.builder import Builder, UnreadableError
from sec_provisioner.config.nodes import Document
from sec_provisioner.config.yaml_errors import syntax_problem
from sec_provisioner.problem import Location, Problem

__all__ = ["Document", "Loaded", "load_document"]

MAX_BYTES = 1024 * 1024

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Loaded:
    """The document, or None where the text can't be read as YAML, and every problem on the way."""

    document: Document | None
    problems: tuple[Problem, ...] = ()


def load_document(content: bytes, file: str) -> Loaded:
    """Read one YAML document. `file` is the name that locations carry; nothing is read from disk."""
    builder = Builder(file)
    text = ""
    try:
        text = _decode(content, file)
        root = builder.build(text)
    except UnreadableError as error:
        return Loaded(None, (*builder.problems, error.problem))
    except yaml.MarkedYAMLError as error:
        return Loaded(None, (*builder.problems, syntax_problem(error, text, file)))
    return Loaded(Document(file, root), tuple(builder.problems))


def _decode(content: bytes, file: str) -> str:
    if len(content) > MAX_BYTES:
        message = f"the file has {len(content):,} bytes; a config has at most {MAX_BYTES:,} (1 MiB)"
        raise UnreadableError("file-too-big", message, "Is this the right file?", Location(file, 1, 1))
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        hint = "Save the file in the encoding UTF-8 (PowerShell: `Set-Content -Encoding utf8`)."
        raise UnreadableError("not-utf-8", "the file is in the encoding UTF-16", hint, Location(file, 1, 1))
    if b"\0" in content:
        where = _place(content[: content.index(b"\0")].decode("utf-8", "replace"), file)
        hint = "A config is YAML text in UTF-8."
        raise UnreadableError("binary-file", "the file is binary, not text", hint, where)
    try:
        text = content.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        where = _place(content[: error.start].decode("utf-8"), file)
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise UnreadableError("not-utf-8", message, "Save the file in the encoding UTF-8.", where) from None
    strange = _NOT_TEXT.search(text)
    if strange:
        message = f"the control character U+{ord(strange[0]):04X} has no place in a config"
        where = _place(text[: strange.start()], file)
        raise UnreadableError("control-character", message, "Delete it.", where)
    return text


def _place(before: str, file: str) -> Location:
    """The place that follows this text."""
    return Location(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
