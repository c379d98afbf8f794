"""Drift could not be set back. `so_far` says what was set back before that."""

from __future__ import annotations

from collections.abc import Iterable

from sec_provisioner.errors import RefusedError
from sec_provisioner.failures.base import Aftermath, Area, FailureClass


def so_far(done: Iterable[str], *, is_updated: bool) -> str:
    """What state a repair has come to, as a sentence."""
    update = "The stack's update is through. " if is_updated else ""
    what = ", ".join(done)
    return f"{update}Set back before that: {what}." if what else f"{update}Nothing was set back before that."


CHANGED_SINCE_PREVIEW = FailureClass(
    "changed-since-preview",
    RefusedError,
    "Since the preview somebody has changed {subject}.",
    state="{so_far}",
    mend="Run again to see what it is now.",
    more="Every value is read again just before it is written: nothing is written over what nobody has seen.",
)

MADE_SINCE_PREVIEW = FailureClass(
    "made-since-preview",
    RefusedError,
    "Since the preview {subject} was made: by somebody, or by a request of this run whose answer was lost.",
    state="{so_far}",
    mend="Run again: it is compared anew, and what is still to be done is done.",
)

NO_RIGHT_TO_SET_BACK = FailureClass(
    "no-right-to-set-back",
    RefusedError,
    "{told} It is needed to set back {subject}.",
    state="{so_far}",
    mend="{mend} Then run again, or leave the drift as it is: --keep-drift.",
)

RIGHT_LACKS_HALF_WAY = Aftermath(
    "right-lacks-half-way",
    "A permission turned out to be lacking when part of the drift was set back already.",
    state="It is needed to set back {subject}. {so_far}",
    mend="Then run again, or leave the drift as it is: --keep-drift.",
)

REPAIR_STOPPED = Aftermath(
    "repair-stopped",
    "AWS, the network or the credentials failed while drift was being set back.",
    state="{so_far}",
    mend="What is set back stays so; the next deploy does the rest.",
    more="Drift is set back around the stack's update: first what was missing or gave too much, after it what was "
    "taken away. So nobody has more than the old or the new config gives at any moment.",
)

DRIFT_WAS_SET_BACK = Aftermath(
    "drift-was-set-back",
    "Drift was set back, then the update of the stack could not begin or was lost sight of.",
    state="Set back before that: {done}.",
)

AREA = Area(
    "Setting drift back",
    "deploy lists in its preview what it will set back. The run's JSON keeps what it removes.",
    (CHANGED_SINCE_PREVIEW, MADE_SINCE_PREVIEW, NO_RIGHT_TO_SET_BACK),
    (RIGHT_LACKS_HALF_WAY, REPAIR_STOPPED, DRIFT_WAS_SET_BACK),
)
