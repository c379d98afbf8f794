"""The ASGI application in front of MiniStack: request -> Call -> stages -> MiniStack -> response -> observers.

A stage looks at a `Call` before MiniStack does and may answer it. `Gateway.stages` is the seam for everything that
decides about whole calls: the local AWS's own addresses and faults come first, who may do what behind them.
Observers see what was answered. What happens inside a CloudFormation operation, resource by resource, has a seam of
its own: `sec_local.cloudformation.resources.BEFORE`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sec_local import cloudtrail, control, extensions, faults, request_validation, sts
from sec_local.call import CURRENT, Call, Response, read_call
from sec_local.iam import last_used
from sec_local.s3 import ownership
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from sec_local.call import Receive, Scope, Send

Stage = Callable[[Call], Awaitable[Response | None]]
"""Answers a call in MiniStack's place, or returns None to let it go on."""

Observer = Callable[[Call, int, bytes], None]
"""Told HTTP status and body that a call was answered with by MiniStack."""


async def _enforce(call: Call) -> Response | None:
    """Who may do what, where that is asked; its engine is only read then."""
    if not SETTINGS.enforce or call.path.startswith("/_"):
        return None
    from sec_local.enforcement import stage  # noqa: PLC0415 - off by default

    return stage.answer(call)


class Gateway:
    """One per process, as MiniStack's stores are."""

    def __init__(self) -> None:
        # A request that does not fit its model is refused before anybody asks who may do it.
        self.stages: list[Stage] = [
            control.answer, faults.FAULTS.answer, request_validation.answer, _enforce, ownership.answer, sts.answer,
        ]  # fmt: skip
        self.observers: list[Observer] = [last_used.note, cloudtrail.note]
        self.on_start: list[Callable[[], None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's entry point."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read_call(scope, receive)
        CURRENT.set(call)
        try:
            response = await self._ask_stages(call)
            if response is not None:
                await _send(send, response)
                return
            extensions.ensure(call.service)
            sent = _Held()
            await _ministack(scope, call, sent.send)
            for observe in self.observers:
                observe(call, sent.status, sent.body)
            faults.FAULTS.lose_answer(call)
        except faults.ConnectionDropped:
            # The server reads this mark and closes the socket without a word; in process it is an error.
            scope["sec_local.drop"] = True
            raise
        for message in sent.messages:
            await send(message)

    async def _ask_stages(self, call: Call) -> Response | None:
        for stage in self.stages:
            response = await stage(call)
            if response is not None:
                return response
        return None

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Our own: MiniStack's would look for Docker, listen for MQTT and start schedulers."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                for start in self.on_start:
                    start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await send({"type": "lifespan.shutdown.complete"})
                return


class _Held:
    """An answer that is kept back until it is known whether it may be delivered."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.status = 0
        self.body = b""

    async def send(self, message: Any) -> None:
        """ASGI's `send`."""
        self.messages.append(message)
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


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


GATEWAY = Gateway()
