"""A stack as CloudFormation knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sec_provisioner.live.status import Status, status_of


@dataclass(frozen=True, slots=True)
class LiveStack:
    """One stack at one moment."""

    id: str
    """Its ARN: a stack deleted and made anew under the same name has another."""
    name: str
    status_name: str
    status_reason: str
    changed: datetime
    """When its last operation began."""
    tags: Mapping[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    termination_protection: bool = False

    @property
    def status(self) -> Status:
        """What its status means.

        Raises:
            AwsError: a status that is newer than this tool.
        """
        return status_of(self.status_name)

    def is_same_as(self, other: LiveStack | None) -> bool:
        """Whether nothing has happened to the stack between the two moments."""
        return other is not None and (self.id, self.status_name, self.changed) == (
            other.id,
            other.status_name,
            other.changed,
        )


@dataclass(frozen=True, slots=True)
class StackResource:
    """What a stack says it made: `physical_id` is a name or an ARN, by type; empty where it was never made."""

    logical_id: str
    type: str
    physical_id: str
    status: str

    @property
    def exists(self) -> bool:
        """Whether the stack still holds it."""
        return bool(self.physical_id) and self.status != "DELETE_COMPLETE"

    @property
    def name(self) -> str:
        """The name as people know it: of a managed policy the last part of its ARN."""
        return self.physical_id.rsplit("/", 1)[-1] if self.type == "AWS::IAM::ManagedPolicy" else self.physical_id
