"""How the server drops a connection without an answer: hypercorn itself would send a 500 first."""

from __future__ import annotations

from typing import Any


def let_connections_drop() -> None:
    """Teach hypercorn's HTTP stream the mark that the gateway leaves in a scope whose connection is to be lost."""
    from hypercorn.protocol.http_stream import HTTPStream  # noqa: PLC0415 - only a server needs it

    if getattr(HTTPStream, "_sec_local_drops", False):
        return
    answer_with_error = HTTPStream._send_error_response  # noqa: SLF001 - hypercorn has no hook for this

    async def answer_or_drop(self: Any, status_code: int) -> None:
        if not self.scope.get("sec_local.drop"):
            await answer_with_error(self, status_code)

    patched: Any = HTTPStream
    patched._send_error_response = answer_or_drop  # noqa: SLF001 - the same
    patched._sec_local_drops = True  # noqa: SLF001 - the same
