"""The results of the actions on test stacks: the trees that feed both text and JSON."""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner.report.change_results import DeployResult, RemovedPolicyEntry
from sec_provisioner.report.document import ProblemEntry


@dataclass(frozen=True, slots=True)
class TestDeployResult(DeployResult):
    """test-deploy: what deploy reports, of the test stack. `deleted`: whether `--cleanup` has taken it away again."""

    suffix: str
    delete_command: str
    differs_from_production: tuple[str, ...]
    deleted: bool


@dataclass(frozen=True, slots=True)
class FoundStackEntry:
    """A test stack that can be deleted, and what goes with it."""

    stack: str
    status: str
    resources: int
    notes: tuple[ProblemEntry, ...]


@dataclass(frozen=True, slots=True)
class NotDeletedEntry:
    """A test stack that is still there, why, and what to do."""

    stack: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class TakenOutEntry:
    """A user whom somebody had put into a group of a test stack."""

    group: str
    user: str


@dataclass(frozen=True, slots=True)
class DeleteTestStacksResult:
    """delete-test-stacks: what was found that can be deleted, what is gone, and what is not."""

    found: tuple[FoundStackEntry, ...]
    deleted: tuple[str, ...]
    failed: tuple[NotDeletedEntry, ...]
    removed_members: tuple[TakenOutEntry, ...]
    removed_policies: tuple[RemovedPolicyEntry, ...]
