"""What each status of a stack means: for deploy, for delete-stack, and for people. One table, every status in it.

A status that the table does not have is an error, never a guess by its ending: REVIEW_IN_PROGRESS rests.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sec_provisioner.failures.aws import UNKNOWN_STATUS


class OnDeploy(Enum):
    """What deploy does where it finds a stack in a status."""

    CREATE = "create it"
    UPDATE = "update it"
    CLEAR = "delete the empty stack, then create it"
    CONTINUE = "continue the rollback, then update it"
    WAIT = "an operation is going on"
    REFUSE = "only a person can decide"


class OnDelete(Enum):
    """What delete-stack does where it finds a stack in a status."""

    DELETE = "delete it"
    WAIT = "an operation is going on"
    NOTHING = "it is gone"


@dataclass(frozen=True, slots=True)
class Status:
    """One row of the table."""

    name: str
    on_deploy: OnDeploy
    on_delete: OnDelete
    state: str
    """What state things are in, as a sentence for the operator."""
    mend: str = ""
    """What to do; empty where there is nothing to do."""

    @property
    def is_running(self) -> bool:
        """Whether CloudFormation is at work, so that the status will change by itself."""
        return self.on_delete is OnDelete.WAIT


_AGAIN = "Mend the cause and run deploy again."
_WAIT = "Wait until it is done, or run again with --wait."
_DELETE = "Run delete-stack, then deploy."


def _rests(on_deploy: OnDeploy, state: str, mend: str = "") -> tuple[OnDeploy, OnDelete, str, str]:
    return on_deploy, OnDelete.DELETE, state, mend


def _runs(state: str) -> tuple[OnDeploy, OnDelete, str, str]:
    return OnDeploy.WAIT, OnDelete.WAIT, state, _WAIT


_ROWS: dict[str, tuple[OnDeploy, OnDelete, str, str]] = {
    "CREATE_IN_PROGRESS": _runs("The stack is being created."),
    "CREATE_COMPLETE": _rests(OnDeploy.UPDATE, "The stack is as its template says."),
    # It may hold resources, and groups may have got members: deleting it is delete-stack's business.
    "CREATE_FAILED": _rests(OnDeploy.REFUSE, "The stack was not created in full, nothing was rolled back.", _DELETE),
    "ROLLBACK_IN_PROGRESS": _runs("The creation failed and is being rolled back."),
    "ROLLBACK_COMPLETE": _rests(
        OnDeploy.CLEAR, "The creation was rolled back: nothing of the stack exists any more.", _AGAIN
    ),
    "ROLLBACK_FAILED": _rests(
        OnDeploy.REFUSE, "The creation failed, and so did its rollback: some resources still exist.", _DELETE
    ),
    "DELETE_IN_PROGRESS": _runs("The stack is being deleted."),
    "DELETE_COMPLETE": (OnDeploy.CREATE, OnDelete.NOTHING, "The stack is deleted.", ""),
    "DELETE_FAILED": _rests(
        OnDeploy.REFUSE,
        "The deletion failed: some resources still exist.",
        "Mend the cause and run delete-stack again: it goes on with what is left.",
    ),
    "UPDATE_IN_PROGRESS": _runs("The stack is being updated."),
    "UPDATE_COMPLETE": _rests(OnDeploy.UPDATE, "The stack is as its template says."),
    # The update has succeeded, what was replaced or removed is being deleted; another update must wait for it.
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": _runs("The stack is updated, what it no longer needs is being deleted."),
    # Only where rollback was switched off; the next update goes on from there.
    "UPDATE_FAILED": _rests(
        OnDeploy.UPDATE,
        "The update stopped half-way, without a rollback: some resources are new, some old.",
        _AGAIN,
    ),
    "UPDATE_ROLLBACK_IN_PROGRESS": _runs("The update failed and is being rolled back."),
    "UPDATE_ROLLBACK_COMPLETE": _rests(
        OnDeploy.UPDATE, "The update was rolled back: the stack is as it was before.", _AGAIN
    ),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": _runs(
        "The update was rolled back, what it had made is being deleted."
    ),
    "UPDATE_ROLLBACK_FAILED": _rests(
        OnDeploy.CONTINUE,
        "The update failed, and so did its rollback: some resources are new, some old.",
        "Mend the cause and run deploy again: it first continues the rollback.",
    ),
    "REVIEW_IN_PROGRESS": _rests(OnDeploy.CREATE, "The stack is empty: a change set was made and never executed."),
    "IMPORT_IN_PROGRESS": _runs("Resources are being imported into the stack."),
    "IMPORT_COMPLETE": _rests(OnDeploy.UPDATE, "The import is done."),
    "IMPORT_ROLLBACK_IN_PROGRESS": _runs("An import failed and is being rolled back."),
    "IMPORT_ROLLBACK_COMPLETE": _rests(OnDeploy.UPDATE, "An import was rolled back: the stack is as it was before."),
    "IMPORT_ROLLBACK_FAILED": _rests(
        OnDeploy.REFUSE,
        "An import failed, and so did its rollback: some resources may belong to the stack, some not.",
        "Look at the stack's events in the CloudFormation console: the import must be undone by hand.",
    ),
}

STATUSES: Mapping[str, Status] = {name: Status(name, *row) for name, row in _ROWS.items()}

SUCCESS: Mapping[str, str] = {
    "create": "CREATE_COMPLETE",
    "update": "UPDATE_COMPLETE",
    "delete": "DELETE_COMPLETE",
    "continue": "UPDATE_ROLLBACK_COMPLETE",
}
"""Operation -> the one status in which it has succeeded. All others at rest are failures of it."""


def status_of(name: str) -> Status:
    """The row of a status.

    Raises:
        AwsError: the status is newer than this tool.
    """
    if name not in STATUSES:
        raise UNKNOWN_STATUS(status=name)
    return STATUSES[name]
