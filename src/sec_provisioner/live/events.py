"""What happened to a stack, event by event, and why it failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

STACK_TYPE = "AWS::CloudFormation::Stack"


class Step(Enum):
    """How far an event takes its resource."""

    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"


RESOURCE_STATUSES: Mapping[str, Step] = {
    f"{operation}_{ending}": step
    for operation in (
        "CREATE",
        "DELETE",
        "UPDATE",
        "IMPORT",
        "EXPORT",
        "ROLLBACK",
        "UPDATE_ROLLBACK",
        "IMPORT_ROLLBACK",
        "EXPORT_ROLLBACK",
    )
    for ending, step in (("IN_PROGRESS", Step.BEGUN), ("COMPLETE", Step.DONE), ("FAILED", Step.FAILED))
} | {"DELETE_SKIPPED": Step.DONE}
"""The 28 statuses of a resource. A stack's own events use statuses of `live.status` as well."""


@dataclass(frozen=True, slots=True)
class StackEvent:
    """One event. Lists of events are in the order in which things happened."""

    id: str
    time: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""
    token: str = ""
    """The client request token of the operation that it belongs to."""

    @property
    def is_of_stack(self) -> bool:
        """Whether it is about the stack itself, not about one of its resources."""
        return self.type == STACK_TYPE

    @property
    def step(self) -> Step | None:
        """How far it takes its resource; None for a status that only a stack has, or that is new."""
        return RESOURCE_STATUSES.get(self.status)


@dataclass(frozen=True, slots=True)
class RootCause:
    """The first thing that went wrong. `logical_id` is None where no resource failed: a change set, an output."""

    logical_id: str | None
    reason: str
    physical_id: str = ""


def is_cascade(reason: str) -> bool:
    """Whether a failure only follows from an earlier one. The one place that knows CloudFormation's words for it."""
    words = ("resource creation cancelled", "resource update cancelled", "resource deletion cancelled")
    return reason.strip().lower().startswith(words)


def root_cause(events: Iterable[StackEvent]) -> RootCause | None:
    """Why an operation failed: its first failed resource, not the cascade behind it.

    Args:
        events: the operation's own events, oldest first.

    Returns:
        None where nothing failed.
    """
    failed = [one for one in events if one.step is Step.FAILED]
    resources = [one for one in failed if not one.is_of_stack]
    for one in resources:
        if not is_cascade(one.reason):
            return RootCause(one.logical_id, one.reason, one.physical_id)
    # A stack can fail without a resource: an output that can't be worked out, a rollback that was cancelled.
    whole = [one for one in events if one.is_of_stack and one.reason and _tells_of_failure(one.status)]
    if whole:
        return RootCause(None, whole[0].reason)
    return RootCause(resources[0].logical_id, resources[0].reason) if resources else None


def _tells_of_failure(status: str) -> bool:
    """A stack's status in which the reason says what failed, in a rollback's first event too."""
    return RESOURCE_STATUSES.get(status) is Step.FAILED or status in (
        "ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
    )
