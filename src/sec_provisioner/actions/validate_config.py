"""validate-config: everything that can be said about a config without AWS, all at once."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.checking import check_lines
from sec_provisioner.errors import ExitCode
from sec_provisioner.report.problems import counts
from sec_provisioner.report.results import CheckResult, NotCheckedEntry


def run(ctx: Context) -> ExitCode:
    """Check the config and what would really be built from it."""
    checked = ctx.checked
    result = CheckResult(
        checked=checked.checked,
        not_checked=tuple(NotCheckedEntry(one.what, one.reason) for one in checked.not_checked),
        counts=counts(checked.problems),
    )
    return ctx.finish(result, render=check_lines, problems=checked.problems)
