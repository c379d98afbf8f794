"""Reading CloudFormation's parameters and writing its answers, in MiniStack's form."""

from __future__ import annotations

from typing import Any

from sec_local.xml import elements

Params = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def parameter(params: Params, name: str, default: str = "") -> str:
    """One parameter of a call; `default` where it is not given."""
    value = params.get(name, default)
    return str(value[0] if isinstance(value, list) and value else value or default)


def listed(params: Params, name: str) -> list[str]:
    """A list of texts: `NotificationARNs.member.1`, ..."""
    from ministack.services.cloudformation import helpers  # noqa: PLC0415 - imported on first use

    values: list[str] = helpers._extract_string_members(params, name)  # noqa: SLF001 - its reader of lists
    return values


def result(action: str, **values: Any) -> Answer:
    """A successful answer of `action`."""
    from ministack.services.cloudformation import helpers  # noqa: PLC0415 - imported on first use

    answer: Answer = helpers._xml(200, f"{action}Response", f"<{action}Result>{elements(values)}</{action}Result>")  # noqa: SLF001
    return answer


def error(code: str, message: str, status: int = 400) -> Answer:
    """A refusal."""
    from ministack.services.cloudformation import helpers  # noqa: PLC0415 - the same

    answer: Answer = helpers._error(code, message, status)  # noqa: SLF001 - its errors
    return answer


def replace_action(action: str, wrap: Any) -> None:
    """Put `wrap(previous)` in MiniStack's table of actions."""
    from ministack.services.cloudformation import handlers  # noqa: PLC0415 - the same

    table = handlers._ACTION_HANDLERS  # noqa: SLF001 - its table of actions
    table[action] = wrap(table.get(action))


def find_stack(name_or_id: str) -> dict[str, Any] | None:
    """A stack by name (one that is not deleted) or by id."""
    from ministack.services.cloudformation import handlers  # noqa: PLC0415 - the same

    stack: dict[str, Any] | None = handlers._resolve_stack(name_or_id)  # noqa: SLF001 - its lookup
    if stack and stack["StackStatus"] == "DELETE_COMPLETE" and stack["StackId"] != name_or_id:
        return None
    return stack


def page_of(
    items: list[Any], params: Params, action: str, size: int = 100
) -> tuple[list[Any], str | None, Answer | None]:
    """One page, the token of the next one, or the refusal of a token that is none of ours."""
    token = parameter(params, "NextToken")
    start = 0
    if token:
        tag, _, offset = token.partition(":")
        if tag != action or not offset.isdigit():
            return [], None, error("ValidationError", "Invalid NextToken")
        start = int(offset)
    end = start + size
    return items[start:end], f"{action}:{end}" if end < len(items) else None, None
