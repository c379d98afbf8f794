"""The boundary around every action: one message, one exit code, one log, whatever happens."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from sec_provisioner.actions.base import ActionClass, ActionSpec, Options, Surroundings
from sec_provisioner.actions.running import run_action
from sec_provisioner.errors import ExitCode
from sec_provisioner.report.document import Status
from sec_provisioner.report.files import Folders
from sec_provisioner.report.log import Level
from sec_provisioner.report.terminal import Terminal
from support.tool import Screen, StoppedClock, make_tool
from support.users import as_nobody


class Ended:
    """One run of `support.endings`."""

    def __init__(self, home: Path, how: str, kind: ActionClass = ActionClass.LOCAL, **environment: str) -> None:
        self.stdout, self.stderr = Screen(), Screen()
        spec = ActionSpec("schema", kind, "", "support.endings", config="none")
        terminal = Terminal(Screen(), self.stdout, self.stderr)
        around = Surroundings(Folders(home), terminal, StoppedClock(), environment, lambda: "abc123")
        self.code = run_action(spec, Options(log_level=Level.DEBUG, own={"how": how}), around)
        logs = list((home / "reports").glob("*.log"))
        self.log = logs[0].read_text(encoding="utf-8") if logs else ""
        self.reports = "".join(one.read_text(encoding="utf-8") for one in (home / "reports").glob("*.json"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_tool(tmp_path / "sec").home


@pytest.mark.parametrize(
    ("how", "code", "status", "said"),
    [
        ("findings", ExitCode.FINDINGS, "findings", "error: Drift was found.\n  help: Look.\n"),
        ("aws", ExitCode.FAILED, "failed", "error: AccessDenied: no\n  help: Ask for it.\n"),
        ("stack", ExitCode.FAILED, "failed", "error: The stack failed.\n"),
        ("refused", ExitCode.REFUSED, "refused", "error: Not confirmed.\n  help: --force\n"),
        ("odd", ExitCode.FAILED, "failed", "error: Unexpected ZeroDivisionError: Very odd\n"),
    ],
)
def test_a_failed_run_has_one_message_and_one_last_line(
    home: Path, how: str, code: ExitCode, status: Status, said: str
) -> None:
    ended = Ended(home, how)
    assert ended.code is code
    assert said in ended.stderr.getvalue()
    assert ended.log.count("ERROR") == 1
    assert ended.log.splitlines()[-1].startswith("2026-11-23T06:00:00Z ERROR ")
    assert ended.log.splitlines()[-1].endswith(f"(exit {int(code)})")
    assert f'"status": "{status}"' in ended.reports


@pytest.mark.parametrize(("how", "code"), [("well", ExitCode.OK), ("interrupted", ExitCode.INTERRUPTED)])
def test_a_run_that_did_not_fail_holds_the_word_nowhere(home: Path, how: str, code: ExitCode) -> None:
    ended = Ended(home, how)
    assert ended.code is code
    assert "error" not in ended.log.lower()
    assert f'"exit_code": {int(code)}' in ended.reports


def test_a_fault_of_the_tool_shows_no_traceback_but_logs_it(home: Path) -> None:
    ended = Ended(home, "odd")
    assert "Traceback" not in ended.stdout.getvalue()
    assert "Traceback" in ended.log
    assert "please report it" in ended.stderr.getvalue()


def test_what_was_recorded_before_the_failure_is_reported(home: Path) -> None:
    ended = Ended(home, "aws")
    assert '"text": "so far"' in ended.reports
    assert ended.stdout.getvalue() == "so far\n"
    assert '"code": "AccessDenied"' in ended.reports


def test_a_secret_in_a_failure_is_masked_everywhere(home: Path) -> None:
    ended = Ended(home, "secret")
    assert "Very-Secret" not in ended.log + ended.reports + ended.stderr.getvalue()
    assert "it was ***" in ended.stderr.getvalue()


def test_credentials_of_the_environment_are_hidden_from_the_start(home: Path) -> None:
    ended = Ended(home, "aws", AWS_SESSION_TOKEN="AccessDenied: no, and longer")
    assert ended.code is ExitCode.FAILED
    assert "AccessDenied: no" in ended.stderr.getvalue()
    ended = Ended(home, "stack", AWS_SECRET_ACCESS_KEY="The stack failed.")
    assert "The stack failed." not in ended.stderr.getvalue()


@pytest.mark.parametrize("kind", ActionClass)
def test_only_what_changes_aws_refuses_to_run_without_reports(home: Path, kind: ActionClass) -> None:
    (home / "reports").rmdir()
    ended = Ended(home, "well", kind)
    assert f"The folder {home}/reports is missing" in ended.stderr.getvalue()
    if kind is ActionClass.CHANGES:
        assert (ended.code, ended.stdout.getvalue()) == (ExitCode.FAILED, "")
    else:
        assert (ended.code, ended.stdout.getvalue()) == (ExitCode.OK, "all\n")


def test_reports_that_may_not_be_written_stop_a_changing_action() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = make_tool(Path(folder) / "sec").home
        Path(folder).chmod(0o755)
        (home / "reports").chmod(0o555)
        with as_nobody():
            ended = Ended(home, "well", ActionClass.CHANGES)
        (home / "reports").chmod(0o755)
    assert (ended.code, ended.stdout.getvalue()) == (ExitCode.FAILED, "")
    assert f"{home}/reports belongs to user id" in ended.stderr.getvalue()
