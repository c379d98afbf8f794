"""The results of the actions that change a stack or preview it: the trees that feed both text and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sec_provisioner.report.document import ProblemEntry
from sec_provisioner.report.drift_results import DriftEntry


@dataclass(frozen=True, slots=True)
class PropertyEntry:
    """One place that changes, with both values; null stands for "not there"."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """What happens to one resource, what is lost by it, and of a managed policy, which groups and roles hold it."""

    logical_id: str
    type: str
    name: str
    action: Literal["add", "modify", "replace", "remove"]
    properties: tuple[PropertyEntry, ...]
    costs: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BucketEntry:
    """The bucket that the template goes through; `created` where it is (or would be) made for that."""

    name: str
    created: bool


@dataclass(frozen=True, slots=True)
class RemovedPolicyEntry:
    """A policy that goes from an own group or role because the stack had not put it there; inline with content.

    Of a managed policy (`kind` is `policy`) a version that makes room for a new one.
    """

    kind: str
    principal: str
    policy: str
    document: Any


@dataclass(frozen=True, slots=True)
class PreviewResult:
    """show-changes: what deploy would do. `steps` come before the change itself, `notes` qualify what is shown.

    `restores` is drift that is set back, `kept_drift` what `--keep-drift` leaves; `overwrites` is what was changed by
    hand where the update writes anyway. `removed_policies` keeps the content of what is removed with the drift. `mode`
    is the one in which CloudFormation executes the change set. `termination_protection` is what the stack's is set to,
    null where it stays.
    """

    stack: str
    operation: Literal["create", "update", "none"]
    changes: tuple[ChangeEntry, ...]
    restores: tuple[DriftEntry, ...]
    kept_drift: tuple[DriftEntry, ...]
    overwrites: tuple[DriftEntry, ...]
    removed_policies: tuple[RemovedPolicyEntry, ...]
    blockers: tuple[ProblemEntry, ...]
    digest: str
    bucket: BucketEntry | None
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    mode: Literal["standard", "express"]
    termination_protection: bool | None


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One event of the stack; the time is UTC."""

    time: str
    logical_id: str
    type: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class RootCauseEntry:
    """The first thing that went wrong; no logical id where the change set or an output failed."""

    logical_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """How the operation ended."""

    stack_status: str
    root_cause: RootCauseEntry | None


@dataclass(frozen=True, slots=True)
class DeployResult(PreviewResult):
    """deploy: the preview, and what came of it. `outcome` is null where nothing was executed.

    `set_back` says what of the drift was written, in the order in which it was. `verified` are the resources that were
    read back afterwards: where express mode was asked for, as CloudFormation does not wait.
    """

    set_back: tuple[str, ...]
    events: tuple[EventEntry, ...]
    outcome: OutcomeEntry | None
    verified: tuple[DriftEntry, ...]


@dataclass(frozen=True, slots=True)
class DeleteResult:
    """delete-stack: what stood in the way, what was saved and removed, what is gone and what remains.

    `exists` says whether there was a stack at all; `outcome` is null where nothing was executed.
    """

    stack: str
    exists: bool
    blockers: tuple[ProblemEntry, ...]
    members_file: str | None
    removed_members: int
    restored_members: int
    removed_policies: tuple[RemovedPolicyEntry, ...]
    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    events: tuple[EventEntry, ...]
    outcome: OutcomeEntry | None


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """One user in one group; a reason where it could not be done."""

    group: str
    user: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """restore-members: who was put back, who was there already, who could not be."""

    restored: tuple[MemberEntry, ...]
    already: tuple[MemberEntry, ...]
    failed: tuple[MemberEntry, ...]
