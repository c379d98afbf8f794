"""local-reset: forget all that the local AWS has kept."""

from __future__ import annotations

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.local_state import load_local_state, state_folder
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.making import LOCAL_STATE_STAYS
from sec_provisioner.report.results import LocalResetResult


def run(ctx: Context) -> ExitCode:
    """Remove the files of the state; other files of the folder stay."""
    folder = state_folder(ctx)
    try:
        removed = load_local_state().remove(folder)
    except OSError as error:
        raise LOCAL_STATE_STAYS(folder=folder, reason=error.strerror) from error
    return ctx.finish(LocalResetResult(str(folder), len(removed)))
