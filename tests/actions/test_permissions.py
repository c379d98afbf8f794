"""Folders that this user may not write or read: the first thing that new users of the image meet."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sec_provisioner.errors import ExitCode
from support.startup import CONFIG
from support.tool import Tool, make_tool
from support.users import as_nobody


@pytest.fixture
def open_tool(startup_text: str) -> Iterator[Tool]:
    """A home that others may read, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        tool = make_tool(Path(folder) / "sec")
        tool.write_config(startup_text, CONFIG)
        # Everything is imported before the user changes.
        assert tool("export-groups", "--config", CONFIG).code is ExitCode.OK
        for path in Path(folder).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield tool
        for path in Path(folder).rglob("*"):
            path.chmod(0o755)


def test_a_folder_of_somebody_else_is_named_with_both_users_and_a_mend(open_tool: Tool) -> None:
    (open_tool.home / "groups").chmod(0o555)
    before = open_tool.files("groups")
    with as_nobody() as user:
        ran = open_tool("export-groups", "--config", CONFIG)
    groups = open_tool.home / "groups"
    assert ran.code is ExitCode.FAILED
    owner = groups.stat().st_uid
    assert f"Can't write {groups} as user id {user}: {groups} belongs to user id {owner}, mode 0555." in ran.stderr
    assert f"sudo chown {user} {groups}" in ran.stderr
    assert open_tool.files("groups") == before


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_reports_of_somebody_else_are_no_reason_for_a_local_action_to_stop(open_tool: Tool, mode: int) -> None:
    (open_tool.home / "reports").chmod(mode)
    with as_nobody() as user:
        ran = open_tool("validate-config", "--config", CONFIG)
    assert ran.code is ExitCode.OK
    assert re.search(f"No log and no report are written. Can't (read|write) {open_tool.home}/reports", ran.stderr)
    assert f"user id {user}" in ran.stderr


@pytest.mark.parametrize(
    ("lock", "what"),
    [
        (lambda home: (home / "configs" / CONFIG).chmod(0o200), f"configs/{CONFIG}"),
        (lambda home: (home / "configs").chmod(0o000), "configs"),
    ],
    ids=["file", "folder"],
)
def test_a_config_that_may_not_be_read_is_said(open_tool: Tool, lock: Callable[[Path], None], what: str) -> None:
    lock(open_tool.home)
    with as_nobody() as user:
        ran = open_tool("validate-config", "--config", CONFIG)
    assert ran.code is ExitCode.FAILED
    assert f"Can't read {open_tool.home}/{what}" in ran.stderr
    assert f"user id {user}" in ran.stderr
