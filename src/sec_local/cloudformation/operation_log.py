"""Which operation an event belongs to, and what was asked of the resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html (OperationId, ResourceProperties)
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_OperationEntry.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sec_local.cloudformation.wire import find_stack

if TYPE_CHECKING:
    from collections.abc import Callable

_BEGINNINGS = {
    "CREATE_IN_PROGRESS": "CREATE_STACK",
    "UPDATE_IN_PROGRESS": "UPDATE_STACK",
    "DELETE_IN_PROGRESS": "DELETE_STACK",
}
# A rollback that follows a failure belongs to the operation that failed; one that was asked for is its own.
_ASKED_FOR = {"ROLLBACK_IN_PROGRESS": "ROLLBACK", "UPDATE_ROLLBACK_IN_PROGRESS": "ROLLBACK"}


def begin(stack: dict[str, Any], status: str, reason: str) -> None:
    """A status of the stack that starts an operation gives it an id."""
    kind = _BEGINNINGS.get(status) or (_ASKED_FOR.get(status) if reason == "User Initiated" else None)
    if kind == "ROLLBACK" and stack.get("_rollback_failed"):
        kind = "CONTINUE_ROLLBACK"
    if kind:
        stack["_operations"] = [{"OperationType": kind, "OperationId": str(uuid4())}]
        stack["_asked"] = {}


def noting(record: Callable[..., None]) -> Callable[..., None]:
    """MiniStack's writer of events, with what it leaves out."""

    def record_all(stack_id: str, *rest: Any, **more: Any) -> None:
        from ministack.services.cloudformation import _stack_events  # noqa: PLC0415 - imported on first use

        record(stack_id, *rest, **more)
        stack = find_stack(stack_id) or {}
        event = _stack_events[stack_id][-1]
        for operation in stack.get("_operations") or []:
            event.update(operation)
        event["ResourceProperties"] = (stack.get("_asked") or {}).get(event["LogicalResourceId"], "")

    return record_all


def asked(stack_name: str, logical_id: str, properties: dict[str, Any]) -> None:
    """These properties are what an operation is about to make true: the event of its beginning shows them too."""
    from ministack.services.cloudformation import _stack_events  # noqa: PLC0415 - imported on first use

    stack = find_stack(stack_name)
    if stack is None:
        return
    stack.setdefault("_asked", {})[logical_id] = json.dumps(properties)
    last = _stack_events[stack["StackId"]][-1]
    if last["LogicalResourceId"] == logical_id:
        last["ResourceProperties"] = stack["_asked"][logical_id]
