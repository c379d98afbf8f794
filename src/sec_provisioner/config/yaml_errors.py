"""What the YAML parser complains about, in words that say what to write instead."""

from __future__ import annotations

import yaml

from sec_provisioner.problem import Location, Problem, Severity

# What libyaml says -> what it usually means. The left side is part of its message.
_HINTS = {
    "mapping values are not allowed": "A value that holds `: ` goes in quotes; else mind the indentation.",
    "could not find expected ':'": "Write `key: value`; a text of several words as a key or alone needs quotes.",
    "did not find expected key": "Mind the indentation: keys of one section begin in the same column.",
    "did not find expected '-' indicator": "Mind the indentation: the `-` of one list stand in the same column.",
    "block sequence entries are not allowed": "A list begins on a line of its own, below its key.",
    "found unexpected end of stream": "A quote, bracket or brace is opened here and never closed.",
    "unexpected end of stream": "A quote, bracket or brace is opened here and never closed.",
    "expected ',' or": "A bracket or brace is opened here and not closed, or a comma is missing.",
    "did not find expected node content": "A bracket or brace above is not closed, or a value is missing here.",
    "cannot start any token": "A value that begins with this character goes in quotes.",
    "unknown escape character": "In double quotes a backslash begins an escape: use single quotes.",
}
_UNCLOSED = ("unexpected end of stream", "expected ',' or")
_DEFAULT_HINT = "Mind the indentation and quotes around this place."


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """Turn the parser's complaint into a problem at its place in the file."""
    line, column = _place(error)
    tab = _tab_near(text, line, column)
    if tab is not None:
        message, hint = "a tab where YAML wants spaces", "Indent with spaces: set your editor to insert them."
        return Problem("tab", Severity.ERROR, message, hint, Location(file, line + 1, tab + 1))
    said = error.problem or "unreadable"
    message = f"not valid YAML: {said}" + (f" {error.context}" if error.context else "") + _begun(error, line)
    hint = next((hint for part, hint in _HINTS.items() if part in said), _DEFAULT_HINT)
    return Problem("yaml-syntax", Severity.ERROR, message, hint, Location(file, line + 1, column + 1))


def _place(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Line and column, from 0; of what is never closed where it was opened, since it goes wrong only at the end."""
    unclosed = any(part in (error.problem or "") for part in _UNCLOSED)
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    return (mark.line, mark.column) if mark else (0, 0)


def _begun(error: yaml.MarkedYAMLError, line: int) -> str:
    """Where the part began that went wrong, if that is on another line."""
    begin = error.context_mark
    return f" that began on line {begin.line + 1}" if begin and begin.line != line else ""


def _tab_near(text: str, line: int, column: int) -> int | None:
    """Column of a tab that is the complaint's cause: at its place, or in the indentation of its line."""
    lines = text.split("\n")
    if line >= len(lines):
        return None
    written = lines[line]
    if written[column : column + 1] == "\t":
        return column
    indentation = written[: len(written) - len(written.lstrip(" \t"))]
    return indentation.index("\t") if "\t" in indentation else None
