"""Every create, update and delete of a resource goes through here: faults, delays and the hooks of others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation import events, operation_log
from sec_local.cloudformation.early_validation import failure_text
from sec_local.cloudformation.resources import BEFORE, Operation, ResourceFailed
from sec_local.cloudformation.wire import find_stack
from sec_local.faults import FAULTS
from sec_local.iam.wire import by_service
from sec_local.property_validation import problems_of
from sec_local.schemas import schema_of
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable


def before(operation: Operation) -> None:
    """Wait, fail or go on, as the settings, the faults and `BEFORE` say.

    Raises:
        ResourceFailed: a fault wants this operation to fail, or the properties are not what the schema allows.
    """
    stated = _without_reserved_tags(operation.old if operation.action == "delete" else operation.new)
    operation_log.asked(operation.stack_name, operation.logical_id, stated)
    if SETTINGS.delay and not _is_express(operation.stack_name):
        # In a worker thread: `install` sends every type there while there is a delay.
        time.sleep(SETTINGS.delay)
    for fault in FAULTS.strikes(operation.type, operation.action, resource=operation.logical_id):
        raise ResourceFailed(
            fault.message
            or 'Resource handler returned message: "Internal failure" '
            f"(HandlerErrorCode: {fault.code or 'InternalFailure'})"
        )
    for hook in BEFORE:
        hook(operation)
    _judge_properties(operation)


def _is_express(stack_name: str) -> bool:
    """Express mode does not wait for what was made to settle."""
    stack = find_stack(stack_name)
    return ((stack or {}).get("_deployment_config") or {}).get("Mode") == "EXPRESS"


def _judge_properties(operation: Operation) -> None:
    """What could only be known now: properties whose functions needed other resources."""
    schema = schema_of(operation.type) if operation.action != "delete" else None
    if schema is None:
        return
    problems = problems_of(_without_reserved_tags(operation.new), schema)
    if problems:
        raise ResourceFailed(failure_text(operation.logical_id, problems))


def _without_reserved_tags(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties as the template means them: `aws:` tags are CloudFormation's own."""
    tags = properties.get("Tags")
    if isinstance(tags, list):
        kept = [tag for tag in tags if not str(tag.get("Key", "")).startswith("aws:")]
    elif isinstance(tags, dict):
        return {**properties, "Tags": {key: tags[key] for key in tags if not key.startswith("aws:")}}
    else:
        return properties
    return {**properties, "Tags": kept}


def install() -> None:
    """Wrap the three functions through which MiniStack reaches its resource types."""
    from ministack.services.cloudformation import provisioners, stacks  # noqa: PLC0415 - imported on first use

    on_thread: Callable[[str], bool] = stacks._runs_on_worker_thread  # noqa: SLF001 - its seams
    creating = _creating(stacks._provision_resource)  # noqa: SLF001 - the same
    updating = _updating(stacks._update_resource)  # noqa: SLF001 - the same
    deleting = _deleting(stacks._delete_resource)  # noqa: SLF001 - the same
    for module in (stacks, provisioners):
        module._provision_resource = creating  # noqa: SLF001 - the same
        module._update_resource = updating  # noqa: SLF001 - the same
        module._delete_resource = deleting  # noqa: SLF001 - the same
    stacks._runs_on_worker_thread = lambda kind: bool(SETTINGS.delay) or on_thread(kind)  # noqa: SLF001 - the same


def _creating(create: Any) -> Any:
    def creating(resource_type: str, logical_id: str, properties: Any, stack_name: str) -> Any:
        before(Operation("create", resource_type, logical_id, "", {}, properties, stack_name))
        with by_service():
            return create(resource_type, logical_id, properties, stack_name)

    return creating


def _updating(update: Any) -> Any:
    def updating(  # noqa: PLR0913, PLR0917 - MiniStack's signature
        resource_type: str,
        physical_id: str,
        old: Any,
        new: Any,
        stack_name: str,
        logical_id: str | None = None,
        attributes: Any = None,
    ) -> Any:
        if old != new:
            events.is_changing(stack_name, logical_id or "")
            before(Operation("update", resource_type, logical_id or "", physical_id, old, new, stack_name))
        with by_service():
            return update(resource_type, physical_id, old, new, stack_name, logical_id, attributes)

    return updating


def _deleting(delete: Any) -> Any:
    def deleting(
        resource_type: str,
        physical_id: str,
        properties: Any,
        stack_name: str | None = None,
        logical_id: str | None = None,
    ) -> Any:
        name, logical = stack_name or "", logical_id or ""
        cleaning = bool(name) and events.cleans_up(name)
        if cleaning:
            events.write_cleanup(name, logical, resource_type, physical_id, "DELETE_IN_PROGRESS")
        before(Operation("delete", resource_type, logical, physical_id, properties, {}, name))
        with by_service():
            done = delete(resource_type, physical_id, properties, stack_name, logical_id)
        if cleaning:
            events.write_cleanup(name, logical, resource_type, physical_id, "DELETE_COMPLETE")
        return done

    return deleting
