"""DescribeChangeSet and ListChangeSets, paged and with values where they are asked for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

from __future__ import annotations

import copy
import time
from typing import Any

from sec_local.cloudformation.wire import Answer, Params, error, find_stack, page_of, parameter, result
from sec_local.schemas import json_properties
from sec_local.settings import SETTINGS

_WITH_VALUES = ("BeforeContext", "AfterContext")
_TARGET_VALUES = ("Path", "Drift", "BeforeValue", "AfterValue", "AttributeChangeType")


def describe(params: Params) -> Answer:
    """The action."""
    name, stack_name = parameter(params, "ChangeSetName"), parameter(params, "StackName")
    if not stack_name and not name.startswith("arn:"):
        return error("ValidationError", "StackName must be specified if ChangeSetName is not specified as an ARN.")
    change_set = find_change_set(name, stack_name)
    if change_set is None:
        return error("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    with_values = parameter(params, "IncludePropertyValues").lower() == "true"
    changes, token, refused = page_of(_changes(change_set, with_values=with_values), params, "DescribeChangeSet")
    if refused:
        return refused
    status, execution = current_status(change_set)
    reason = change_set.get("StatusReason")
    return result(
        "DescribeChangeSet",
        ChangeSetName=change_set["ChangeSetName"],
        ChangeSetId=change_set["ChangeSetId"],
        StackId=change_set["StackId"],
        StackName=change_set["StackName"],
        Description=change_set.get("Description") or None,
        Parameters=[shown_parameter(one, change_set["_resolved_params"]) for one in change_set["Parameters"]],
        CreationTime=change_set["CreationTime"],
        ExecutionStatus=execution,
        Status=status,
        StatusReason=None if with_values and SETTINGS.change_set_gaps else reason or None,
        NotificationARNs=[],
        RollbackConfiguration={},
        Capabilities=change_set.get("Capabilities", []),
        Tags=[{"Key": tag["Key"], "Value": tag["Value"]} for tag in change_set.get("Tags", [])],
        Changes=changes if status in ("CREATE_COMPLETE", "FAILED") else [],
        NextToken=token,
        IncludeNestedStacks=False,
        OnStackFailure=change_set.get("OnStackFailure") or None,
        ImportExistingResources=change_set.get("ImportExistingResources") or None,
        DeploymentMode=change_set.get("DeploymentMode"),
        StackDriftStatus=change_set.get("StackDriftStatus"),
        DeploymentConfig=change_set.get("_deployment_config"),
    )


def list_of(params: Params) -> Answer:
    """ListChangeSets."""
    name = parameter(params, "StackName")
    stack = find_stack(name)
    if stack is None:
        return error("ValidationError", f"Stack [{name}] does not exist")
    from ministack.services.cloudformation import _change_sets  # noqa: PLC0415 - imported on first use

    own = [one for one in _change_sets.values() if one["StackId"] == stack["StackId"]]
    page, token, refused = page_of(own, params, "ListChangeSets")
    if refused:
        return refused
    return result("ListChangeSets", Summaries=[_summary(one) for one in page], NextToken=token)


def _summary(change_set: dict[str, Any]) -> dict[str, Any]:
    status, execution = current_status(change_set)
    return {
        **{name: change_set[name] for name in ("StackId", "StackName", "ChangeSetId", "ChangeSetName")},
        "ExecutionStatus": execution,
        "Status": status,
        "StatusReason": change_set.get("StatusReason") or None,
        "CreationTime": change_set["CreationTime"],
        "Description": change_set.get("Description") or None,
        "IncludeNestedStacks": False,
        "ImportExistingResources": change_set.get("ImportExistingResources") or None,
    }


def shown_parameter(one: dict[str, Any], resolved: dict[str, Any]) -> dict[str, Any]:
    """A parameter as it was given, hidden by NoEcho; one that names an SSM parameter with the value behind it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html
    """
    key = one["ParameterKey"]
    if one.get("NoEcho"):
        return {"ParameterKey": key, "ParameterValue": "****"}
    name = resolved.get(key, {}).get("SsmName")
    value = one.get("ParameterValue", "")
    return {"ParameterKey": key, "ParameterValue": name or value, "ResolvedValue": value if name else None}


def current_status(change_set: dict[str, Any]) -> tuple[str, str]:
    """Status and execution status now: with a delay, a change set takes its time to be made."""
    if time.time() < change_set.get("_ready_at", 0):
        return "CREATE_IN_PROGRESS", "UNAVAILABLE"
    return change_set["Status"], change_set["ExecutionStatus"]


def find_change_set(name: str, stack_name: str) -> dict[str, Any] | None:
    """By id, or by name within a stack."""
    from ministack.services.cloudformation import _change_sets  # noqa: PLC0415 - imported on first use

    found: dict[str, Any] | None = _change_sets.get(name)
    if found is not None or not stack_name:
        return found
    stack = find_stack(stack_name)
    return next(
        (
            one
            for one in _change_sets.values()
            if one["ChangeSetName"] == name and stack is not None and one["StackId"] == stack["StackId"]
        ),
        None,
    )


def _changes(change_set: dict[str, Any], *, with_values: bool) -> list[dict[str, Any]]:
    shown = []
    for change in change_set.get("Changes", []):
        one = copy.deepcopy(change["ResourceChange"])
        one.setdefault("Scope", [])
        one.setdefault("Details", [])
        if with_values and SETTINGS.change_set_gaps and not _drop_json_details(one):
            continue
        if not with_values:
            _drop_values(one)
        shown.append({"Type": "Resource", "ResourceChange": one})
    return shown


def _drop_values(change: dict[str, Any]) -> None:
    for name in _WITH_VALUES:
        change.pop(name, None)
    for detail in change.get("Details", []):
        for name in _TARGET_VALUES:
            detail["Target"].pop(name, None)


def _drop_json_details(change: dict[str, Any]) -> bool:
    """The gap that users met: with values, changes of JSON-typed properties are missing.

    Returns:
        Whether anything is left of the change.
    """
    if change["Action"] != "Modify":
        return True
    free_form = json_properties(change["ResourceType"])
    change["Details"] = [
        detail for detail in change.get("Details", []) if detail["Target"].get("Name") not in free_form
    ]
    return bool(change["Details"])
