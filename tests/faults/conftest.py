from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sec_provisioner.aws import session as sessions
from support.fault_kinds import KINDS
from support.fault_table import PAGE, Table, add_option
from support.fault_world import World, on_the_wire
from support.local_aws import aws, aws_environment, faults, local_server, loopback_only

__all__ = ["aws", "faults", "local_server", "loopback_only"]

ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    """Patches that hold for a module."""
    with pytest.MonkeyPatch.context() as made:
        yield made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Iterator[World]:
    """A local AWS and a tool for the tests of a module; each test puts them where it begins."""
    from sec_local.in_process import LocalAws  # noqa: PLC0415 - MiniStack only where it is used

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    for name, value in aws_environment(ACCOUNT).items():
        patch.setenv(name, value)
    # Backing off is botocore's; here nobody waits for it. Adaptive mode would hold calls back for real.
    retries = {"mode": "standard", "total_max_attempts": sessions._RETRIES["total_max_attempts"]}  # noqa: SLF001
    patch.setattr(sessions, "_RETRIES", retries)
    sleep = time.sleep
    patch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.001)))
    with LocalAws() as local, on_the_wire(local, patch) as wire:
        yield World(local, wire, _folder(tmp_path_factory))


def _folder(factory: Any) -> Path:
    made: Path = factory.mktemp("faults")
    return made


# --- the table ----------------------------------------------------------------------------------------

_TABLE = Table()


def pytest_addoption(parser: pytest.Parser) -> None:
    add_option(parser)


@pytest.fixture(autouse=True)
def _situation(request: pytest.FixtureRequest, record_property: Any) -> None:
    for mark in request.node.iter_markers("fault"):
        record_property("situation", mark.args)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _TABLE.add(report)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if _TABLE.failed or not config.getoption("--fault-table"):
        return
    faults = [one.heading for one in KINDS]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(_TABLE.rendered(faults, with_counts=False), encoding="utf-8")
    terminalreporter.write(f"\n{_TABLE.rendered(faults, with_counts=True)}\n")
