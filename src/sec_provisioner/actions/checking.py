"""What validate-config and validate-prov-template share: how a check ends and how its result reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.runs import CHECK_FOUND
from sec_provisioner.problem import Problem
from sec_provisioner.report.problems import counts, counts_line
from sec_provisioner.report.results import CheckResult, NotCheckedEntry
from sec_provisioner.report.terminal import Style


def finish_check(
    ctx: Context,
    subject: str,
    problems: Iterable[Problem],
    checked: tuple[str, ...],
    not_checked: Iterable[NotCheckedEntry],
) -> ExitCode:
    """Report a check of `subject` (a file's name) with all its problems."""
    found = tuple(problems)

    def lines(result: CheckResult, style: Style) -> Iterator[str]:
        yield from _coverage(result, style)
        if not ctx.stopping(found):
            yield f"{style.strong(subject)}: {counts_line(found, style)}"

    result = CheckResult(checked, tuple(not_checked), counts(found))
    failure = CHECK_FOUND(subject=subject, counts=counts_line(found)) if ctx.stopping(found) else None
    return ctx.finish(result, render=lines, problems=found, failure=failure, lists_problems=True)


def _coverage(result: CheckResult, style: Style) -> Iterator[str]:
    """What was checked, what was not and why."""
    yield style.faint(f"checked: {', '.join(result.checked)}")
    by_reason: dict[str, list[str]] = {}
    for one in result.not_checked:
        by_reason.setdefault(one.reason, []).append(one.what)
    for reason, what in by_reason.items():
        yield f"{style.careful('not checked:')} {', '.join(what)} ({reason})"
