"""export-policies: the bare document of each managed policy."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.exporting import export
from sec_provisioner.errors import ExitCode
from sec_provisioner.exports import policy_exports


def run(ctx: Context) -> ExitCode:
    """Bring the folder `policies` in line with the config."""
    return export(ctx, ctx.folders["policies"], "policy", policy_exports(ctx.built))
