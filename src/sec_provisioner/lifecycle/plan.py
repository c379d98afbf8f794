"""A change, planned: what show-changes shows and what deploy does. One value for both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Literal

from sec_provisioner.lifecycle.delivery import Route
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.temporary import Temporary
from sec_provisioner.live.blockers import Extra
from sec_provisioner.live.change_set import ChangeSet
from sec_provisioner.live.changes import Change
from sec_provisioner.live.findings import ResourceDrift
from sec_provisioner.live.repair import Repair
from sec_provisioner.live.stack import LiveStack
from sec_provisioner.live.writes import Write
from sec_provisioner.problem import Problem

Operation = Literal["create", "update", "none"]


class Step(Enum):
    """What deploy must do before a change set can be made; the value is how the preview says it."""

    CLEAR = "delete the empty stack that a failed creation left"
    CONTINUE = "continue the rollback of the update that failed"
    MAKE_BUCKET = "create the template bucket"


@dataclass(frozen=True)
class Plan:
    """What would happen. Where a step must come first there is no change set yet, and templates were compared."""

    deployment: Deployment
    stack: LiveStack | None
    """As it was when the plan was made, None where there was none."""
    operation: Operation
    changes: tuple[Change, ...]
    route: Route
    steps: tuple[Step, ...] = ()
    blockers: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    change_set: ChangeSet | None = None
    temporary: Temporary | None = None
    secrets: frozenset[str] = frozenset()
    """External ids of the deployed and of the new template: whoever shows the plan must hide them."""
    at_preview: LiveStack | None = None
    """The stack as the change set found it: it must still be so when the change set is executed."""
    repair: Repair = field(default_factory=Repair)
    """The drift that was found."""
    writes: tuple[Write, ...] = ()
    """What is written to set it back, in order; nothing with `--keep-drift`."""
    removals: tuple[Extra, ...] = ()
    """Policies, and versions of policies, that go with it."""
    keeps_drift: bool = False
    skipped: tuple[str, ...] = ()
    """Logical ids that the continued rollback leaves out: they were deleted by hand, so it can only fail on them."""

    @property
    def restores(self) -> tuple[ResourceDrift, ...]:
        """The drift that is set back."""
        return () if self.keeps_drift else self.repair.restores

    @property
    def digest(self) -> str:
        """SHA-256 over template, changes, restores and termination protection: what `--expect` is held against.

        What a change costs is left out: who is a member and when a role was last used changes from hour to hour.
        """
        content: dict[str, Any] = {
            "template": self.deployment.digest,
            "changes": [{**asdict(one), "costs": ()} for one in self.changes],
            # What was added by hand comes in no fixed order.
            "restores": sorted(json.dumps(_as_approved(one), sort_keys=True, default=str) for one in self.restores),
        }
        if self.changes_protection:
            content["termination_protection"] = self.deployment.termination_protection
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def mode(self) -> Literal["standard", "express"]:
        """In which mode CloudFormation does it; before there is a change set the one that will be asked for."""
        if self.operation == "none":
            return "standard"
        is_express = self.change_set.is_express if self.change_set else self.deployment.express
        return "express" if is_express else "standard"

    @property
    def outline(self) -> frozenset[tuple[str, str]]:
        """Which resources are touched, and how: enough to see whether a second plan means the same."""
        return outline_of(self.changes)

    def is_within(self, approved: Plan) -> bool:
        """Whether this plan, made after the steps that came first, does what the approved one said and no more."""
        return self.outline == approved.outline and _drifted(self) <= _drifted(approved)

    @property
    def changes_protection(self) -> bool:
        """Whether termination protection must be set or taken away."""
        is_protected = self.stack.termination_protection if self.stack else False
        return self.deployment.termination_protection is not is_protected

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing at all to do."""
        return self.operation == "none" and not (self.steps or self.changes_protection or self.restores)


def _drifted(plan: Plan) -> set[tuple[str, str]]:
    return {(one.logical_id, each.property) for one in plan.restores for each in one.differences}


def _as_approved(one: ResourceDrift) -> dict[str, Any]:
    differences = sorted((asdict(each) for each in one.differences), key=str)
    return {**asdict(one), "differences": differences, "notes": ()}


def outline_of(changes: Iterable[Change]) -> frozenset[tuple[str, str]]:
    """Logical ids with what happens to them."""
    return frozenset((one.logical_id, one.action) for one in changes)
