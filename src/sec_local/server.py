"""The local AWS as a server on 127.0.0.1, for the aws CLI and other programs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sec_local import state
from sec_local.noise import quiet_imports
from sec_local.settings import start_with
from sec_local.tasks import finish_tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOST = "127.0.0.1"
"""The only address it ever listens on: whoever reaches it may do anything in it."""


def serve(  # noqa: PLR0913 - each is a flag of the command line
    port: int,
    state_dir: Path | None,
    *,
    port_file: Path | None = None,
    account_id: str | None = None,
    enforce: bool = False,
    log_level: str = "CRITICAL",
    on_ready: Callable[[str], None] = print,
) -> None:
    """Listen until SIGTERM or SIGINT, then save the state.

    Args:
        port: 0 for any free one.
        state_dir: where the state is read from and, at a clean end, written to; None keeps nothing.
        port_file: gets the port's number as soon as requests are taken.
        account_id: the account of callers whose access key is not an account id itself.
        enforce: whether IAM's policies decide who may do what; `AUTH=true` in the environment says so as well.
        log_level: what MiniStack may say, on stderr.
        on_ready: told the URL as soon as requests are taken.

    Raises:
        OSError: the port is taken.
        StateInUseError: another local AWS works on `state_dir`.
    """
    if account_id:
        os.environ["MINISTACK_ACCOUNT_ID"] = account_id
    start_with(enforce=enforce)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    # At once: two sockets that are bound but not listening yet could be given the same free port.
    listener.listen()
    bound = listener.getsockname()[1]
    _say_on_stderr(log_level)
    with quiet_imports():
        from ministack import app as _  # noqa: F401, PLC0415 - its patches of hypercorn must come first

    def ready() -> None:
        if port_file is not None:
            partial = port_file.with_suffix(".partial")
            partial.write_text(f"{bound}\n")
            partial.replace(port_file)
        on_ready(f"http://{HOST}:{bound}")

    with state.owned(state_dir) if state_dir is not None else nullcontext():
        if state_dir is not None:
            state.load(state_dir)
        try:
            asyncio.run(_run(listener, ready))
        finally:
            if state_dir is not None:
                state.save(state_dir)


async def _run(listener: socket.socket, ready: Callable[[], None]) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve  # noqa: PLC0415 - a server is not always wanted
    from hypercorn.config import Config  # noqa: PLC0415 - the same
    from ministack import app  # noqa: PLC0415 - MiniStack is imported on first use

    from sec_local.dropping import let_connections_drop  # noqa: PLC0415 - it patches hypercorn
    from sec_local.gateway import GATEWAY  # noqa: PLC0415 - the same

    let_connections_drop()
    loop = asyncio.get_running_loop()
    app._MAIN_LOOP = loop  # noqa: SLF001 - what MiniStack's lifespan would set
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1.0
    config.errorlog = config.accesslog = None
    GATEWAY.on_start = [ready]

    async def until_stopped() -> None:
        await stopped.wait()

    app_of_asgi: Any = GATEWAY
    await hypercorn_serve(app_of_asgi, config, shutdown_trigger=until_stopped)
    await finish_tasks()


def _say_on_stderr(level: str) -> None:
    import logging  # noqa: PLC0415 - only a server logs

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    logger = logging.getLogger("sec_local")
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
