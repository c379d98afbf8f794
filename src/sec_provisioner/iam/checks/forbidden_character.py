"""`forbidden-character`: a character that IAM takes nowhere in a document (a typographic dash, a CJK letter).

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Path
from sec_provisioner.iam.size import forbidden_characters
from sec_provisioner.problem import Severity


def _find(document: Any, _context: Context) -> Iterator[Finding]:
    for path, text in _texts((), document):
        for character in forbidden_characters(text):
            message = f"U+{ord(character):04X} ({character!r}) is no character for a policy document."
            yield Finding(path, message, "IAM takes tab, line feed, carriage return and U+0020 to U+00FF.")


def _texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """Every text in a JSON value, keys among them, with the path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*path, key), str(key)
            yield from _texts((*path, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts((*path, index), inner)


CHECK = Check("forbidden-character", Severity.ERROR, _find)
