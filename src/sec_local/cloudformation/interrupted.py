"""What is asked of a stack that is being worked on: to go while it is made, to stop its update.

The making ends after the resource at hand, then the stack goes; the update ends before it and is taken back.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.resources import BEFORE, Operation, ResourceFailed
from sec_local.cloudformation.wire import Answer, Params, find_stack, parameter, replace_action, result

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = "_delete_when_done"
_CANCELLED = "_cancel_requested"
"""MiniStack's mark. It looks at it between two resources only, and so never after the last."""
_WORDS = {"create": "creation", "update": "update"}
_MOMENT = 0.01
_waiting: set[asyncio.Task[None]] = set()
"""The loop itself holds its tasks loosely."""


def install() -> None:
    """Wrap the deletion; nothing more is made in a stack that is to go, or changed in one that is to stop."""
    replace_action("DeleteStack", _deleting)
    BEFORE.append(_stop)


def is_going(stack: dict[str, Any]) -> bool:
    """Whether somebody asked for the stack's deletion while it was being made."""
    return bool(stack.get(_MARK))


def _deleting(delete: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def delete_stack(params: Params) -> Answer:
        stack = find_stack(parameter(params, "StackName"))
        is_made = stack is not None and stack["StackStatus"] in ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS")
        if stack is None or not is_made or stack.get("EnableTerminationProtection"):
            return delete(params)
        if not is_going(stack):
            stack[_MARK] = True
            task = asyncio.get_running_loop().create_task(_delete_when_done(stack, params, delete))
            _waiting.add(task)
            task.add_done_callback(_waiting.discard)
        return result("DeleteStack")

    return delete_stack


async def _delete_when_done(stack: dict[str, Any], params: Params, delete: Callable[[Params], Answer]) -> None:
    while stack["StackStatus"].endswith("_IN_PROGRESS"):  # noqa: ASYNC110 - MiniStack tells nobody when it is done
        await asyncio.sleep(_MOMENT)
    stack.pop(_MARK)
    delete({**params, "StackName": [stack["StackId"]]})


def _stop(operation: Operation) -> None:
    stack = find_stack(operation.stack_name)
    if stack is None or operation.action not in _WORDS:
        return
    is_stopped = stack["StackStatus"] == "UPDATE_IN_PROGRESS" and stack.pop(_CANCELLED, False)
    if is_stopped or (is_going(stack) and operation.action == "create"):
        raise ResourceFailed(f"Resource {_WORDS[operation.action]} cancelled")
