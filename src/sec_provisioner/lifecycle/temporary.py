"""A change set that is not meant to stay: made, read, and taken away again with the empty stack it may leave.

Whatever happens in between, interrupted or failed, `discard` leaves nothing of it; after a kill the next run does.
"""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner import __version__
from sec_provisioner.aws import change_sets
from sec_provisioner.aws import stack as stacks
from sec_provisioner.lifecycle.run import OWN_MARK, Run
from sec_provisioner.live.change_set import ChangeSet, Readiness
from sec_provisioner.live.stack import LiveStack

_PREFIX = f"{OWN_MARK}-"
_ON_ITS_WAY_OUT = ("DELETE_PENDING", "DELETE_IN_PROGRESS", "DELETE_COMPLETE")
_EXECUTION_BEGUN = ("EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE", "EXECUTE_FAILED")


@dataclass
class Temporary:
    """Responsible for one change set, known by its name, which nobody else uses, from before it is made."""

    name: str
    stack: str
    is_handed_over: bool = False
    """Set when it is executed: then it is CloudFormation's."""


def new_temporary(run: Run, stack: str) -> Temporary:
    """A name for a change set to come."""
    return Temporary(f"{_PREFIX}{run.unique()}{run.unique()}", stack)


def describe_author(run: Run) -> str:
    """The description that a change set gets: by it a later run of the same caller knows it as its own."""
    return f"SEC Provisioner {__version__}, for {run.caller.principal}; goes away when the run ends"


def is_own(one: ChangeSet, run: Run) -> bool:
    """Whether a run of this tool by the same caller left it behind; a colleague's preview is not touched."""
    return (
        one.name.startswith(_PREFIX)
        and f"for {run.caller.principal};" in one.description
        and one.execution_status not in _EXECUTION_BEGUN
    )


def is_on_its_way_out(one: ChangeSet) -> bool:
    """Whether nothing can come of it any more."""
    return one.status in _ON_ITS_WAY_OUT


def remove_leftovers(run: Run, stack: LiveStack | None) -> None:
    """Delete the own change sets that a killed run has left on a stack."""
    if stack is None or stack.status.is_running:
        return
    for one in change_sets.fetch_change_sets(run.aws, stack.id):
        if is_own(one, run):
            run.say(f"Removing the change set {one.name}, which an earlier run left behind.")
            change_sets.delete_change_set(run.aws, one.id)


def wait_until_made(run: Run, change_set_id: str) -> ChangeSet:
    """Wait for a change set to be worked out, then read it in full.

    Raises:
        RefusedError: it was deleted meanwhile.
    """
    for _ in run.looks():
        found = change_sets.fetch_state(run.aws, change_set_id)
        if found is None or found.readiness is Readiness.GONE:
            raise change_sets.withdrawn()
        if found.readiness is not Readiness.PENDING:
            break
    return change_sets.fetch_change_set(run.aws, change_set_id)


def discard(run: Run, temporary: Temporary) -> None:
    """Take the change set away, and the stack if it is empty and nothing else hangs on it."""
    if temporary.is_handed_over:
        return
    found = change_sets.fetch_change_sets(run.aws, temporary.stack)
    for one in found:
        if one.name == temporary.name:
            change_sets.delete_change_set(run.aws, one.id)
    if not [one for one in found if one.name != temporary.name]:
        remove_empty_stack(run, temporary.stack)


def remove_empty_stack(run: Run, name: str) -> None:
    """Delete a stack in REVIEW_IN_PROGRESS on which no change set hangs: it holds nothing."""
    stack = stacks.fetch_stack(run.aws, name)
    if stack is None or stack.status_name != "REVIEW_IN_PROGRESS":
        return
    if not all(is_on_its_way_out(one) for one in change_sets.fetch_change_sets(run.aws, stack.id)):
        return
    stacks.delete_stack(run.aws, stack.id, run.token())
    for _ in run.looks():
        found = stacks.fetch_stack(run.aws, stack.id)
        if found is None or not (found.status.is_running or found.status_name == "REVIEW_IN_PROGRESS"):
            return
