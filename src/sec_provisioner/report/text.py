"""Outcome -> text for people: problems, what the action has to say, counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sec_provisioner.report.document import Failure
from sec_provisioner.report.log import printable
from sec_provisioner.report.outcome import Outcome
from sec_provisioner.report.problems import counts, counts_line, problem_lines
from sec_provisioner.report.terminal import Style


def render(outcome: Outcome, texts: Mapping[str, str], style: Style, *, list_problems: bool) -> str:
    """The whole text form. Without `list_problems` they are only counted: another action lists them."""
    return "".join(f"{line}\n" for line in _lines(outcome, texts, style, list_problems=list_problems))


def failure_lines(failure: Failure, style: Style) -> Iterator[str]:
    """Why the run did not end well, and what to do."""
    yield f"{style.bad('error:')} {printable(failure.message)}"
    if failure.hint:
        yield f"  {style.paint('help:', 'cyan')} {printable(failure.hint)}"


def _lines(outcome: Outcome, texts: Mapping[str, str], style: Style, *, list_problems: bool) -> Iterator[str]:
    if list_problems:
        yield from problem_lines(outcome.problems, texts, style)
    if outcome.render is not None and outcome.result is not None:
        yield from outcome.render(outcome.result, style)
    if not list_problems and any(counts(outcome.problems).values()):
        yield f"{counts_line(outcome.problems, style)} (validate-config lists them)"
