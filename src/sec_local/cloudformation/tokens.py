"""A call that is repeated with its token is the same call: the retry of a lost answer makes nothing twice.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (ClientRequestToken)
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html (ClientToken)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.cloudformation.change_set_view import find_change_set
from sec_local.cloudformation.wire import Answer, Params, find_stack, parameter, replace_action, result

if TYPE_CHECKING:
    from collections.abc import Callable

_OPERATIONS = ("CreateStack", "UpdateStack")


def install() -> None:
    """Remember the token of each operation on its stack or change set."""
    for action in _OPERATIONS:
        replace_action(action, _remembering(action))
    replace_action("CreateChangeSet", _remembering_change_set)


def _remembering(action: str) -> Callable[[Callable[[Params], Answer]], Callable[[Params], Answer]]:
    def wrap(operation: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
        def once(params: Params) -> Answer:
            name, token = parameter(params, "StackName"), parameter(params, "ClientRequestToken")
            before = find_stack(name)
            if token and before is not None and before.get("_tokens", {}).get(action) == token:
                return result(action, StackId=before["StackId"])
            answer = operation(params)
            stack = find_stack(name)
            if token and stack is not None and answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
                stack.setdefault("_tokens", {})[action] = token
            return answer

        return once

    return wrap


def _remembering_change_set(create: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def once(params: Params) -> Answer:
        name, stack_name = parameter(params, "ChangeSetName"), parameter(params, "StackName")
        token = parameter(params, "ClientToken")
        before = find_change_set(name, stack_name)
        if token and before is not None and before.get("_token") == token:
            return result("CreateChangeSet", Id=before["ChangeSetId"], StackId=before["StackId"])
        answer = create(params)
        made = find_change_set(name, stack_name) if token else None
        if made is not None and answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
            made["_token"] = token
        return answer

    return once
