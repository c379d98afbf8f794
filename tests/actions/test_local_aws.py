"""The actions around the local AWS."""

from __future__ import annotations

from pathlib import Path

from sec_local import state
from sec_provisioner.errors import ExitCode
from support.tool import Tool


def test_a_state_that_a_running_local_aws_works_on_is_left_alone(tool: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    kept = folder / "iam.json"
    kept.write_text("{}")
    with state.owned(folder):
        ran = tool("local-reset", "--state-dir", str(folder))
    assert ran.code is ExitCode.FAILED
    assert "Stop the local AWS" in ran.stderr
    assert kept.exists()


def test_reset_removes_the_state_and_nothing_else(tool: Tool, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "iam.json").write_text('{"__ministack_format__": 1}')
    (folder / "mine.json").write_text("{}")
    ran = tool("local-reset", "--state-dir", str(folder))
    assert ran.code is ExitCode.OK
    assert ran.report["result"]["removed"] == 1
    assert sorted(one.name for one in folder.iterdir()) == ["mine.json"]
