"""Things that go wrong on purpose, for tests: the one hook for all of them.

A `Fault` says when (service, operation, the nth call of it, how many times) and what (a delay, an error, a dropped
connection, a resource that fails, the whole server gone). In process: `FAULTS.add(Fault(...))`. Over HTTP:
`POST /_local/faults` with the same fields as JSON, `GET` to see them, `DELETE` to clear them.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args
from uuid import uuid4

from sec_local.xml import escape

if TYPE_CHECKING:
    from sec_local.call import Call, Response

Kind = Literal["delay", "throttle", "error", "drop", "expired-token", "resource", "kill"]

# Code, message and status as the services send them:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
_ANSWERS = {
    "throttle": ("Throttling", "Rate exceeded", 400),
    "error": ("InternalFailure", "The request processing has failed because of an unknown error.", 500),
    "expired-token": ("ExpiredToken", "The security token included in the request is expired", 403),
}
_JSON_CODES = {
    "Throttling": "ThrottlingException",
    "ExpiredToken": "ExpiredTokenException",
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
}
_S3_CODES = {"Throttling": ("SlowDown", 503), "ExpiredToken": ("ExpiredToken", 400)}


class ConnectionDropped(Exception):  # noqa: N818 - it is an event, not an error of ours
    """The connection ends here, without an answer."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and when.

    `service` and `operation` are matched without regard to case, empty means any. `nth` counts matching calls from
    1 on, after the fault was added; the fault strikes at that call and at the `times - 1` that follow (0: at all).
    A `resource` fault strikes inside a stack operation: `operation` is then `create`, `update` or `delete`,
    `service` the resource's type, `resource` its logical id.
    """

    kind: Kind
    service: str = ""
    operation: str = ""
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    code: str = ""
    message: str = ""
    status: int = 0
    resource: str = ""
    after: bool = False
    """`drop` and `kill` only: let the call have its effect first, so that only the answer is lost."""
    id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"there is no fault of the kind {self.kind}, but {', '.join(get_args(Kind))}")

    def matches(self, service: str, operation: str, resource: str = "") -> bool:
        """Whether this fault is about that operation at all."""
        return (
            self.service.lower() in ("", service.lower())
            and self.operation.lower() in ("", operation.lower())
            and self.resource in ("", resource)
        )


class Faults:
    """The faults that are set, and how often each was passed."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._seen: dict[str, int] = {}
        self._after: list[tuple[Call, Fault]] = []

    def add(self, fault: Fault) -> str:
        """Set a fault.

        Returns:
            Its id.
        """
        named = replace(fault, id=fault.id or uuid4().hex[:12])
        self._faults.append(named)
        self._seen[named.id] = 0
        return named.id

    def clear(self) -> None:
        """Everything works again."""
        self._faults.clear()
        self._seen.clear()

    def listed(self) -> list[tuple[Fault, int]]:
        """Each fault, with the number of matching calls so far."""
        return [(fault, self._seen[fault.id]) for fault in self._faults]

    def strikes(self, service: str, operation: str, *, resource: str | None = None) -> list[Fault]:
        """Count this operation, and say which faults strike it. `resource`: a logical id within a stack."""
        struck = []
        for fault in self._faults:
            if (fault.kind == "resource") != (resource is not None):
                continue
            if fault.matches(service, operation, resource or ""):
                self._seen[fault.id] += 1
                count = self._seen[fault.id]
                if count >= fault.nth and (fault.times == 0 or count < fault.nth + fault.times):
                    struck.append(fault)
        return struck

    async def answer(self, call: Call) -> Response | None:
        """The gateway's stage: what the faults make of this call."""
        if not self._faults or call.path.startswith("/_local/"):
            return None
        for fault in self.strikes(call.service, call.operation):
            if fault.after:
                self._after.append((call, fault))
            elif fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            elif fault.kind in ("drop", "kill"):
                _end(fault)
            else:
                return error_response(call, fault)
        return None

    def lose_answer(self, call: Call) -> None:
        """The call had its effect: now the faults with `after` strike.

        Raises:
            ConnectionDropped: the answer is not to be delivered.
        """
        mine = [fault for owner, fault in self._after if owner is call]
        self._after = [(owner, fault) for owner, fault in self._after if owner is not call]
        for fault in mine:
            _end(fault)


def _end(fault: Fault) -> None:
    if fault.kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise ConnectionDropped


def error_response(call: Call, fault: Fault) -> Response:
    """The error in the form of the service's protocol."""
    code, message, status = _ANSWERS.get(fault.kind, _ANSWERS["error"])
    if call.service == "s3" and not fault.code:
        code, status = _S3_CODES.get(code, (code, status))
    code, message, status = fault.code or code, fault.message or message, fault.status or status
    return answer_with_error(call, code, message, status)


def answer_with_error(call: Call, code: str, message: str, status: int) -> Response:
    """An error response in the protocol of the call: S3's XML, JSON, or the Query protocol's XML."""
    request_id = str(uuid4())
    if call.service == "s3":
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
            f"<RequestId>{request_id}</RequestId></Error>"
        )
        body = b"" if call.method == "HEAD" else text.encode()
        return status, {"Content-Type": "application/xml", "x-amz-request-id": request_id}, body
    if call.headers.get("x-amz-target"):
        text = json.dumps({"__type": _JSON_CODES.get(code, code), "message": message})
        return (
            status,
            {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id},
            text.encode(),
        )
    sender = "Receiver" if status >= 500 else "Sender"  # noqa: PLR2004 - HTTP's server errors
    text = (
        f"<ErrorResponse><Error><Type>{sender}</Type><Code>{escape(code)}</Code>"
        f"<Message>{escape(message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return status, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, text.encode()


FAULTS = Faults()
