"""local-serve: the local AWS on 127.0.0.1, for trying things out with this tool and the aws CLI."""

from __future__ import annotations

import errno
from pathlib import Path

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.local_state import load_local_aws, state_folder
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.making import LOCAL_STATE_IN_USE, PORT_NOT_FREE
from sec_provisioner.report.results import LocalServeResult

_OPEN = "any credentials; a key id of 12 digits is the account"
_ENFORCED = "a key id of 12 digits is the account's administrator; other keys are those that IAM and STS give"


def run(ctx: Context) -> ExitCode:
    """Serve until Ctrl-C or SIGTERM; the state is saved then, and read again by the next one."""
    local = load_local_aws(ctx)
    folder = state_folder(ctx)
    port_file = ctx.own("port_file")
    urls: list[str] = []

    def ready(url: str) -> None:
        urls.append(url)
        ctx.log.say(f"The local AWS is at {url}; its state is in {folder}. Ctrl-C stops it.")
        ctx.log.say(f"export AWS_ENDPOINT_URL={url}   ({_ENFORCED if ctx.own('enforce') else _OPEN})")

    where = Path(port_file) if port_file else None
    try:
        local.serve(ctx.own("port"), folder, port_file=where, enforce=ctx.own("enforce"), on_ready=ready)
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise LOCAL_STATE_IN_USE(folder=folder, reason=error.strerror) from error
        raise PORT_NOT_FREE(port=ctx.own("port"), reason=error.strerror) from error
    return ctx.finish(LocalServeResult(urls[0] if urls else "", str(folder)))
