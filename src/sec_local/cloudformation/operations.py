"""Every create, update and delete of a resource goes through here: faults, delays and the hooks of others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.resources import BEFORE, Operation, ResourceFailed
from sec_local.faults import FAULTS
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable


def before(operation: Operation) -> None:
    """Wait, fail or go on, as the settings, the faults and `BEFORE` say.

    Raises:
        ResourceFailed: a fault wants this operation to fail.
    """
    if SETTINGS.delay:
        # In a worker thread: `install` sends every type there while there is a delay.
        time.sleep(SETTINGS.delay)
    for fault in FAULTS.strikes(operation.type, operation.action, resource=operation.logical_id):
        raise ResourceFailed(
            fault.message
            or f'Resource handler returned message: "Internal failure" '
            f"(HandlerErrorCode: {fault.code or 'InternalFailure'})"
        )
    for hook in BEFORE:
        hook(operation)


def install() -> None:
    """Wrap the three functions through which MiniStack reaches its resource types."""
    from ministack.services.cloudformation import provisioners, stacks  # noqa: PLC0415 - imported on first use

    create, update, delete = stacks._provision_resource, stacks._update_resource, stacks._delete_resource  # noqa: SLF001
    on_thread: Callable[[str], bool] = stacks._runs_on_worker_thread  # noqa: SLF001 - its seams

    def creating(resource_type: str, logical_id: str, properties: Any, stack_name: str) -> Any:
        before(Operation("create", resource_type, logical_id, "", {}, properties, stack_name))
        return create(resource_type, logical_id, properties, stack_name)

    def updating(  # noqa: PLR0913 - MiniStack's signature
        resource_type: str, physical_id: str, old: Any, new: Any, stack_name: str,
        logical_id: str | None = None, attributes: Any = None,
    ) -> Any:  # fmt: skip
        if old != new:
            before(Operation("update", resource_type, logical_id or "", physical_id, old, new, stack_name))
        return update(resource_type, physical_id, old, new, stack_name, logical_id, attributes)

    def deleting(
        resource_type: str, physical_id: str, properties: Any,
        stack_name: str | None = None, logical_id: str | None = None,
    ) -> Any:  # fmt: skip
        before(Operation("delete", resource_type, logical_id or "", physical_id, properties, {}, stack_name or ""))
        return delete(resource_type, physical_id, properties, stack_name, logical_id)

    for module in (stacks, provisioners):
        module._provision_resource = creating  # noqa: SLF001 - its seams
        module._update_resource = updating  # noqa: SLF001 - the same
        module._delete_resource = deleting  # noqa: SLF001 - the same
    stacks._runs_on_worker_thread = lambda kind: bool(SETTINGS.delay) or on_thread(kind)  # noqa: SLF001
