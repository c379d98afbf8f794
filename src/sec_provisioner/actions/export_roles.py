"""export-roles: one file per role of any kind, with its trust policy."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.exporting import export
from sec_provisioner.errors import ExitCode
from sec_provisioner.exports import role_exports


def run(ctx: Context) -> ExitCode:
    """Bring the folder `roles` in line with the config."""
    return export(ctx, ctx.folders["roles"], "role", role_exports(ctx.built))
