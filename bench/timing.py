"""Timing of whole commands: alternating runs, medians, peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """One contestant of a bench."""

    name: str
    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Measured:
    """Median wall time in seconds and largest peak memory in MB over all runs."""

    seconds: float
    peak_mb: float


def alternate(commands: Sequence[Command], runs: int) -> dict[str, Measured]:
    """Run the commands in turn, so that a busy minute of the machine hits all of them alike."""
    seconds: dict[str, list[float]] = {one.name: [] for one in commands}
    peaks: dict[str, list[float]] = {one.name: [] for one in commands}
    for one in commands:
        run_once(one)  # caches and byte code
    for _ in range(runs):
        for one in commands:
            wall, peak = run_once(one)
            seconds[one.name].append(wall)
            peaks[one.name].append(peak)
    return {one.name: Measured(statistics.median(seconds[one.name]), max(peaks[one.name])) for one in commands}


def run_once(command: Command) -> tuple[float, float]:
    """Wall seconds and peak MB of one run.

    Raises:
        SystemExit: where the command fails: a bench of failures would say nothing.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command.words,
        cwd=command.folder,
        env={**os.environ, **command.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    stderr = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command.name} failed: {stderr.decode()[-2000:]}")
    per_mb = 1024 * 1024 if sys.platform == "darwin" else 1024
    return wall, usage.ru_maxrss / per_mb
