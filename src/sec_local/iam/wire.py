"""Reading IAM's parameters, writing its answers, and standing in front of its actions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sec_local.xml import elements, escape

if TYPE_CHECKING:
    from collections.abc import Iterator

Params = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Check = Callable[[Params], Answer | None]
"""Refuses a call, or returns None."""

BY_SERVICE: ContextVar[bool] = ContextVar("sec_local_by_service", default=False)
"""Whether an AWS service asks on behalf of someone: it may use what is reserved for AWS (`aws:` tags)."""


@contextmanager
def by_service() -> Iterator[None]:
    """What is asked inside is asked by a service."""
    token = BY_SERVICE.set(True)
    try:
        yield
    finally:
        BY_SERVICE.reset(token)


def parameter(params: Params, name: str, default: str = "") -> str:
    """One parameter of a call; `default` where it is not given."""
    value = params.get(name, default)
    return str(value[0] if isinstance(value, list) and value else value or default)


def members(params: Params, name: str) -> list[str]:
    """A list of texts: `Filter.member.1`, ..."""
    values: list[str] = []
    while f"{name}.member.{len(values) + 1}" in params:
        values.append(parameter(params, f"{name}.member.{len(values) + 1}"))
    return values


def tags_of(params: Params) -> list[dict[str, str]]:
    """`Tags.member.N.Key` and `.Value`."""
    tags: list[dict[str, str]] = []
    while f"Tags.member.{len(tags) + 1}.Key" in params:
        prefix = f"Tags.member.{len(tags) + 1}"
        tags.append({"Key": parameter(params, f"{prefix}.Key"), "Value": parameter(params, f"{prefix}.Value")})
    return tags


def result(action: str, **values: Any) -> Answer:
    """A successful answer of `action`; without values one that has no result."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    inner = f"<{action}Result>{elements(values)}</{action}Result>" if values else ""
    answer: Answer = iam._xml(200, f"{action}Response", inner, ns="iam")  # noqa: SLF001 - its answers
    return answer


def error(code: str, message: str, status: int = 400) -> Answer:
    """A refusal."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    answer: Answer = iam._error(status, code, message, ns="iam")  # noqa: SLF001 - its errors
    return answer


def constraint(value: str, name: str, text: str) -> Answer:
    """A parameter that does not fit, as IAM words it. `name` is spelt as in the API."""
    where = name[:1].lower() + name[1:]
    return error(
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{where}' failed to satisfy constraint: {text}",
    )


def guard(actions: tuple[str, ...] | list[str], check: Check) -> None:
    """Ask `check` before each of `actions`; what was added last is asked first."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    table = iam._IAM_HANDLERS  # noqa: SLF001 - its table of actions
    for action in actions:
        table[action] = _guarded(table[action], check)


def replace_action(action: str, wrap: Callable[[Callable[[Params], Answer]], Callable[[Params], Answer]]) -> None:
    """Put `wrap(previous)` in the table of actions."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    table = iam._IAM_HANDLERS  # noqa: SLF001 - its table of actions
    table[action] = wrap(table[action])


def _guarded(handler: Callable[[Params], Answer], check: Check) -> Callable[[Params], Answer]:
    def guarded(params: Params) -> Answer:
        return check(params) or handler(params)

    return guarded


def add_action(action: str, handler: Callable[[Params], Answer]) -> None:
    """An action that MiniStack lacks, or does in another way."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    iam._IAM_HANDLERS[action] = handler  # noqa: SLF001 - its table of actions


def escape_errors() -> None:
    """MiniStack puts messages into XML as they are; one that quotes a document would break it."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    plain = iam._error  # noqa: SLF001 - its errors

    def escaped(status: int, code: str, message: str, ns: str = "iam") -> Answer:
        answer: Answer = plain(status, code, escape(message), ns=ns)
        return answer

    iam._error = escaped  # noqa: SLF001 - the same
