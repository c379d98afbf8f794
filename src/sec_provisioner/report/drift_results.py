"""The result of check-drift: the tree that feeds both text and JSON, and its text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sec_provisioner.live.differences import differences
from sec_provisioner.report.log import printable
from sec_provisioner.report.terminal import Style

_VALUE_WIDTH = 160


@dataclass(frozen=True, slots=True)
class ConfigPlace:
    """Where the config has what a difference is about; lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class DifferenceEntry:
    """One property that is not as deployed; null stands for "not there"."""

    property: str
    kind: Literal["changed", "missing", "extra"]
    expected: Any
    actual: Any
    severity: Literal["error", "warning", "info"]
    config: ConfigPlace | None


@dataclass(frozen=True, slots=True)
class NotCheckedEntry:
    """A property that could not be compared, and why."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """What was found about one resource; no logical id where the stack did not make it. The worst comes first."""

    logical_id: str
    type: str
    name: str
    status: Literal["in_sync", "changed", "missing", "extra", "not_checked"]
    differences: tuple[DifferenceEntry, ...]
    not_checked: tuple[NotCheckedEntry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """How many resources have each status."""

    in_sync: int
    changed: int
    missing: int
    extra: int
    not_checked: int

    @property
    def has_drift(self) -> bool:
        """Whether anything is not as deployed; "not checked" alone is not."""
        return bool(self.changed or self.missing or self.extra)


@dataclass(frozen=True, slots=True)
class DriftResult:
    """check-drift: every resource of the stack."""

    stack: str
    summary: DriftSummary
    resources: tuple[DriftEntry, ...]


def drift_lines(result: DriftResult, style: Style) -> Iterator[str]:
    """What is not as deployed, resource by resource; then the counts."""
    for one in result.resources:
        if one.status != "in_sync" or one.notes:
            yield from resource_lines(one, style)
    counts = result.summary
    words = ((counts.changed, "changed"), (counts.missing, "missing"), (counts.extra, "extra"))
    more = [f"{n} {word}" for n, word in (*words, (counts.not_checked, "not checked")) if n]
    paint = style.bad if counts.has_drift else style.good
    yield f"{style.strong(result.stack)} {paint(', '.join([f'{counts.in_sync} in sync', *more]))}"


def resource_lines(one: DriftEntry, style: Style) -> Iterator[str]:
    """One resource, with each place that differs."""
    paint = {"in_sync": style.good, "not_checked": style.careful}.get(one.status, style.bad)
    kind = one.type.rsplit("::", 1)[-1]
    yield f"{paint(one.status.replace('_', ' '))} {kind} {printable(one.name)}"
    for each in one.differences:
        yield from _difference_lines(each, style)
    for skipped in one.not_checked:
        yield f"  {style.careful('not checked:')} {printable(f'{skipped.property} {skipped.reason}'.strip())}"
    for note in one.notes:
        yield f"  {style.careful('note:')} {printable(note)}"


def _difference_lines(one: DifferenceEntry, style: Style) -> Iterator[str]:
    place = f"  {style.faint(printable(f'{one.config.file}:{one.config.line}'))}" if one.config else ""
    if one.property:
        yield f"  {printable(one.property)} {one.kind}{place}"
    elif place:
        yield place
    if one.kind != "changed":
        if one.property:
            yield from _side_lines(one.expected, one.actual, style)
        return
    # Of two documents, the places where they differ: not two walls of JSON.
    for place_in in differences(one.expected, one.actual):
        if place_in.path:
            yield f"    {printable(place_in.path)}"
        yield from _side_lines(place_in.before, place_in.after, style)


def _side_lines(expected: Any, actual: Any, style: Style) -> Iterator[str]:
    yield f"    deployed: {_shown(expected)}"
    yield f"    now:      {style.bad(_shown(actual))}"


def _shown(value: Any) -> str:
    if value is None:
        return "(not there)"
    text = printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _VALUE_WIDTH else f"{text[: _VALUE_WIDTH - 1]}…"
