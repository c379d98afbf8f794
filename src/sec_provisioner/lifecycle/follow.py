"""Watch an operation on a stack until it ends: its events as they come, and the status it ends in."""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner.aws import stack as stacks
from sec_provisioner.errors import StackFailedError
from sec_provisioner.failures.changes import STACK_FAILED
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.events import RootCause, StackEvent, root_cause
from sec_provisioner.live.stack import LiveStack
from sec_provisioner.live.status import SUCCESS, Status, status_of

# CloudFormation may take a moment to begin; a stack that rests for longer without any event has ended before.
_SECONDS_TO_BEGIN = 60
# Where the status itself is a good one, only of another operation than was asked for.
_LOOK_AGAIN = "Run again to see what is there now."


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
    def status(self) -> Status:
        """What the status means that it ended in."""
        return status_of(self.status_name)

    @property
    def cause(self) -> str:
        """For a failure: the root cause in words, without its full stop."""
        cause = self.root_cause
        if cause is None:
            return ""
        where = f"{cause.logical_id} ({cause.physical_id})" if cause.physical_id else cause.logical_id
        what = f"{where} failed: {cause.reason}" if where else f"The {self.operation} failed: {cause.reason}"
        return what.rstrip(".")

    @property
    def failure(self) -> StackFailedError | None:
        """The root cause, the state things are in, and what to do; None after a success."""
        if self.is_success:
            return None
        mend = self.status.mend or _LOOK_AGAIN
        return STACK_FAILED(
            cause=self.cause, stack=self.stack, status=self.status_name, meaning=self.status.state, mend=mend
        )


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
