"""export-groups: one file per enabled group."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.exporting import export
from sec_provisioner.errors import ExitCode
from sec_provisioner.exports import group_exports


def run(ctx: Context) -> ExitCode:
    """Bring the folder `groups` in line with the config."""
    return export(ctx, ctx.folders["groups"], "group", group_exports(ctx.built))
