"""Making change sets: which stack, which type, and what it holds.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Self

from sec_local.cloudformation import change_set_view, early_validation, express, revert_drift
from sec_local.cloudformation.change_set_values import add_values
from sec_local.cloudformation.wire import Answer, Params, error, find_stack, parameter, replace_action, result
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
_UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED", "CREATE_FAILED",
    }
)  # fmt: skip


def install() -> None:
    """Wrap the actions on change sets."""
    replace_action("CreateChangeSet", _creating)
    replace_action("ExecuteChangeSet", _executing)
    replace_action("DeleteChangeSet", _deleting)
    replace_action("DescribeChangeSet", lambda _: change_set_view.describe)
    replace_action("ListChangeSets", lambda _: change_set_view.list_of)


def _creating(create: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def create_change_set(params: Params) -> Answer:
        params = _with_defaults(params)
        refused = _refusal(params) or express.refusal(params)
        if refused:
            return refused
        live = find_stack(parameter(params, "StackName"))
        if live is None or not revert_drift.is_asked_for(params):
            return _create(create, params)
        drifted = revert_drift.fetch_drifted(live)
        with revert_drift.as_it_is(live, drifted):
            answer = _create(create, _with_previous_template(params, live))
        made = change_set_view.find_change_set(parameter(params, "ChangeSetName"), parameter(params, "StackName"))
        if made is not None and answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
            revert_drift.describe(made, drifted)
        return answer

    return create_change_set


def _create(create: Callable[[Params], Answer], params: Params) -> Answer:
    with _WaitingStack(params) as waiting:
        answer = create(params)
        if answer[0] != 200:  # noqa: PLR2004 - HTTP's OK
            return answer
        change_set, stack = waiting.made()
    _complete(change_set, stack, params)
    return result("CreateChangeSet", Id=change_set["ChangeSetId"], StackId=change_set["StackId"])


def _with_defaults(params: Params) -> Params:
    """UsePreviousTemplate needs no template; the stack may be named by its id."""
    stack = find_stack(parameter(params, "StackName"))
    return {**params, "StackName": [stack["StackName"]]} if stack else params


def _with_previous_template(params: Params, stack: dict[str, Any]) -> Params:
    """The stack's own template stated, for when the stack reads as if it had another."""
    if parameter(params, "UsePreviousTemplate").lower() != "true":
        return params
    rest = {name: value for name, value in params.items() if name != "UsePreviousTemplate"}
    return {**rest, "TemplateBody": [stack["_template_body"]]}


def _refusal(params: Params) -> Answer | None:
    name, stack_name = parameter(params, "ChangeSetName"), parameter(params, "StackName")
    if name and not _NAME.fullmatch(name):
        return error(
            "ValidationError",
            f"1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        )
    stack = find_stack(stack_name)
    kind = parameter(params, "ChangeSetType", "UPDATE")
    if revert_drift.is_asked_for(params) and kind != "UPDATE":
        return error("ValidationError", "DeploymentMode REVERT_DRIFT is only valid when ChangeSetType is UPDATE.")
    if stack is None or kind == "IMPORT":
        return None
    status = stack["StackStatus"]
    if kind == "CREATE" and status != "REVIEW_IN_PROGRESS":
        return error(
            "ValidationError",
            f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}].",
        )
    if kind == "UPDATE" and status not in _UPDATABLE:
        return error("ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated.")
    return None


