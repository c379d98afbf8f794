"""The actions around the local AWS."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sec_local import state
from sec_provisioner.errors import ExitCode
from support.enforcement import administrator, refusal, user
from support.local_aws import new_account
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


def test_it_lets_policies_decide_where_it_is_told_to(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = ("local-serve", "--home", str(tmp_path), "--port", "0", "--port-file", str(port_file), "--enforce")
    process = subprocess.Popen(
        [sys.executable, "-m", "sec_provisioner", *command], stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    try:
        deadline = time.monotonic() + 30
        while not port_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        account = new_account(f"http://127.0.0.1:{port_file.read_text().strip()}")
        assert refusal(user(account, "ann").client("iam").list_users)
        assert refusal(administrator(account).client("iam").list_users) is None
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert "the account's administrator" in said
    assert process.returncode == 0
