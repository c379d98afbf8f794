"""What a comparison with the account says: differences, what could not be compared, and both for one resource."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from sec_provisioner.problem import Severity

Kind = Literal["changed", "missing", "extra"]
Status = Literal["in_sync", "changed", "missing", "extra", "not_checked"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that is not as deployed; None stands for "not there"."""

    property: str
    kind: Kind
    expected: Any
    actual: Any
    severity: Severity = Severity.WARNING
    """Error: somebody may do more than was deployed, or a resource is gone. Info: no access hangs on it."""

    def root(self) -> str:
        """The property without its index: `Policies` of `Policies[permissions]`."""
        return self.property.partition("[")[0]

    def item(self) -> str:
        """What the property's index names: `permissions` of `Policies[permissions]`; empty without one."""
        return self.property.partition("[")[2].removesuffix("]")


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A property that could not be compared, and why."""

    property: str
    reason: str


Finding = Difference | Unchecked


@dataclass(frozen=True, slots=True)
class ResourceDrift:
    """What was found about one resource; no logical id where it is not of the stack.

    `outside` is what others have of it: a policy of the stack on somebody else. Nothing that deploy would set back,
    so it is apart from the differences and leaves the status as it is. `notes` are worth knowing and no drift.
    """

    logical_id: str
    type: str
    name: str
    status: Status
    differences: tuple[Difference, ...] = ()
    not_checked: tuple[Unchecked, ...] = ()
    notes: tuple[str, ...] = ()
    outside: tuple[Difference, ...] = ()

    def with_outside(self) -> ResourceDrift:
        """The same with what others have of it among the differences: the account is not as it was deployed."""
        if not self.outside:
            return self
        return replace(self, status="changed", differences=(*self.differences, *self.outside), outside=())
