"""Problems as people read them: place, what is wrong, the line itself with a caret, what to write instead, counts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from sec_provisioner.problem import Location, Problem, Severity
from sec_provisioner.report.log import printable
from sec_provisioner.report.results import SeverityName
from sec_provisioner.report.terminal import Style

# Enough to see the place; a minified template has one line of a hundred thousand characters.
_SHOWN_WIDTH = 100
_BEFORE_CARET = 60
_TOKEN = re.compile(r"[\w./:@${}-]+|.")
_NOWHERE = Location("", 0, 0)


def problem_lines(problems: Iterable[Problem], texts: Mapping[str, str], style: Style) -> Iterator[str]:
    """Every problem in the order of the file, those without a place last. `texts`: file -> its content."""
    lines = {file: text.splitlines() for file, text in texts.items()}
    ordered = sorted(problems, key=lambda one: (one.where is None, one.where or _NOWHERE))
    for problem in ordered:
        if problem.suppressed is not None:
            continue
        yield from _one(problem, lines, style)
    for problem in ordered:
        if problem.suppressed is not None:
            yield style.faint(printable(f"{_place(problem)}accepted: {problem.message} ({problem.suppressed})"))


def counts(problems: Iterable[Problem]) -> dict[SeverityName, int]:
    """How many problems there are of each severity; accepted ones are not counted."""
    found = Counter(one.severity for one in problems if one.suppressed is None)
    return {"error": found[Severity.ERROR], "warning": found[Severity.WARNING], "info": found[Severity.INFO]}


def counts_line(problems: Iterable[Problem], style: Style | None = None) -> str:
    """`2 errors, 1 warning`, or `no problems`."""
    style = style or Style()
    found = counts(problems)
    words: dict[SeverityName, tuple[Callable[[str], str], str, str]] = {
        "error": (style.bad, "error", "errors"),
        "warning": (style.careful, "warning", "warnings"),
        "info": (style.strong, "note", "notes"),
    }
    parts = [
        paint(f"{found[key]} {one if found[key] == 1 else many}")
        for key, (paint, one, many) in words.items()
        if found[key]
    ]
    return ", ".join(parts) or "no problems"


def _one(problem: Problem, lines: Mapping[str, list[str]], style: Style) -> Iterator[str]:
    paint = {Severity.ERROR: style.bad, Severity.WARNING: style.careful, Severity.INFO: style.strong}
    place = style.strong(printable(_place(problem)))
    label = paint[problem.severity](f"{problem.severity.value}:")
    yield f"{place}{label} {printable(problem.message)} {style.faint(f'[{problem.id}]')}"
    if problem.where and problem.where.file in lines:
        yield from _excerpt(problem.where, lines[problem.where.file], style)
    if problem.hint:
        yield f"  {style.paint('help:', 'cyan')} {printable(problem.hint)}"


def _place(problem: Problem) -> str:
    if problem.where:
        return f"{problem.where}: "
    return f"{problem.path}: " if problem.path else ""


def _excerpt(where: Location, lines: list[str], style: Style) -> Iterator[str]:
    if not 0 < where.line <= len(lines):
        return
    line = lines[where.line - 1]
    start = max(0, where.column - 1 - _BEFORE_CARET)
    column = where.column - 1 - start
    shown = printable(line[start : start + _SHOWN_WIDTH].replace("\t", " "))
    token = _TOKEN.match(line, where.column - 1)
    length = min(len(token[0]) if token else 1, max(1, _SHOWN_WIDTH - column))
    gutter = f"{where.line:>6} | "
    yield f"{style.faint(gutter)}{shown}"
    indent = " " * (len(gutter) + _columns(printable(line[start : start + column].replace("\t", " "))))
    yield f"{indent}{style.bad('^' * length)}"


def _columns(text: str) -> int:
    """How many columns a terminal gives the text: East Asian wide characters take two, combining ones none."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return len(text) + wide - sum(bool(unicodedata.combining(one)) for one in text)
