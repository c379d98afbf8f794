"""The limits of each single value (patterns, lengths, ranges, missing keys): pydantic's verdict as problems."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sec_provisioner.config import paths
from sec_provisioner.config.findings import Findings, is_secret, shown
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.text import FREE_TEXT, SHAPES, STRANGE_CHARACTER

Model = TypeVar("Model", bound=BaseModel)

# How pydantic marks that an error is about a mapping's key, not its value.
_KEY_MARK = "[key]"
_QUOTED = re.compile(r"'([^']*)'")


def validate(model: type[Model], value: Any, findings: Findings) -> Model | None:
    """The model of a value, or None with a finding for each limit that it breaks."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(detail, findings)
    return None


def _report(detail: ErrorDetails, findings: Findings) -> None:
    about_key = detail["loc"][-1:] == (_KEY_MARK,)
    path = _path(detail["loc"][:-1] if about_key else detail["loc"])
    if path in findings.paths or detail["type"] == "missing":
        return  # the reader has said better what is wrong here
    value = "the value" if is_secret(path) else shown(str(detail["input"]))
    subject = f"the key {value}" if about_key else f"{value}"
    where = findings.document.key_location(path) if about_key else None
    message, hint = _limit(detail)
    findings.error("wrong-value", path, f"{subject} {message}", hint, where)


def _path(loc: tuple[str | int, ...]) -> str:
    path = ""
    for step in loc:
        path = paths.item(path, step) if isinstance(step, int) else paths.child(path, step)
    return path


def _limit(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong with the value, and what to write instead."""
    value, given = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "string_pattern_mismatch":
            found = _misfit(value, given["pattern"]), f"Write {SHAPES[given['pattern']]}."
        case "literal_error":
            choices = _QUOTED.findall(given["expected"])
            found = "is none of the possible values", suggestion(str(value), choices, "Possible")
        case "string_too_long":
            found = f"is too long: {len(value):,} characters", f"At most {given['max_length']:,}."
        case "string_too_short":
            found = "is too short", f"At least {given['min_length']:,} characters; leave out what is optional."
        case "greater_than_equal":
            found = "is too small", f"At least {given['ge']:,}."
        case "less_than_equal":
            found = "is too large", f"At most {given['le']:,}."
        case _:
            found = "does not fit here", detail["msg"]
    return found


def _misfit(value: str, pattern: str) -> str:
    """Names the character where free text has one that AWS does not take."""
    strange = STRANGE_CHARACTER.search(value) if pattern in FREE_TEXT else None
    if strange is None:
        return "does not fit here"
    return f"has the character {shown(strange[0])} (U+{ord(strange[0]):04X}), which AWS does not take here"
