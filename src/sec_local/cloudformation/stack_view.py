"""How stacks and their events are shown: DescribeStacks, DescribeStackEvents, DescribeEvents.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html
"""

from __future__ import annotations

from typing import Any

from sec_local.cloudformation.change_set_view import find_change_set, shown_parameter
from sec_local.cloudformation.interrupted import is_going
from sec_local.cloudformation.wire import Answer, Params, error, find_stack, page_of, parameter, replace_action, result

_EVENT_FIELDS = (
    "StackId", "EventId", "StackName", "LogicalResourceId", "PhysicalResourceId", "ResourceType", "Timestamp",
    "ResourceStatus", "ResourceStatusReason", "ResourceProperties", "ClientRequestToken", "DetailedStatus",
    "OperationId",
)  # fmt: skip
_PAGE = 100


def install() -> None:
    """Replace the three actions."""
    replace_action("DescribeStacks", lambda _: describe_stacks)
    replace_action("DescribeStackEvents", lambda _: describe_stack_events)
    replace_action("DescribeEvents", lambda _: describe_events)


def describe_stacks(params: Params) -> Answer:
    """One stack by name or id, or all that are not deleted."""
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415 - imported on first use

    name = parameter(params, "StackName")
    if name:
        found = find_stack(name)
        if found is None:
            return error("ValidationError", f"Stack with id {name} does not exist")
        shown = [found]
    else:
        shown = [stack for stack in _stacks.values() if stack["StackStatus"] != "DELETE_COMPLETE"]
    page, token, refused = page_of(shown, params, "DescribeStacks")
    return refused or result("DescribeStacks", Stacks=[_stack(stack) for stack in page], NextToken=token)


def _stack(stack: dict[str, Any]) -> dict[str, Any]:
    drift = stack.get("DriftInformation") or {"StackDriftStatus": "NOT_CHECKED"}
    plain = ("StackId", "StackName", "ChangeSetId", "Description", "DeletionTime", "StackStatusReason", "RoleARN")
    status = "DELETE_IN_PROGRESS" if is_going(stack) else stack["StackStatus"]
    return {
        **{name: stack.get(name) or None for name in plain},
        "Parameters": [
            shown_parameter(one, stack.get("_resolved_params") or {}) for one in stack.get("Parameters", [])
        ],
        "CreationTime": stack["CreationTime"],
        "LastUpdatedTime": stack.get("LastUpdatedTime")
        if stack.get("LastUpdatedTime") != stack["CreationTime"]
        else None,
        "RollbackConfiguration": {},
        "StackStatus": status,
        "DisableRollback": bool(stack.get("DisableRollback")),
        "NotificationARNs": stack.get("_notification_arns") or [],
        "TimeoutInMinutes": stack.get("_timeout"),
        "Capabilities": stack.get("Capabilities") or [],
        "Outputs": [_output(one) for one in stack.get("Outputs", [])],
        "Tags": [{"Key": tag["Key"], "Value": tag["Value"]} for tag in stack.get("Tags", [])],
        "EnableTerminationProtection": bool(stack.get("EnableTerminationProtection")),
        "DriftInformation": drift,
        "DeletionMode": stack.get("DeletionMode"),
        "DeploymentConfig": stack.get("_deployment_config"),
        "LastOperations": stack.get("_operations") or None,
    }


def _output(one: dict[str, Any]) -> dict[str, Any]:
    names = ("OutputKey", "OutputValue", "Description", "ExportName")
    return {name: one.get(name) or None if name != "OutputValue" else one.get(name) for name in names}


def describe_stack_events(params: Params) -> Answer:
    """Newest first, a hundred a page; a token holds its place while new events come in."""
    from ministack.services.cloudformation import _stack_events  # noqa: PLC0415 - imported on first use

    name, token = parameter(params, "StackName"), parameter(params, "NextToken")
    stack = find_stack(name)
    if stack is None:
        return error("ValidationError", f"Stack [{name}] does not exist")
    oldest_first = _stack_events.get(stack["StackId"], [])
    tag, _, remaining = token.partition(":")
    if token and (tag != "DescribeStackEvents" or not remaining.isdigit()):
        return error("ValidationError", "Invalid NextToken")
    end = min(int(remaining), len(oldest_first)) if token else len(oldest_first)
    start = max(0, end - _PAGE)
    page = [{name: event.get(name) or None for name in _EVENT_FIELDS} for event in reversed(oldest_first[start:end])]
    return result("DescribeStackEvents", StackEvents=page, NextToken=f"DescribeStackEvents:{start}" if start else None)


def describe_events(params: Params) -> Answer:
    """Operation events of a stack or of a change set; early validation's findings are only here."""
    from ministack.services.cloudformation import handlers  # noqa: PLC0415 - imported on first use

    stack_name, change_set_name = parameter(params, "StackName"), parameter(params, "ChangeSetName")
    operation_id = parameter(params, "OperationId")
    if operation_id and not stack_name:
        events = _of_operation(operation_id)
    elif change_set_name:
        change_set = find_change_set(change_set_name, stack_name)
        if change_set is None:
            return error("ChangeSetNotFound", f"ChangeSet [{change_set_name}] does not exist", 404)
        events = list(change_set.get("_operation_events") or [])
    elif stack_name:
        stack = find_stack(stack_name)
        if stack is None:
            return error("ValidationError", f"Stack [{stack_name}] does not exist")
        events = list(stack.get("_operation_events") or []) + _as_operation_events(stack["StackId"])
    else:
        return error("ValidationError", "Either StackName, ChangeSetName or OperationId must be specified.")
    if operation_id:
        events = [event for event in events if event.get("OperationId") == operation_id]
    if parameter(params, "Filters.FailedEvents").lower() == "true":
        events = [event for event in events if _failed(event)]
    page, token, refused = page_of(events, params, "DescribeEvents")
    fields = (*handlers._OPERATION_EVENT_FIELDS, "ResourceProperties", "ClientRequestToken")  # noqa: SLF001
    shown = [{name: event.get(name) or None for name in fields} for event in page]
    return refused or result("DescribeEvents", OperationEvents=shown, NextToken=token)


def _failed(event: dict[str, Any]) -> bool:
    return event.get("OperationStatus") == "FAILED" or str(event.get("ResourceStatus", "")).endswith("_FAILED")


def _of_operation(operation_id: str) -> list[dict[str, Any]]:
    """The events of an operation whose stack is not named."""
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415 - imported on first use

    return [
        event
        for stack in _stacks.values()
        for event in (stack.get("_operation_events") or []) + _as_operation_events(stack["StackId"])
        if event.get("OperationId") == operation_id
    ]


def _as_operation_events(stack_id: str) -> list[dict[str, Any]]:
    from ministack.services.cloudformation import _stack_events  # noqa: PLC0415 - imported on first use

    return [{**event, "EventType": "STACK_EVENT"} for event in reversed(_stack_events.get(stack_id, []))]
