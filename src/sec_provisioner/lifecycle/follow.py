"""Watch an operation on a stack until it ends: its events as they come, and the status it ends in."""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner.aws import stack as stacks
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.events import RootCause, StackEvent, root_cause
from sec_provisioner.live.stack import LiveStack
from sec_provisioner.live.status import SUCCESS, status_of

# CloudFormation may take a moment to begin; a stack that rests for longer without any event has ended before.
_SECONDS_TO_BEGIN = 60


@dataclass(frozen=True)
class Ended:
    """How an operation ended. Events are the operation's own, oldest first."""

    operation: str
    stack: str
    status_name: str
    events: tuple[StackEvent, ...] = ()

    @property
    def is_success(self) -> bool:
        """Whether it ended as it should."""
        return self.status_name == SUCCESS[self.operation]

    @property
    def root_cause(self) -> RootCause | None:
        """Why it failed; None after a success."""
        if self.is_success:
            return None
        return root_cause(self.events) or RootCause(None, "CloudFormation gives no reason.")

    @property
    def message(self) -> str:
        """For a failure: the root cause first, then the state things are in."""
        cause = self.root_cause
        if cause is None:
            return ""
        where = f"{cause.logical_id} ({cause.physical_id})" if cause.physical_id else cause.logical_id
        what = f"{where} failed: {cause.reason}" if where else f"The {self.operation} failed: {cause.reason}"
        state = status_of(self.status_name).state
        return f"{what.rstrip('.')}. The stack {self.stack} is in {self.status_name}: {state}"

    @property
    def hint(self) -> str:
        """For a failure: what to do."""
        return "" if self.is_success else status_of(self.status_name).mend


def follow(run: Run, operation: str, stack: LiveStack, after: StackEvent | None) -> Ended:
    """Watch until the operation ends.

    Args:
        run: events go to its `on_event` as they come in.
        operation: `create`, `update`, `delete` or `continue`.
        stack: the stack it works on.
        after: the newest event from before the operation began.
    """
    events: list[StackEvent] = []
    begun = run.clock.now()
    status_name = stack.status_name
    for _ in run.looks():
        # Status first: when it says that all is done, the events read after it are complete.
        found = stacks.fetch_stack(run.aws, stack.id)
        newest = events[-1] if events else after
        fresh = stacks.fetch_events(run.aws, stack.id, newest.id if newest else None)
        events += fresh
        for one in fresh:
            run.on_event(one)
        status_name = found.status_name if found else SUCCESS["delete"]
        waited = (run.clock.now() - begun).total_seconds()
        if found is None or _has_ended(found, events, waited):
            break
    return Ended(operation, stack.name, status_name, tuple(events))


def _has_ended(stack: LiveStack, events: list[StackEvent], waited: float) -> bool:
    if stack.status.is_running:
        return False
    # Just after the request the status may still be the one from before: the stack's own event tells them apart.
    last = next((one.status for one in reversed(events) if one.is_of_stack), None)
    return last == stack.status_name or waited > _SECONDS_TO_BEGIN
