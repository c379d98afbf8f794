"""A change set: what CloudFormation says it would do, in nouns of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sec_provisioner.failures.aws import UNKNOWN_CHANGE_SET_STATUS


class Readiness(Enum):
    """How far a change set has come."""

    PENDING = "still being worked out"
    READY = "can be executed"
    FAILED = "could not be made, or holds no changes"
    GONE = "deleted"


CHANGE_SET_STATUSES: Mapping[str, Readiness] = {
    "CREATE_PENDING": Readiness.PENDING,
    "CREATE_IN_PROGRESS": Readiness.PENDING,
    "CREATE_COMPLETE": Readiness.READY,
    "FAILED": Readiness.FAILED,
    "DELETE_PENDING": Readiness.GONE,
    "DELETE_IN_PROGRESS": Readiness.GONE,
    "DELETE_COMPLETE": Readiness.GONE,
    "DELETE_FAILED": Readiness.GONE,
}


@dataclass(frozen=True, slots=True)
class PropertyDetail:
    """One changed property. `path` as in `Policies[0].PolicyDocument`; values are text, None where not given."""

    path: str
    before: str | None = None
    after: str | None = None
    is_certain: bool = True
    """False where it follows from another resource, so that CloudFormation knows only afterwards (Dynamic)."""

    @property
    def top(self) -> str:
        """The top-level property that it is in."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]

    @property
    def has_values(self) -> bool:
        """Whether CloudFormation says what changes, not only that it does."""
        return self.before is not None or self.after is not None


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What would happen to one resource, in CloudFormation's words."""

    logical_id: str
    type: str
    action: str
    """Add, Modify, Remove, Import, Dynamic or SyncWithActual."""
    replacement: str = ""
    """True, False, Conditional, or empty where the question does not arise."""
    physical_id: str = ""
    details: tuple[PropertyDetail, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One change set, read in full."""

    id: str
    name: str
    stack_id: str
    status: str
    reason: str = ""
    execution_status: str = ""
    description: str = ""
    is_express: bool = False
    """Whether CloudFormation says that it will be executed in express mode: some endpoints take no notice of it."""
    created: datetime | None = None
    changes: tuple[ResourceChange, ...] = ()

    @property
    def readiness(self) -> Readiness:
        """How far it has come.

        Raises:
            AwsError: a status that is newer than this tool.
        """
        if self.status not in CHANGE_SET_STATUSES:
            raise UNKNOWN_CHANGE_SET_STATUS(status=self.status, reason=self.reason)
        return CHANGE_SET_STATUSES[self.status]

    @property
    def can_be_executed(self) -> bool:
        """Whether CloudFormation would take it now: it is complete, and nothing was executed in between."""
        return self.readiness is Readiness.READY and self.execution_status == "AVAILABLE"

    @property
    def is_empty(self) -> bool:
        """Whether it failed only because there is nothing to change."""
        return self.readiness is Readiness.FAILED and says_no_changes(self.reason)


def says_no_changes(reason: str) -> bool:
    """Whether AWS says that there is nothing to do. The one place that knows its words for it."""
    return reason.startswith(("The submitted information didn't contain changes.", "No updates are to be performed."))


def merged(with_values: ChangeSet, plain: ChangeSet) -> ChangeSet:
    """Both descriptions of one change set in one.

    With IncludePropertyValues CloudFormation may leave out changes of JSON-typed properties, which policy documents
    are, and the status reason; without it there are no values.
    """
    described = {one.logical_id: one for one in with_values.changes}
    changes = [_merged_change(described.pop(one.logical_id, None), one) for one in plain.changes]
    return replace(plain, reason=plain.reason or with_values.reason, changes=(*changes, *described.values()))


def _merged_change(valued: ResourceChange | None, plain: ResourceChange) -> ResourceChange:
    if valued is None:
        return plain
    known = {one.top for one in valued.details}
    missing = (one for one in plain.details if one.top not in known)
    return replace(plain, details=(*valued.details, *missing))


def path_of(pointer: str) -> str:
    """CloudFormation's `/Properties/Policies/0/PolicyDocument` as `Policies[0].PolicyDocument`."""
    path = ""
    for step in pointer.strip("/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        path += f"[{name}]" if name.isdecimal() else f".{name}"
    return path.lstrip(".").removeprefix("Properties.")
