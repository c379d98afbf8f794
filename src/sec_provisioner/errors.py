"""The few exceptions that end a run. Each says what happened and what to do; the exit code is its class.

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
    """Ends the run with a message, a mend and the exit code of its class."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


# --- the command was not understood -----------------------------------------------------------------


class UsageError(SecError):
    """Wrong flags, a config that is not there, a config of another tier than the image's."""

    exit_code = ExitCode.USAGE


# --- the machine or AWS failed ----------------------------------------------------------------------


class FolderError(SecError):
    """A folder or file can't be read or written."""


class AwsError(SecError):
    """AWS, the credentials or the network failed. `code` is AWS's error code where there is one."""

    def __init__(self, message: str, hint: str = "", *, code: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class StackFailedError(SecError):
    """A stack operation ended in a failure state."""


# --- the tool will not do it ------------------------------------------------------------------------


class RefusedError(SecError):
    """Nothing was changed: not confirmed, the wrong account, a name of somebody else, a stack in progress."""

    exit_code = ExitCode.REFUSED
