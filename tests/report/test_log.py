"""The log: plain lines, and the word that only failed runs may hold."""

from __future__ import annotations

import io
import time

import pytest

from sec_provisioner.report.log import Level, RunLog, printable
from sec_provisioner.report.redaction import Redactor
from sec_provisioner.report.terminal import Terminal
from support.tool import Screen, StoppedClock


class Logged:
    """A log with its file and its stderr."""

    def __init__(self, shown: Level = Level.INFO) -> None:
        self.stderr = Screen()
        self.redactor = Redactor()
        terminal = Terminal(Screen(), Screen(), self.stderr)
        self.log = RunLog(terminal, self.redactor, StoppedClock().now, shown)
        self.file = io.StringIO()

    def text(self) -> str:
        """What is in the file."""
        self.log.write_to(self.file)
        return self.file.getvalue()


def test_a_line_has_time_level_and_message() -> None:
    logged = Logged()
    logged.log.say("done")
    assert logged.text() == "2026-11-23T06:00:00Z INFO done\n"


def test_lines_that_waited_come_before_those_that_follow() -> None:
    logged = Logged()
    logged.log.say("first")
    logged.log.write_to(logged.file)
    logged.log.caution("second")
    assert [line.split(" ", 1)[1] for line in logged.file.getvalue().splitlines()] == ["INFO first", "WARNING second"]


@pytest.mark.parametrize("message", ["0 errors", "no Error", "ClientError", "--fail-on error", "ERRORS", "terror"])
def test_the_word_stands_in_no_line_but_the_last_of_a_failed_run(message: str) -> None:
    logged = Logged(Level.DEBUG)
    for write in (logged.log.trace, logged.log.detail, logged.log.say, logged.log.caution):
        write(message)
    assert "error" not in logged.text().lower()


def test_names_of_the_user_keep_the_word() -> None:
    logged = Logged()
    logged.log.allow_names(["groups: [error_watch]  # no error here"])
    logged.log.say("edge-error_watch: 2 errors")
    assert logged.text().endswith("INFO edge-error_watch: 2 faults\n")


def test_a_failure_is_one_line_however_long_its_message() -> None:
    logged = Logged()
    logged.log.fail("bad\nthing\r\nhappened")
    assert logged.text().endswith("ERROR bad thing happened\n")


def test_control_characters_do_not_reach_file_or_terminal() -> None:
    logged = Logged()
    logged.log.say("\x1b[31mred\x07")
    assert "\x1b" not in logged.text() + logged.stderr.getvalue()
    assert printable("\x1b[31m\t") == "\\x1b[31m\t"


def test_secrets_reach_neither_file_nor_terminal() -> None:
    logged = Logged()
    logged.redactor.hide(["top-secret-value"])
    logged.log.caution("it is top-secret-value")
    logged.log.fail("top-secret-value again")
    assert "top-secret" not in logged.text() + logged.stderr.getvalue()


def test_stderr_shows_what_the_level_asks_for() -> None:
    def shown(level: Level) -> str:
        logged = Logged(level)
        logged.log.trace("t")
        logged.log.detail("d")
        logged.log.say("s")
        logged.log.caution("c")
        return logged.stderr.getvalue()

    assert shown(Level.DEBUG) == "t\nd\ns\nwarning: c\n"
    assert shown(Level.INFO) == "s\nwarning: c\n"
    assert shown(Level.WARNING) == "warning: c\n"
    assert shown(Level.ERROR) == ""


def test_a_full_disk_ends_the_log_and_not_the_run() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device", text)

    logged = Logged()
    logged.log.write_to(Full())
    logged.log.say("still running")
    logged.log.say("and on")
    assert logged.stderr.getvalue().count("The log ends here: no space left on device.") == 1


def test_a_megabyte_without_a_break_is_read_in_no_time() -> None:
    logged = Logged()
    started = time.perf_counter()
    logged.log.allow_names(["a" * 2_000_000 + " my-error-group"])
    logged.log.detail("b" * 2_000_000)
    assert time.perf_counter() - started < 5
