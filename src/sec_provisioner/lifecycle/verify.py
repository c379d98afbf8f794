"""What was asked for, against what is live: everything read back until both are equal, or for long enough.

IAM shows a change everywhere only after some seconds, in express mode CloudFormation does not wait for that.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sec_provisioner.errors import StackFailedError
from sec_provisioner.failures.changes import NOT_LIVE
from sec_provisioner.lifecycle.follow import Ended
from sec_provisioner.lifecycle.live_state import fetch_live_state
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.changes import NAME_PROPERTY, Change
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import Difference, ResourceDrift, find_drift

# With the pauses of `Run.looks` about a minute.
_LOOKS = 18
_AS_WANTED = ("in_sync", "not_checked")

# As many names as one can read.
_SHOWN = 5

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Executed:
    """How an operation ended, and what was found when everything was read back; nothing where that was not done."""

    ended: Ended
    read_back: tuple[ResourceDrift, ...] = ()

    @property
    def wrong(self) -> tuple[ResourceDrift, ...]:
        """What is not as the template says."""
        return wrong_in(self.read_back)

    @property
    def is_success(self) -> bool:
        """Whether it ended well and everything is live."""
        return self.ended.is_success and not self.wrong

    @property
    def failure(self) -> StackFailedError | None:
        """How the operation failed, or what is not live though it did not; None after a success."""
        if not self.wrong:
            return self.ended.failure
        shown = ", ".join(one.name for one in self.wrong[:_SHOWN])
        more = f" and {len(self.wrong) - _SHOWN} more" if len(self.wrong) > _SHOWN else ""
        return NOT_LIVE(resources=f"{shown}{more}", stack=self.ended.stack, status=self.ended.status_name)


def read_back(run: Run, plan: Plan, ended: Ended) -> Executed:
    """After a success, read back what the plan was to bring about.

    Raises:
        AwsError: it could not be read.
    """
    if not ended.is_success:
        return Executed(ended)
    run.say(f"{ended.stack} is in {ended.status_name}. Reading everything back.")
    return Executed(ended, verify(run, plan))


def verify(run: Run, plan: Plan) -> tuple[ResourceDrift, ...]:
    """Compare what a plan was to bring about with what is live.

    Returns:
        Every resource of the template, and what was removed or replaced and is still there, as it was found last.
    """
    wanted, unwanted = plan.deployment.resolved(), _unwanted(plan.changes)
    found: tuple[ResourceDrift, ...] = ()
    for _ in islice(run.looks(), _LOOKS):
        live = fetch_live_state(run, {**unwanted, **wanted})
        compared = find_drift(wanted, live, plan.deployment.tags)
        found = (*(_without_kept(one, plan) for one in compared), *_remaining(unwanted, live))
        if not wrong_in(found):
            break
        run.note("Not everything is live yet as the template says; reading again.")
    return found


def wrong_in(resources: Iterable[ResourceDrift]) -> tuple[ResourceDrift, ...]:
    """Those that are not as they should be."""
    return tuple(one for one in resources if one.status not in _AS_WANTED)


def _without_kept(one: ResourceDrift, plan: Plan) -> ResourceDrift:
    """With `--keep-drift` what was changed by hand before stays as it is, and is no failure."""
    drifted = plan.repair.restores if plan.keeps_drift else ()
    kept = {each.property for it in drifted if it.logical_id == one.logical_id for each in it.differences}
    rest = tuple(each for each in one.differences if each.property not in kept)
    if len(rest) == len(one.differences):
        return one
    notes = (*one.notes, "what was changed by hand is kept")
    return replace(one, differences=rest, status=one.status if rest else "in_sync", notes=notes)


def _unwanted(changes: Iterable[Change]) -> Resources:
    """What the change takes away, by the names it had; the key is told apart from the new template's ids."""
    return {
        f"{one.logical_id} (before)": {"Type": one.type, "Properties": {NAME_PROPERTY[one.type]: name}}
        for one in changes
        if one.type in NAME_PROPERTY
        for name in _lost_names(one)
    }


def _lost_names(change: Change) -> Iterator[str]:
    if change.action == "remove":
        yield change.name
    if change.action == "replace":
        key = NAME_PROPERTY[change.type]
        yield from (str(one.before) for one in change.properties if one.path == key and one.before is not None)


def _remaining(unwanted: Resources, live: LiveState) -> Iterator[ResourceDrift]:
    for one in find_drift(unwanted, live, {}):
        if one.status != "missing":
            still = Difference("", "extra", None, one.name)
            yield replace(one, status="extra", differences=(still,), not_checked=(), notes=())
