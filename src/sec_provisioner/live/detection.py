"""CloudFormation's own drift detection: its word for each resource, beside what was found by reading IAM.

It compares only what the template states, and not every type; which, it says itself at run time, and is believed.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sec_provisioner.live.findings import Difference, ResourceDrift, Status

# Its word -> ours. Any other (NOT_CHECKED, UNSUPPORTED, UNKNOWN, one that is new) means that it did not compare.
_COMPARED: Mapping[str, Status] = {"IN_SYNC": "in_sync", "MODIFIED": "changed", "DELETED": "missing"}
NOT_REPORTED = "NOT_REPORTED"
"""For a resource that its answer leaves out."""


@dataclass(frozen=True, slots=True)
class ServiceDrift:
    """CloudFormation's word for one resource; `properties` are the paths that differ, `/MaxSessionDuration`."""

    logical_id: str
    status: str
    properties: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Detection:
    """One detection: how it ended, what it says of the stack, and of its resources."""

    status: str
    stack_status: str
    reason: str = ""
    resources: tuple[ServiceDrift, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether it is still going on."""
        return self.status == "DETECTION_IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A resource of which the two say different things, and why that may be."""

    resource: ResourceDrift
    theirs: ServiceDrift
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A resource that CloudFormation did not compare."""

    resource: ResourceDrift
    theirs: ServiceDrift


def not_compared(own: Iterable[ResourceDrift], detection: Detection) -> tuple[Skipped, ...]:
    """The stack's resources that CloudFormation did not compare, by its own word or by its silence."""
    return tuple(Skipped(one, theirs) for one, theirs in _pairs(own, detection) if theirs.status not in _COMPARED)


def disagreements(own: Iterable[ResourceDrift], detection: Detection) -> tuple[Disagreement, ...]:
    """Where the two disagree, of what both have compared."""
    return tuple(
        Disagreement(one, theirs, _reason(one, theirs))
        for one, theirs in _pairs(own, detection)
        if theirs.status in _COMPARED and one.status not in ("not_checked", _COMPARED[theirs.status])
    )


def _pairs(own: Iterable[ResourceDrift], detection: Detection) -> Iterator[tuple[ResourceDrift, ServiceDrift]]:
    theirs = {one.logical_id: one for one in detection.resources}
    for one in own:
        if one.logical_id:
            yield one, theirs.get(one.logical_id, ServiceDrift(one.logical_id, NOT_REPORTED, reason=_SILENT))


_SILENT = "its answer leaves the resource out: a type that it does not compare, or it was throttled"


def _reason(own: ResourceDrift, theirs: ServiceDrift) -> str:
    if theirs.status == "IN_SYNC" and own.differences and all(map(_is_unstated, own.differences)):
        return "CloudFormation compares only what the template states; this was added to it"
    if theirs.status == "MODIFIED":
        return "CloudFormation compares values as they are written; by meaning they are the same"
    return ""


def _is_unstated(one: Difference) -> bool:
    return one.kind == "extra" or one.root() == "Tags"
