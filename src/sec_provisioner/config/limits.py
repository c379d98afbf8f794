"""What a single value may be (patterns, lengths, ranges, words), and how to say so where it is not."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from sec_provisioner.config.findings import Findings, is_secret, shown
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.section import Limits
from sec_provisioner.config.text import FREE_TEXT, SHAPES, STRANGE_CHARACTER


def check_text(value: str, limits: Limits, path: str, findings: Findings) -> None:
    """A finding where a text is too short, too long or of another shape."""
    fault = _fault_of_text(value, limits)
    if fault:
        findings.error("wrong-value", path, f"{_shown(value, path)} {fault.message}", fault.hint)


def check_key(key: str, limits: Limits, path: str, findings: Findings) -> None:
    """The same for the key at `path`; the finding stands at the key."""
    fault = _fault_of_text(key, limits)
    if fault:
        where = findings.document.key_location(path)
        findings.error("wrong-value", path, f"the key {_shown(key, path)} {fault.message}", fault.hint, where)


def check_number(value: int, limits: Limits, path: str, findings: Findings) -> None:
    """A finding where a number is too small or too large."""
    if limits.minimum is not None and value < limits.minimum:
        findings.error("wrong-value", path, f"`{value}` is too small", f"At least {limits.minimum:,}.")
    elif limits.maximum is not None and value > limits.maximum:
        findings.error("wrong-value", path, f"`{value}` is too large", f"At most {limits.maximum:,}.")


def check_word(value: str, words: tuple[str, ...], path: str, findings: Findings) -> None:
    """A finding where a text is none of the possible words."""
    if value not in words:
        message = f"{_shown(value, path)} is none of the possible values"
        findings.error("wrong-value", path, message, suggestion(value, words, "Possible"))


def _shown(value: str, path: str) -> str:
    if not value:
        return "the text"
    return "the value" if is_secret(path) else shown(value)


class _Fault(NamedTuple):
    message: str
    hint: str


def _fault_of_text(value: str, limits: Limits) -> _Fault | None:
    """What is wrong with a text, and what to write instead."""
    if limits.max_length is not None and len(value) > limits.max_length:
        return _Fault(f"is too long: {len(value):,} characters", f"At most {limits.max_length:,}.")
    if limits.min_length and not value:
        return _Fault("is empty", "Write something; leave out what is optional.")
    if limits.min_length is not None and len(value) < limits.min_length:
        return _Fault("is too short", f"At least {limits.min_length:,} characters; leave out what is optional.")
    if limits.pattern is not None and not _compiled(limits.pattern).fullmatch(value):
        return _Fault(_misfit(value, limits.pattern), f"Write {SHAPES[limits.pattern]}.")
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _misfit(value: str, pattern: str) -> str:
    """Names the character where free text has one that AWS does not take."""
    strange = STRANGE_CHARACTER.search(value) if pattern in FREE_TEXT else None
    if strange is None:
        return "does not fit here" if value else "is empty"
    return f"has the character {shown(strange[0])} (U+{ord(strange[0]):04X}), which AWS does not take here"
