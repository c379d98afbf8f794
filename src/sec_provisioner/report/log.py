"""The log of a run: plain lines `time LEVEL message` in a file, some of them on stderr as well.

Lines wait in memory until it is known which file they belong to (its name holds the config's stem), then go
straight to disk, so that a run that is killed leaves what it did until then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from enum import IntEnum
from typing import TextIO

from sec_provisioner.report.redaction import Redactor
from sec_provisioner.report.terminal import Terminal


class Level(IntEnum):
    """What `--log-level` chooses: how much of the log is shown on stderr."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


# `grep -i error *.log` finds the runs that failed and no other. Names chosen by the user are left as they are.
# A run of name characters, told from the left end alone: a pattern with the word in its middle would try every start
# of a long line and take minutes for a megabyte.
_TOKEN = re.compile(r"[\w./:@-]+")
_ERROR = re.compile("error", re.IGNORECASE)


class RunLog:
    """Collects the lines of one run. `now` gives the time, in UTC."""

    def __init__(
        self, terminal: Terminal, redactor: Redactor, now: Callable[[], datetime], shown: Level = Level.INFO
    ) -> None:
        self.shown = shown
        self._terminal = terminal
        self._redactor = redactor
        self._now = now
        self._lines: list[str] = []
        self._file: TextIO | None = None
        self._names: frozenset[str] = frozenset()

    def allow_names(self, texts: Iterable[str]) -> None:
        """Learn the user's own names that hold the word which only failed runs may hold."""
        tokens = (match[0].lower() for text in texts if _ERROR.search(text) for match in _TOKEN.finditer(text))
        self._names |= {token.strip(".:/@-") for token in tokens if "error" in token} - {"error", "errors"}

    def trace(self, message: str) -> None:
        """For who looks for a fault: on stderr and in the file only with `--log-level debug`."""
        if self.shown <= Level.DEBUG:
            self._add("DEBUG", message)
            self._show(Level.DEBUG, message)

    def detail(self, message: str) -> None:
        """For the file; on stderr only with `--log-level debug`."""
        self._add("INFO", message)
        self._show(Level.DEBUG, message)

    def say(self, message: str) -> None:
        """What is being done, for the file and for who watches."""
        self._add("INFO", message)
        self._show(Level.INFO, message)

    def caution(self, message: str) -> None:
        """What one should look at; the run goes on."""
        self._add("WARNING", message)
        self._show(Level.WARNING, message)

    def fail(self, message: str) -> None:
        """The one ERROR line that ends a failed run. What people read of it is written by who calls this."""
        self._append("ERROR", self._redactor.text(message))

    def write_to(self, file: TextIO) -> None:
        """From here on every line goes to this file, those that waited first."""
        self._file = file
        waiting, self._lines = self._lines, []
        for line in waiting:
            self._put(line)

    def close(self) -> None:
        """No line follows."""
        if self._file:
            self._file.close()
            self._file = None

    def _add(self, level: str, message: str) -> None:
        clean = _TOKEN.sub(self._without_the_word, self._redactor.text(message))
        self._append(level, clean)

    def _without_the_word(self, match: re.Match[str]) -> str:
        token = match[0].lower()
        if "error" not in token or any(name in token for name in self._names):
            return match[0]
        return _ERROR.sub("fault", match[0])

    def _append(self, level: str, message: str) -> None:
        time = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        # One message is one line, whatever AWS or a file name puts into it.
        self._put(f"{time} {level} {printable(' '.join(message.split()))}")

    def _put(self, line: str) -> None:
        if self._file is None:
            self._lines.append(line)
            return
        try:
            self._file.write(f"{line}\n")
            self._file.flush()
        except OSError as error:  # the disk is full: the run itself must not die of its log
            with suppress(OSError):
                self._file.close()
            self._file = None
            reason = (error.strerror or str(error)).lower()
            self._terminal.say(f"{self._terminal.err_style.careful('warning:')} The log ends here: {reason}.")

    def _show(self, level: Level, message: str) -> None:
        if level < self.shown:
            return
        style = self._terminal.err_style
        text = printable(self._redactor.text(message))
        match level:
            case Level.WARNING:
                self._terminal.say(f"{style.careful('warning:')} {text}")
            case Level.DEBUG:
                self._terminal.say(style.faint(text))
            case _:
                self._terminal.say(text)


def printable(text: str) -> str:
    r"""The text with control characters spelt out (`\x1b`): a file's content must not steer a terminal."""
    return "".join(one if one.isprintable() or one in "\n\t" else ascii(one)[1:-1] for one in text)