class _WaitingStack:
    """A stack in REVIEW_IN_PROGRESS keeps its identity when another CREATE change set joins it.

    MiniStack would make a new stack in its place.
    """

    def __init__(self, params: Params) -> None:
        self._name = parameter(params, "StackName")
        self._before = find_stack(self._name)
        self._change_set_name = parameter(params, "ChangeSetName")

    def __enter__(self) -> Self:
        return self

    def made(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The new change set and its stack."""
        from ministack.services.cloudformation import _change_sets, _stacks  # noqa: PLC0415 - on first use

        stack = _stacks[self._name]
        change_set = next(
            one
            for one in reversed(list(_change_sets.values()))
            if one["ChangeSetName"] == self._change_set_name and one["StackName"] == self._name
        )
        if self._before is not None and self._before["StackStatus"] == "REVIEW_IN_PROGRESS":
            change_set["StackId"] = self._before["StackId"]
            stack = self._before
        return change_set, stack

    def __exit__(self, *_: object) -> None:
        from ministack.services.cloudformation import _stack_events, _stacks  # noqa: PLC0415 - on first use

        if self._before is None or self._before["StackStatus"] != "REVIEW_IN_PROGRESS":
            return
        replacement = _stacks.get(self._name)
        if replacement is not self._before:
            if replacement is not None:
                _stack_events.pop(replacement["StackId"], None)
            _stacks[self._name] = self._before


def _complete(change_set: dict[str, Any], stack: dict[str, Any], params: Params) -> None:
    """What MiniStack does not note: values, deployment, whether it is valid, when it is ready."""
    add_values(change_set, stack)
    change_set["_deployment_config"] = express.config_of(params)
    for one in change_set["Parameters"]:
        one["NoEcho"] = change_set["_resolved_params"][one["ParameterKey"]]["NoEcho"]
    change_set["_role_arn"] = parameter(params, "RoleARN") or stack.get("RoleARN")
    if change_set["Status"] == "FAILED" and _outputs_differ(change_set, stack):
        change_set.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")
    if parameter(params, "DisableValidation").lower() != "true":
        early_validation.judge(change_set, stack)
    change_set["_ready_at"] = time.time() + SETTINGS.delay


def _outputs_differ(change_set: dict[str, Any], stack: dict[str, Any]) -> bool:
    """A change of outputs alone is a change, though no resource shows it."""
    old, new = stack.get("_template") or {}, change_set["_template"]
    return change_set["ChangeSetType"] == "UPDATE" and (old.get("Outputs") or {}) != (new.get("Outputs") or {})


def _executing(execute: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def execute_change_set(params: Params) -> Answer:
        name, stack_name = parameter(params, "ChangeSetName"), parameter(params, "StackName")
        change_set = change_set_view.find_change_set(name, stack_name)
        if change_set is None:
            return error("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
        status, execution = change_set_view.current_status(change_set)
        if execution != "AVAILABLE":
            return error(
                "InvalidChangeSetStatus",
                f"ChangeSet [{change_set['ChangeSetId']}] cannot be executed in its current status of [{status}]",
            )
        stack = find_stack(change_set["StackId"])
        if stack is None or (stack["StackStatus"] not in _UPDATABLE and stack["StackStatus"] != "REVIEW_IN_PROGRESS"):
            state = stack["StackStatus"] if stack else "DELETE_COMPLETE"
            return error(
                "ValidationError", f"Stack:{change_set['StackId']} is in {state} state and can not be updated."
            )
        params = express.with_rollback_default({**params, "ChangeSetName": [change_set["ChangeSetId"]]}, change_set)
        stack["ChangeSetId"] = change_set["ChangeSetId"]
        stack["_deployment_config"] = change_set.get("_deployment_config")
        stack["RoleARN"] = change_set.get("_role_arn")
        stack["StackStatusReason"] = ""
        if change_set.get("_drifted"):
            drifted = revert_drift.fetch_drifted(stack)
            revert_drift.take_over(stack, {name: drifted[name] for name in change_set["_drifted"] if name in drifted})
        return execute(params)

    return execute_change_set


def _deleting(delete: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def delete_change_set(params: Params) -> Answer:
        change_set = change_set_view.find_change_set(parameter(params, "ChangeSetName"), parameter(params, "StackName"))
        if change_set is not None and change_set["ExecutionStatus"] == "EXECUTE_IN_PROGRESS":
            return error(
                "InvalidChangeSetStatus",
                f"ChangeSet [{change_set['ChangeSetId']}] cannot be deleted in its current status",
            )
        if change_set is not None:
            params = {**params, "ChangeSetName": [change_set["ChangeSetId"]]}
        return delete(params)

    return delete_change_set
