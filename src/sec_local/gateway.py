"""The ASGI application in front of MiniStack: request -> Call -> stages -> MiniStack -> response.

A stage looks at a `Call` before MiniStack does and may answer it. `Gateway.stages` is the seam for everything that
decides about whole calls: faults are the first stage; who may do what belongs right behind them. What happens
inside a CloudFormation operation, resource by resource, has a seam of its own:
`sec_local.cloudformation.resources.BEFORE`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from sec_local import control, extensions, faults
from sec_local.call import Call, Response, read_call
from sec_local.s3 import ownership

if TYPE_CHECKING:
    from sec_local.call import Receive, Scope, Send

Stage = Callable[[Call], Awaitable[Response | None]]
"""Answers a call in MiniStack's place, or returns None to let it go on."""

CURRENT: ContextVar[Call | None] = ContextVar("sec_local_call", default=None)
"""The call that is being worked on; tasks that it starts (a stack operation) still see it."""


class Gateway:
    """One per process, as MiniStack's stores are."""

    def __init__(self) -> None:
        self.stages: list[Stage] = [control.answer, faults.FAULTS.answer, ownership.answer]
        self.on_start: list[Callable[[], None]] = []
        self.on_stop: list[Callable[[], None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's entry point."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read_call(scope, receive)
        CURRENT.set(call)
        for stage in self.stages:
            try:
                response = await stage(call)
            except faults.ConnectionDropped:
                # The server reads this mark and closes the socket without a word; in process it is an error.
                scope["sec_local.drop"] = True
                raise
            if response is not None:
                await _send(send, response)
                return
        extensions.ensure(call.service)
        await _ministack(scope, call, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Our own: MiniStack's would look for Docker, listen for MQTT and start schedulers."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                for start in self.on_start:
                    start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for stop in self.on_stop:
                    stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _ministack(scope: Scope, call: Call, send: Send) -> None:
    from ministack.app import app  # noqa: PLC0415 - MiniStack is imported on first use

    delivered = False

    async def replay() -> dict[str, object]:
        nonlocal delivered
        body, delivered = (b"" if delivered else call.body), True
        return {"type": "http.request", "body": body, "more_body": False}

    await app(scope, replay, send)


async def _send(send: Send, response: Response) -> None:
    status, headers, body = response
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
    logging.getLogger("sec_local.gateway").debug("answered %s before MiniStack", status)


GATEWAY = Gateway()
