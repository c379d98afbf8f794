"""Progress of a stack operation: lines everywhere, a bar only where it can be redrawn."""

from __future__ import annotations

import pytest

from sec_provisioner.report.log import Level, RunLog
from sec_provisioner.report.progress import Progress
from sec_provisioner.report.redaction import Redactor
from sec_provisioner.report.terminal import Terminal
from support.tool import START, Screen, Tool, run


def shown(*, is_terminal: bool) -> str:
    stderr = Screen(is_terminal=is_terminal)
    terminal = Terminal(Screen(), Screen(), stderr)
    progress = Progress(terminal, RunLog(terminal, Redactor(), lambda: START, Level.INFO))
    with progress.over(2):
        progress.show("RoleA", "AWS::IAM::Role", "CREATE_IN_PROGRESS", "", ends=None)
        progress.show("RoleA", "AWS::IAM::Role", "CREATE_COMPLETE", "", ends="well")
        progress.show("RoleB", "AWS::IAM::Role", "CREATE_FAILED", "No more roles", ends="badly")
    return stderr.getvalue()


def test_what_has_ended_is_a_line_and_what_goes_on_is_not() -> None:
    lines = shown(is_terminal=False).splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["CREATE_COMPLETE", "Role", "RoleA"],
        ["CREATE_FAILED", "Role", "RoleB:"],
    ]
    assert lines[1].endswith("No more roles")


def test_a_terminal_gets_a_bar_that_is_gone_in_the_end() -> None:
    text = shown(is_terminal=True)
    assert "1/2" in text
    assert text.endswith("\r\x1b[2K")


def test_no_bar_reaches_a_pipe() -> None:
    assert "\r" not in shown(is_terminal=False)


@pytest.mark.parametrize("action", ["deploy", "delete-stack", "test-deploy"])
def test_no_bar_is_left_behind_an_operation(tool: Tool, action: str) -> None:
    if action == "delete-stack":
        assert run(tool, "deploy", "--force").code == 0
    tool.is_terminal = True
    ran = run(tool, action, *(["--force"] if action != "test-deploy" else []))
    assert ran.code == 0
    *_, last = ran.stderr.rpartition("█")
    assert "\r\x1b[2K" in last
    assert "░" not in last.partition("\r\x1b[2K")[2]
