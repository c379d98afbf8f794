"""validate-config: everything that can be said about a config without AWS, all at once."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.checking import finish_check
from sec_provisioner.errors import ExitCode
from sec_provisioner.report.results import NotCheckedEntry


def run(ctx: Context) -> ExitCode:
    """Check the config and what would really be built from it."""
    checked = ctx.checked
    not_checked = (NotCheckedEntry(one.what, one.reason) for one in checked.not_checked)
    return finish_check(ctx, ctx.source.file, checked.problems, checked.checked, not_checked)
