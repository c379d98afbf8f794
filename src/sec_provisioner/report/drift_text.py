"""The result of check-drift -> text: the worst first, then the counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sec_provisioner.live.differences import differences
from sec_provisioner.report.drift_results import (
    DetectionEntry,
    DifferenceEntry,
    DriftEntry,
    DriftResult,
    ProposalEntry,
)
from sec_provisioner.report.log import printable
from sec_provisioner.report.marked_text import Paints, marked
from sec_provisioner.report.policy_text import Line, document_lines, is_document, list_lines
from sec_provisioner.report.terminal import Style

_RANK = {"error": 0, "warning": 1, "info": 2}


def drift_lines(result: DriftResult, style: Style) -> Iterator[str]:
    """What is not as deployed, the worst resource first; then what was asked for beside it, and the counts."""
    shown = [one for one in result.resources if one.status != "in_sync" or one.notes]
    for one in sorted(shown, key=_rank):
        yield from resource_lines(one, style)
    if any(one.differences for one in shown):
        yield style.faint("- as deployed, + as it is now")
    for one in result.resources:
        if one.members is not None:
            yield f"{style.strong('members')} {printable(one.name)}: {printable(', '.join(one.members)) or '(none)'}"
    if result.cloudformation:
        yield from _detection_lines(result.cloudformation, style)
    if result.proposal:
        yield from _proposal_lines(result.proposal, style)
    yield from _count_lines(result, style)


def _rank(one: DriftEntry) -> int:
    if not one.differences:
        return 3 if one.status == "not_checked" else 4
    return min(_RANK[each.severity] for each in one.differences)


def _count_lines(result: DriftResult, style: Style) -> Iterator[str]:
    counts = result.summary
    words = ((counts.changed, "changed"), (counts.missing, "missing"), (counts.extra, "extra"))
    more = [f"{n} {word}" for n, word in (*words, (counts.not_checked, "not checked")) if n]
    paint = style.bad if counts.has_drift else style.good
    yield f"{style.strong(result.stack)} {paint(', '.join([f'{counts.in_sync} in sync', *more]))}"
    never = "; ".join(f"{one.what} ({one.reason})" for one in result.not_compared)
    if never:
        yield style.faint(f"never compared: {never}")


def resource_lines(one: DriftEntry, style: Style) -> Iterator[str]:
    """One resource, with each place that differs."""
    paint = {"in_sync": style.good, "not_checked": style.careful}.get(one.status, style.bad)
    kind = one.type.rsplit("::", 1)[-1]
    yield f"{paint(one.status.replace('_', ' '))} {kind} {style.strong(printable(one.name))}"
    for each in one.differences:
        yield from _difference_lines(each, style)
    for skipped in one.not_checked:
        yield f"  {style.careful('not checked:')} {printable(f'{skipped.property} {skipped.reason}'.strip())}"
    for note in one.notes:
        yield f"  {style.careful('note:')} {printable(note)}"


def _difference_lines(one: DifferenceEntry, style: Style) -> Iterator[str]:
    paint = {"error": style.bad, "warning": style.careful, "info": style.faint}[one.severity]
    place = f"  {style.faint(printable(f'{one.config.file}:{one.config.line}'))}" if one.config else ""
    what = f"{printable(one.property)} {one.kind}" if one.property else one.kind
    yield f"  {paint(f'{one.severity}:'):<8} {what}{place}"
    if one.property:
        paints: Paints = {"+": style.bad, "-": style.good, "~": style.careful, " ": style.faint}
        for line in _value_lines(one.expected, one.actual):
            yield from marked(line, "      ", paints)
    if one.by:
        source = f" from {one.by.source_ip}" if one.by.source_ip else ""
        yield f"      {style.careful('by')} {printable(one.by.user)}, {one.by.event} {one.by.time}{printable(source)}"
    elif one.by_unknown:
        yield f"      {style.faint(printable(f'by whom is not known: {one.by_unknown}'))}"


def _value_lines(expected: Any, actual: Any) -> Iterator[Line]:
    if is_document(expected) or is_document(actual):
        yield from document_lines(expected, actual)
        return
    for change in differences(expected, actual):
        before, after = (None if one is None else _text(one) for one in (change.before, change.after))
        yield from list_lines(change.path, before, after)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _detection_lines(one: DetectionEntry, style: Style) -> Iterator[str]:
    words = one.stack_drift_status if one.detection_status == "DETECTION_COMPLETE" else one.detection_status
    reason = f": {printable(one.reason)}" if one.reason else ""
    yield f"{style.strong('CloudFormation')} says {words}{reason}"
    for each in one.disagreements:
        why = f" ({', '.join(each.properties)})" if each.properties else ""
        here = each.check_drift.replace("_", " ")
        said = f"{each.cloudformation}{printable(why)}, here {here}"
        yield f"  {style.careful('disagrees')} on {printable(each.name)}: {said}"
        if each.reason:
            yield f"    {printable(each.reason)}"
    by_word: dict[tuple[str, str], list[str]] = {}
    for skipped in one.not_checked:
        by_word.setdefault((skipped.cloudformation, skipped.reason), []).append(skipped.name)
    for (word, why), names in by_word.items():
        told = f" ({printable(why)})" if why else ""
        yield f"  {style.careful('not compared')} by it, {word}{told}: {printable(', '.join(names))}"


def _proposal_lines(one: ProposalEntry, style: Style) -> Iterator[str]:
    if one.diff:
        yield style.strong(f"this change of {printable(one.config)} would accept {len(one.accepts)} of it:")
    paint = {"+": style.good, "-": style.bad, "@": style.faint}
    for line in one.diff.splitlines():
        yield paint.get(line[:1], str)(printable(line))
    for each in one.not_expressible:
        what = f"{each.name} {each.property}".rstrip()
        yield f"{style.careful('the config can not accept')} {printable(f'{what}: {each.reason}')}"
