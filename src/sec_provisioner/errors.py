"""The few exceptions that end a run. Each says what happened, what state things are in, and what to do.

The exit code is its class. What they say stands in the tables of `failures/`, which makes them: nobody else does.
A finding about a config or a template is no exception: that is a `Problem`.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell sees; never a count."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAILED = 3
    REFUSED = 4
    INTERRUPTED = 130


class SecError(Exception):
    """Ends the run with the exit code of its class.

    Args:
        happened: what happened, as a sentence.
        hint: what to do.
        state: what state things are in; empty where nothing could have been touched.
        failure_id: which row of the tables it comes from.
        code: AWS's error code where there is one.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, happened: str, hint: str = "", *, state: str = "", failure_id: str = "", code: str = "") -> None:
        super().__init__(f"{happened} {state}".rstrip())
        self.happened = happened
        self.state = state
        self.hint = hint
        self.id = failure_id
        self.code = code

    @property
    def message(self) -> str:
        """What happened and what state things are in."""
        return str(self)


# --- something was found ----------------------------------------------------------------------------


class FindingsError(SecError):
    """Not a fault: problems of the config, or drift."""

    exit_code = ExitCode.FINDINGS


# --- the command was not understood -----------------------------------------------------------------


class UsageError(SecError):
    """Wrong flags, a config that is not there, a config of another tier than the image's."""

    exit_code = ExitCode.USAGE


# --- the machine or AWS failed ----------------------------------------------------------------------


class FolderError(SecError):
    """A folder or file can't be read or written."""


class AwsError(SecError):
    """AWS, the credentials or the network failed."""


class StackFailedError(SecError):
    """A stack operation ended in a failure state."""


# --- the tool will not do it ------------------------------------------------------------------------


class RefusedError(SecError):
    """Nothing was changed: not confirmed, the wrong account, a name of somebody else, a stack in progress."""

    exit_code = ExitCode.REFUSED


# --- the user has stopped it ------------------------------------------------------------------------


class StoppedError(SecError):
    """Ctrl-C, or SIGTERM."""

    exit_code = ExitCode.INTERRUPTED
