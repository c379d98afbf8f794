"""The result of check-drift: the tree that feeds both text and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class ConfigPlace:
    """Where the config has what a difference is about; lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    """Who may have made a difference, as CloudTrail recorded it; the time is UTC."""

    user: str
    event: str
    time: str
    source_ip: str
    event_id: str


@dataclass(frozen=True, slots=True)
class DifferenceEntry:
    """One property that is not as deployed; null stands for "not there".

    `by` is asked for by --who; `by_unknown` says why nobody is named then.
    """

    property: str
    kind: Literal["changed", "missing", "extra"]
    expected: Any
    actual: Any
    severity: Literal["error", "warning", "info"]
    config: ConfigPlace | None
    by: AuthorEntry | None = None
    by_unknown: str | None = None


@dataclass(frozen=True, slots=True)
class NotCheckedEntry:
    """A property that could not be compared, and why."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """What was found about one resource; no logical id where the stack did not make it. The worst comes first.

    `members` are a group's users where --members asks for them.
    """

    logical_id: str
    type: str
    name: str
    status: Literal["in_sync", "changed", "missing", "extra", "not_checked"]
    differences: tuple[DifferenceEntry, ...]
    not_checked: tuple[NotCheckedEntry, ...]
    notes: tuple[str, ...]
    members: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """How many resources have each status."""

    in_sync: int
    changed: int
    missing: int
    extra: int
    not_checked: int

    @property
    def has_drift(self) -> bool:
        """Whether anything is not as deployed; "not checked" alone is not."""
        return bool(self.changed or self.missing or self.extra)


@dataclass(frozen=True, slots=True)
class DisagreementEntry:
    """A resource of which CloudFormation says another thing than this tool; the reason where it can be told."""

    logical_id: str
    type: str
    name: str
    cloudformation: str
    check_drift: str
    properties: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """A resource that CloudFormation did not compare, in its own words; NOT_REPORTED where it says nothing."""

    logical_id: str
    type: str
    name: str
    cloudformation: str
    reason: str


@dataclass(frozen=True, slots=True)
class DetectionEntry:
    """CloudFormation's own drift detection: how it ended, what it says, and where it says something else."""

    detection_status: str
    stack_drift_status: str
    reason: str
    disagreements: tuple[DisagreementEntry, ...]
    not_checked: tuple[SkippedEntry, ...]


@dataclass(frozen=True, slots=True)
class AcceptedEntry:
    """A difference that the proposed config accepts."""

    name: str
    property: str


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """A difference that no change of the config accepts, and why."""

    name: str
    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalEntry:
    """The change of the config that would accept what was done by hand, as a unified diff; secrets are masked."""

    config: str
    diff: str
    accepts: tuple[AcceptedEntry, ...]
    not_expressible: tuple[RefusedEntry, ...]


@dataclass(frozen=True, slots=True)
class NotComparedEntry:
    """What is never compared, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class DriftResult:
    """check-drift: every resource of the stack in its order, then what bears its names and is not of it."""

    stack: str
    summary: DriftSummary
    resources: tuple[DriftEntry, ...]
    cloudformation: DetectionEntry | None
    proposal: ProposalEntry | None
    not_compared: tuple[NotComparedEntry, ...]


NOT_COMPARED = (
    NotComparedEntry("tags of managed policies and parameters", "what is read of them at once has no tags"),
)
