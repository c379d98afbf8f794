"""What is refused before anything is done: not confirmed, the wrong account, what belongs to somebody else."""

from __future__ import annotations

from sec_provisioner.errors import RefusedError
from sec_provisioner.failures.base import Area, FailureClass

_NOTHING = "Nothing was changed."

# --- consent ----------------------------------------------------------------------------------------

NO_TERMINAL = FailureClass(
    "no-terminal",
    RefusedError,
    "There is no terminal to ask on.",
    state=_NOTHING,
    mend="With --force it goes ahead without asking.",
)

ANSWERED_NO = FailureClass(
    "answered-no", RefusedError, "The answer was no.", state=_NOTHING, mend="Run again and answer y to go ahead."
)

INPUT_ENDED = FailureClass(
    "input-ended",
    RefusedError,
    "The input ended before the question was answered.",
    state=_NOTHING,
    mend="Run it on a terminal, or give the answers as options.",
)

ANOTHER_CHANGE = FailureClass(
    "another-change",
    RefusedError,
    "The change is not the one that was approved: its digest is {digest}, expected was {expected}.",
    state=_NOTHING,
    mend="Look at it with show-changes and have it approved again.",
    more="The config, the version of the tool, or what is live has changed since the approval.",
)

# --- whose it is ------------------------------------------------------------------------------------

WRONG_ACCOUNT = FailureClass(
    "wrong-account",
    RefusedError,
    "The credentials ({caller}) are of the account {account}, the config is for {wanted}.",
    state="Nothing was read or changed.",
    mend="Choose the right --profile, or correct client.account_id.",
)

WRONG_PARTITION = FailureClass(
    "wrong-partition",
    RefusedError,
    "The credentials are of the partition {partition}, the region {region} is in {wanted}.",
    state="Nothing was read or changed.",
    mend="Choose the right --profile, or correct environment.region.",
)

STACK_OF_OTHERS = FailureClass(
    "stack-of-others",
    RefusedError,
    "The stack {stack} belongs to {owner} (its tag `stem`), not to {stem}.",
    state=_NOTHING,
    mend="Check client, environment and tier of the config.",
)

NAMES_TAKEN = FailureClass(
    "names-taken",
    RefusedError,
    "{names}",
    state=_NOTHING,
    mend="{mends}",
    more="IAM's names are the same in all regions of an account. Each name is told with whose it is, as far as its "
    "stack or its tags tell. Nothing of somebody else's is ever taken over.",
)

# --- what stands in the way -------------------------------------------------------------------------

BLOCKED = FailureClass(
    "blocked",
    RefusedError,
    "{blockers}",
    state=_NOTHING,
    mend="{mends}",
    more="Everything in the way is listed at once: termination protection, policies of the stack that somebody else "
    "has, a resource that CloudFormation would have to replace under its fixed name, drift that can't be set back.",
)

PREVIEW_BLOCKED = FailureClass(
    "preview-blocked",
    RefusedError,
    "deploy would refuse this change: see what blocks it.",
    state=_NOTHING,
    mend="Do what the preview says at each blocker, then run show-changes again.",
)

STACK_BUSY = FailureClass(
    "stack-busy",
    RefusedError,
    "The stack {stack} is in {status} since {since} UTC{author}: {meaning}",
    state=_NOTHING,
    mend="{mend}",
    more="Somebody's operation is going on, perhaps that of a run of yours which was killed. `--wait` waits for its "
    "end and goes on then. Who has begun it is told as far as CloudFormation keeps it.",
)

DRIFT_BUSY = FailureClass(
    "drift-busy",
    RefusedError,
    "The stack {stack} is in {status}: {meaning}",
    state="Nothing was compared.",
    mend="Run check-drift again when it is done.",
)

STACK_STUCK = FailureClass(
    "stack-stuck",
    RefusedError,
    "The stack {stack} is in {status}: {meaning}",
    state=_NOTHING,
    mend="{mend}",
    more="deploy can't go on from this status: the [table of statuses](#statuses-of-a-stack) says what to do about it.",
)

NOTHING_DEPLOYED = FailureClass(
    "nothing-deployed",
    RefusedError,
    "There is no stack {stack} in {region}: nothing is deployed that could drift.",
    state="Nothing was compared.",
    mend="Deploy it first; or check client, environment and tier of the config.",
)

AREA = Area(
    "Refused before anything was done",
    "The tool does not go ahead, for a reason that somebody must look at.",
    (
        NO_TERMINAL,
        ANSWERED_NO,
        INPUT_ENDED,
        ANOTHER_CHANGE,
        WRONG_ACCOUNT,
        WRONG_PARTITION,
        STACK_OF_OTHERS,
        NAMES_TAKEN,
        BLOCKED,
        PREVIEW_BLOCKED,
        STACK_BUSY,
        DRIFT_BUSY,
        STACK_STUCK,
        NOTHING_DEPLOYED,
    ),
)
