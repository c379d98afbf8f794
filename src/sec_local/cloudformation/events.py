"""Events in the order and with the words of AWS, made out of those that MiniStack records.

MiniStack says "update" of everything that an update passes, changed or not, and nothing of a creation's second half
or of the clean-up. Here an unchanged resource has no event, an added one is created, a creation is initiated and
then complete, and what an update removes is deleted between UPDATE_COMPLETE_CLEANUP_IN_PROGRESS and UPDATE_COMPLETE.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation import operation_log
from sec_local.cloudformation.wire import find_stack

if TYPE_CHECKING:
    from collections.abc import Callable

STACK = "AWS::CloudFormation::Stack"
_CLEANUP = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
# A resource that a continued rollback leaves out counts as updated:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html (ResourcesToSkip)
_SKIPPED = "Resource rollback skipped by user"


@dataclass
class _Progress:
    """What is known of the operation that runs on one stack."""

    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Beginnings of updates that may turn out to change nothing, by logical id."""
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What MiniStack knew of these resources before."""
    created: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    stack_failure: str = ""
    """Why the stack itself failed, where no resource did: an output, early validation."""
    cleaning: bool = False


_progress: dict[str, _Progress] = {}
_record: Callable[..., None]


def install() -> None:
    """Stand between MiniStack and its list of events."""
    global _record  # noqa: PLW0603 - there is one MiniStack per process
    from ministack.services.cloudformation import (  # noqa: PLC0415 - imported on first use
        changesets,
        handlers,
        stacks,
    )

    _record = operation_log.noting(stacks._add_event)  # noqa: SLF001 - its one writer of events
    for module in (stacks, handlers, changesets):
        module._add_event = add  # noqa: SLF001 - the same


def add(  # noqa: PLR0913, PLR0917 - MiniStack's signature
    stack_id: str, stack_name: str, logical_id: str, resource_type: str, status: str,
    reason: str = "", physical_id: str = "", detailed_status: str = "",
) -> None:  # fmt: skip
    """An event as MiniStack has it, turned into what AWS would show of it."""
    if resource_type == STACK and logical_id == stack_name:
        _stack_event(stack_id, stack_name, status, reason, detailed_status)
        return
    progress = _progress.setdefault(stack_id, _Progress())
    event = {
        "stack_id": stack_id, "stack_name": stack_name, "logical_id": logical_id,
        "resource_type": resource_type, "status": status, "reason": reason, "physical_id": physical_id,
    }  # fmt: skip
    if status == "UPDATE_IN_PROGRESS":
        _update_begins(progress, event)
    elif status == "UPDATE_COMPLETE":
        _update_ends(progress, event)
    elif status in ("UPDATE_FAILED", "CREATE_FAILED"):
        _fails(progress, event)
    elif status == "CREATE_COMPLETE":
        _initiated(event)
        _write(event)
    else:
        _write(event)


def is_changing(stack_name: str, logical_id: str) -> None:
    """A resource is really being updated: its beginning is shown now."""
    stack = find_stack(stack_name)
    progress = _progress.get(stack["StackId"]) if stack else None
    if progress and (held := progress.held.pop(logical_id, None)):
        _write(held)


def cleans_up(stack_name: str) -> bool:
    """Whether a deletion now is the clean-up of an update that succeeded; the first one begins it."""
    stack = find_stack(stack_name)
    if stack is None or stack["StackStatus"] not in ("UPDATE_IN_PROGRESS", _CLEANUP):
        return False
    _begin_cleanup(stack)
    return True


def write_cleanup(stack_name: str, logical_id: str, resource_type: str, physical_id: str, status: str) -> None:
    """One step of the deletion of what an update removed."""
    stack = find_stack(stack_name)
    if stack is not None:
        _record(stack["StackId"], stack_name, logical_id, resource_type, status, "", physical_id)


def _update_begins(progress: _Progress, event: dict[str, Any]) -> None:
    logical_id = event["logical_id"]
    record = _records(event["stack_name"]).get(logical_id)
    if record is None:
        progress.created.add(logical_id)
        _write({**event, "status": "CREATE_IN_PROGRESS"})
        return
    progress.records[logical_id] = dict(record)
    if event["reason"]:
        progress.held.pop(logical_id, None)
        _write(event)
    else:
        progress.held[logical_id] = {**event, "physical_id": record.get("PhysicalResourceId", "")}


def _update_ends(progress: _Progress, event: dict[str, Any]) -> None:
    logical_id = event["logical_id"]
    record = _records(event["stack_name"]).get(logical_id)
    if logical_id in progress.created:
        progress.created.discard(logical_id)
        if record is not None:
            record["ResourceStatus"] = "CREATE_COMPLETE"
        _initiated(event)
        _write({**event, "status": "CREATE_COMPLETE"})
        return
    before = progress.records.pop(logical_id, None)
    if record is not None and event["reason"] == _SKIPPED:
        record["ResourceStatus"] = "UPDATE_COMPLETE"
    if progress.held.pop(logical_id, None) is not None:
        _keep_as_it_was(record, before)
        return
    if before is not None and before.get("PhysicalResourceId") != event["physical_id"]:
        _write({**event, "status": "UPDATE_IN_PROGRESS", "reason": "Resource creation Initiated"})
    _write(event)


def _keep_as_it_was(record: dict[str, Any] | None, before: dict[str, Any] | None) -> None:
    """A resource that an update passes over keeps its status, its time and what is known of its drift."""
    for name in ("ResourceStatus", "Timestamp", "DriftInformation", "_drift"):
        if record is not None and before is not None and name in before:
            record[name] = before[name]


def _fails(progress: _Progress, event: dict[str, Any]) -> None:
    logical_id = event["logical_id"]
    held = progress.held.pop(logical_id, None)
    if held:
        _write(held)
    if logical_id in progress.created:
        progress.created.discard(logical_id)
        event = {**event, "status": "CREATE_FAILED"}
    elif event["status"] == "UPDATE_FAILED" and not event["physical_id"]:
        record = _records(event["stack_name"]).get(logical_id) or {}
        event = {**event, "physical_id": record.get("PhysicalResourceId", "")}
    progress.failed.append(logical_id)
    _write(event)


def _initiated(event: dict[str, Any]) -> None:
    _write({**event, "status": "CREATE_IN_PROGRESS", "reason": "Resource creation Initiated"})


def _stack_event(stack_id: str, stack_name: str, status: str, reason: str, detailed_status: str) -> None:
    stack = find_stack(stack_id)
    progress = _progress.setdefault(stack_id, _Progress())
    if stack is not None:
        operation_log.begin(stack, status, reason)
    if status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
        progress = _progress[stack_id] = _Progress()
        reason = reason or "User Initiated"
    if status == "ROLLBACK_COMPLETE":
        reason = ""
    if status.endswith("_FAILED"):
        progress.stack_failure = reason
    if status.endswith("ROLLBACK_IN_PROGRESS") and reason == "Rollback requested" and not progress.failed:
        reason = f"{progress.stack_failure or reason}"
    if status == "ROLLBACK_IN_PROGRESS" and progress.failed and reason == "Rollback requested":
        names = ", ".join(progress.failed)
        reason = f"The following resource(s) failed to create: [{names}]. Rollback requested by user."
    if stack is not None:
        if status == "UPDATE_COMPLETE":
            _begin_cleanup(stack)
            stack["StackStatus"] = status
        if status == "UPDATE_ROLLBACK_FAILED":
            _mark_failed(stack)
        _note_reason(stack, status, reason)
    _record(stack_id, stack_name, stack_name, STACK, status, reason, stack_id, detailed_status)


def _mark_failed(stack: dict[str, Any]) -> None:
    """What a rollback has failed on is in UPDATE_FAILED: by that one tells what can be skipped.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html (ResourcesToSkip)
    """
    for logical_id in stack.get("_rollback_failed") or {}:
        if record := stack["_resources"].get(logical_id):
            record["ResourceStatus"] = "UPDATE_FAILED"


def _begin_cleanup(stack: dict[str, Any]) -> None:
    progress = _progress.setdefault(stack["StackId"], _Progress())
    if not progress.cleaning:
        progress.cleaning = True
        stack["StackStatus"] = _CLEANUP
        _record(stack["StackId"], stack["StackName"], stack["StackName"], STACK, _CLEANUP, "", stack["StackId"])


def _note_reason(stack: dict[str, Any], status: str, reason: str) -> None:
    """DescribeStacks gives the reason of the last status that had one; success clears it."""
    from ministack.core.responses import now_iso  # noqa: PLC0415 - imported on first use

    if reason:
        stack["StackStatusReason"] = reason
    elif status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"):
        stack["StackStatusReason"] = ""
    if status in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE"):
        stack["DeletionTime"] = stack.get("DeletionTime") or now_iso()


def _records(stack_name: str) -> dict[str, Any]:
    stack = find_stack(stack_name)
    return (stack or {}).get("_resources") or {}


def _write(event: dict[str, Any]) -> None:
    _record(
        event["stack_id"], event["stack_name"], event["logical_id"], event["resource_type"], event["status"],
        event["reason"], event["physical_id"],
    )  # fmt: skip
