"""One request to AWS, as the stages of the gateway see it: read from an ASGI scope, spoken in AWS's words."""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Response = tuple[int, dict[str, str], bytes]
"""Status, headers and body, in MiniStack's own form."""


@dataclass(frozen=True)
class Call:
    """What was asked. `headers` has lower-case names; `query` and form parameters have lists of values."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, list[str]]
    body: bytes = field(repr=False)

    @cached_property
    def form(self) -> dict[str, list[str]]:
        """The parameters of a Query-protocol call, the URL's and the body's."""
        content_type = self.headers.get("content-type", "")
        if self.method != "POST" or "x-www-form-urlencoded" not in content_type:
            return self.query
        return {**self.query, **parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)}

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body of a JSON-protocol call; empty where it is none."""
        if "json" not in self.headers.get("content-type", ""):
            return {}
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @cached_property
    def service(self) -> str:
        """MiniStack's name of the service: `iam`, `cloudformation`, `ssm`, `s3`, `sts`, ..."""
        from ministack.core.router import detect_service  # noqa: PLC0415 - MiniStack is imported on first use

        name: str = detect_service(self.method, self.path, self.headers, self.form)
        return name

    @cached_property
    def operation(self) -> str:
        """The API operation: `CreateRole`; for S3 by the request's form: `PutObject`."""
        target = self.headers.get("x-amz-target", "")
        if target:
            return target.rsplit(".", 1)[-1]
        if self.form.get("Action"):
            return self.form["Action"][0]
        return self._s3_operation() if self.service == "s3" else f"{self.method} {self.path}"

    def _s3_operation(self) -> str:
        from sec_local.s3.operations import operation_of  # noqa: PLC0415 - only for S3

        return operation_of(self)

    @cached_property
    def access_key(self) -> str:
        """The access key id that signed the call; empty for an anonymous one."""
        from ministack.core.router import extract_access_key_id  # noqa: PLC0415 - the same

        return str(extract_access_key_id(self.headers, self.query) or "")

    @cached_property
    def region(self) -> str:
        """The region that the signature names."""
        from ministack.core.router import extract_region  # noqa: PLC0415 - the same

        return str(extract_region(self.headers, self.query))


CURRENT: ContextVar[Call | None] = ContextVar("sec_local_call", default=None)
"""The call that is being worked on; tasks that it starts (a stack operation) still see it."""


async def read_call(scope: Scope, receive: Receive) -> Call:
    """The whole request, body included."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers: dict[str, str] = {}
    for name, value in scope.get("headers", []):
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    query = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
    return Call(scope["method"], scope["path"], headers, query, body)
