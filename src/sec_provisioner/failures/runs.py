"""How any run can end: findings, Ctrl-C, a fault of the tool."""

from __future__ import annotations

from sec_provisioner.errors import FindingsError, SecError, StoppedError
from sec_provisioner.failures.base import Area, FailureClass

PROBLEMS_FOUND = FailureClass(
    "problems-found",
    FindingsError,
    "{counts}.",
    mend="Mend what is listed and run again.",
    more="Each problem has its place in the file and what to write instead. `--fail-on` sets from which severity on.",
)

CHECK_FOUND = FailureClass(
    "check-found",
    FindingsError,
    "{subject}: {counts}.",
    mend="Mend what is listed and run again.",
    more="The same, of one file that was checked.",
)

DRIFT_FOUND = FailureClass(
    "drift-found",
    FindingsError,
    "{stack} is not as it was deployed.",
    mend="deploy sets it back, and show-changes lists that before; what is to stay is taken into the config first.",
    more="`check-drift --who` asks CloudTrail who it may have been, `--to-config` shows what the config would have to "
    "say. What is outside the stack (`extra`, and what others have attached) deploy leaves alone.",
)

INTERRUPTED = FailureClass(
    "interrupted",
    StoppedError,
    "Interrupted.",
    mend="Run it again: it goes on from what is there.",
    more="An operation that CloudFormation has begun goes on by itself; the run says so. Members that delete-stack had "
    "taken out are put back, or are in the file that it named: see `restore-members`.",
)

UNFINISHED = FailureClass(
    "unfinished",
    StoppedError,
    "The run did not come to its end.",
    mend="Run it again.",
    more="It stands in a report that was written in the middle of a run. If it is still there later, the run was "
    "killed: the report has what was known by then, and what was going to be removed.",
)

OUTPUT_LOST = FailureClass(
    "output-lost",
    SecError,
    "Can't write the result to stdout: {told}.",
    mend="The run itself went to its end: its result is in the report.",
    more="The disk is full that stdout goes to, say. The run's JSON is in `reports`, where that could be written.",
)

TOOL_FAULT = FailureClass(
    "tool-fault",
    SecError,
    "Unexpected {kind}: {told}",
    mend="This is a fault of the tool: please report it, with the log of this run.",
    more="What state things are in can't be said: `show-changes` and `check-drift` tell what is there. The log has the "
    "place of the fault.",
)

AREA = Area(
    "Any run",
    "",
    (PROBLEMS_FOUND, CHECK_FOUND, DRIFT_FOUND, INTERRUPTED, UNFINISHED, OUTPUT_LOST, TOOL_FAULT),
)
