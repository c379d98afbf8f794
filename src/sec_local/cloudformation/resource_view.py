"""DescribeStackResources: by stack or by the physical id of one of its resources, the first hundred.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
"""

from __future__ import annotations

from typing import Any

from sec_local.cloudformation.wire import Answer, Params, error, find_stack, parameter, replace_action, result

_MOST = 100


def install() -> None:
    """Replace the action."""
    replace_action("DescribeStackResources", lambda _: describe_stack_resources)


def describe_stack_resources(params: Params) -> Answer:
    """With a physical id, all resources of the stack that has it."""
    name, physical_id = parameter(params, "StackName"), parameter(params, "PhysicalResourceId")
    if not name and not physical_id:
        return error("ValidationError", "Either StackName or PhysicalResourceId must be specified.")
    stack = find_stack(name) if name else _stack_with(physical_id)
    if stack is None:
        message = f"Stack with id {name} does not exist" if name else f"Stack for {physical_id} does not exist"
        return error("ValidationError", message)
    resources, logical_id = stack.get("_resources") or {}, parameter(params, "LogicalResourceId")
    if logical_id and logical_id not in resources:
        return error("ValidationError", f"Resource {logical_id} does not exist for stack {stack['StackName']}")
    shown = [logical_id] if logical_id else list(resources)[:_MOST]
    return result("DescribeStackResources", StackResources=[_resource(stack, each, resources[each]) for each in shown])


def _stack_with(physical_id: str) -> dict[str, Any] | None:
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415 - imported on first use

    for stack in _stacks.values():
        held = {one["PhysicalResourceId"] for one in (stack.get("_resources") or {}).values()}
        if physical_id in held and stack["StackStatus"] != "DELETE_COMPLETE":
            found: dict[str, Any] = stack
            return found
    return None


def _resource(stack: dict[str, Any], logical_id: str, record: dict[str, Any]) -> dict[str, Any]:
    names = ("PhysicalResourceId", "ResourceType", "Timestamp", "ResourceStatus")
    return {
        "StackName": stack["StackName"],
        "StackId": stack["StackId"],
        "LogicalResourceId": logical_id,
        **{name: record.get(name) for name in names},
        "ResourceStatusReason": record.get("ResourceStatusReason") or None,
        "DriftInformation": record.get("DriftInformation") or {"StackResourceDriftStatus": "NOT_CHECKED"},
    }
