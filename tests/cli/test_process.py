"""The process as a whole: signals, output that goes away, a log on disk while it runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.tool import make_tool

# `schema` with a body that waits, so that the signal meets it in the middle.
WAITS = """
import sys, time
from sec_provisioner.actions import schema
def run(ctx):
    ctx.log.say("waiting")
    time.sleep(60)
schema.run = run
sys.argv = ["sec-provisioner", "schema", "--home", sys.argv[1]]
from sec_provisioner.__main__ import run as start
start()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_with_130_and_calmly(tmp_path: Path, number: signal.Signals) -> None:
    tool = make_tool(tmp_path / "sec")
    with subprocess.Popen(
        [sys.executable, "-c", WAITS, tool.home], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stderr
        assert started.stderr.readline() == "waiting\n"
        started.send_signal(number)
        stdout, stderr = started.communicate(timeout=20)
    assert started.returncode == 130
    assert stdout == ""
    assert stderr.startswith("error: Interrupted.\n  help: Run it again")
    files = tool.files("reports")
    (log,) = (text for name, text in files.items() if name.endswith(".log"))
    assert "error" not in log.lower()
    assert log.endswith("INFO Interrupted (exit 130)\n")
    assert '"status": "interrupted"' in "".join(files.values())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("full", ["stdout", "stderr"])
def test_a_full_disk_behind_a_stream_is_told_calmly(tmp_path: Path, full: str) -> None:
    (tmp_path / "reports").mkdir()
    with Path("/dev/full").open("w", encoding="utf-8") as nowhere:
        out, err = (nowhere if full == name else subprocess.PIPE for name in ("stdout", "stderr"))
        command = [sys.executable, "-m", "sec_provisioner", "schema", "--home", str(tmp_path)]
        ran = subprocess.run(command, stdout=out, stderr=err, text=True, check=False)
    (log,) = (tmp_path / "reports").glob("*.log")
    last = log.read_text(encoding="utf-8").splitlines()[-1]
    if full == "stderr":
        assert (ran.returncode, " ERROR " in last) == (0, False)
    else:
        assert ran.returncode == 3
        assert "Traceback" not in ran.stderr
        assert "error: Can't write the result to stdout: no space left on device." in ran.stderr
        assert " ERROR " in last
