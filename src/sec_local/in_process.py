"""The local AWS inside this very process: botocore's requests never reach a socket.

A botocore session that was given to `LocalAws.install` hands each request to the gateway just before it would be
sent (event `before-send`) and gets the answer from there. The gateway runs on an event loop in a thread of its own,
since a stack operation goes on after its call was answered.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import warnings
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from sec_local import control, state
from sec_local.faults import FAULTS, ConnectionDropped
from sec_local.gateway import GATEWAY
from sec_local.noise import quiet_imports
from sec_local.pin import pin_problem
from sec_local.settings import SETTINGS, start_with
from sec_local.tasks import finish_tasks

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse


class LocalAws:
    """The local AWS of this process. There is one: MiniStack keeps its stores in its modules.

    Args:
        state_dir: where the state is read from at the start and written to by `save` and at a clean end;
            None keeps nothing.
        account_id: the account of callers whose access key is not an account id itself.
        enforce: whether IAM's policies decide who may do what; `settings.enforce` can be changed later as well.
    """

    faults = FAULTS
    settings = SETTINGS

    def __init__(self, state_dir: Path | None = None, *, account_id: str | None = None, enforce: bool = False) -> None:
        self._state_dir = state_dir
        self._enforce = enforce
        self._account_id = account_id
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._owning = ExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, with the state of `state_dir` or none.

        Raises:
            StateInUseError: another local AWS works on `state_dir`.
        """
        if problem := pin_problem():
            warnings.warn(problem, stacklevel=2)
        if self._state_dir is not None:
            self._owning.enter_context(state.owned(self._state_dir))
        start_with(enforce=self._enforce)
        with quiet_imports():
            from ministack import app  # noqa: PLC0415 - MiniStack is imported on first use
            from ministack.core import responses  # noqa: PLC0415 - the same
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="local-aws", daemon=True)
        self._thread.start()
        app._MAIN_LOOP = self._loop  # noqa: SLF001 - what MiniStack's lifespan would set
        app._reset_lock = None  # noqa: SLF001 - it belongs to the loop of an earlier start
        _set_default_account(self._account_id, responses)
        state.forget()
        if self._state_dir is not None:
            state.load(self._state_dir)
        else:
            state.keep_nothing()

    def stop(self) -> None:
        """End cleanly: let stack operations finish, keep the state, forget everything."""
        if self._loop is None or self._thread is None:
            return
        self.finish()
        self.save()
        self.reset()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None
        self._owning.close()

    def finish(self) -> None:
        """Wait until the stack operations that are going on have ended."""
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(finish_tasks(), self._loop).result()

    def save(self) -> None:
        """Write the state to `state_dir` now; nothing without one."""
        if self._state_dir is not None:
            state.save(self._state_dir)

    def reset(self) -> None:
        """Empty accounts, no faults, every switch as at the start. The files in `state_dir` stay."""
        state.forget()
        control.reset_settings()

    def install(self, session: Any) -> None:
        """Send everything that clients of `session` ask for here, whatever their endpoint.

        Args:
            session: a boto3 or botocore session, or one client's `meta`. Clients made before do not see it.
        """
        events: Any = getattr(session, "events", None) or session.get_component("event_emitter")
        events.register_first("before-send", self.send, unique_id="sec-local")

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Botocore's `before-send` handler.

        Raises:
            botocore.exceptions.ConnectionClosedError: a fault dropped the connection.
        """
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - whoever calls has it
        from botocore.exceptions import ConnectionClosedError  # noqa: PLC0415 - the same

        if self._loop is None:
            raise RuntimeError("this LocalAws is not started: use it as a context manager")
        try:
            answered = asyncio.run_coroutine_threadsafe(_ask(request), self._loop).result()
        except ConnectionDropped as dropped:
            raise ConnectionClosedError(endpoint_url=request.url) from dropped
        status, headers, body = answered
        answer: Any = _Headers(headers)
        return AWSResponse(request.url, status, answer, _Raw(body))


def _set_default_account(account_id: str | None, responses: Any) -> None:
    """MiniStack reads the environment for each request."""
    if account_id is None:
        os.environ.pop("MINISTACK_ACCOUNT_ID", None)
    else:
        os.environ["MINISTACK_ACCOUNT_ID"] = account_id
    responses.set_request_account_id("")


async def _ask(request: AWSPreparedRequest) -> tuple[int, dict[str, str], bytes]:
    """One request through the gateway, as a server would hand it over."""
    url = urlsplit(request.url)
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    headers.setdefault("host", url.netloc)
    body = _body(request.body)
    headers.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http",
        "method": request.method,
        "scheme": "http",
        "path": unquote(url.path) or "/",
        "raw_path": url.path.encode() or b"/",
        "query_string": url.query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
    }
    answer: dict[str, Any] = {"status": 500, "headers": []}
    chunks: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.update(message)
        else:
            chunks.append(message.get("body", b""))

    await GATEWAY(scope, receive, send)
    names = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer["headers"]}
    return answer["status"], names, b"".join(chunks)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        return bytes(body.read())
    return body.encode() if isinstance(body, str) else bytes(body)


class _Headers(dict[str, str]):
    """Header names are equal whatever their case."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in values.items()})

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())


class _Raw(BytesIO):
    """What botocore expects of urllib3: a body that can be read in parts."""

    def stream(self, amount: int = 65536, **_: object) -> Any:
        """The body, piece by piece."""
        while piece := self.read(amount):
            yield piece

    def read(self, amount: int | None = -1, **_: object) -> bytes:
        """The next bytes; urllib3 allows None for all of them."""
        return super().read(-1 if amount is None else amount)


logging.getLogger("sec_local").addHandler(logging.NullHandler())
