"""Completion in bash, zsh and fish, wherever the action stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sec_provisioner.actions import ACTIONS

PROGRAM = Path(sys.executable).parent / "sec-provisioner"


def complete(words: str, home: Path) -> list[str]:
    """What bash would offer for the last word."""
    parts = words.split(" ")
    ran = subprocess.run(
        [PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={
            "_SEC_PROVISIONER_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(parts) - 1),
            "SEC_HOME": str(home),
        },
    )
    return [line.partition(",")[2] for line in ran.stdout.splitlines()]


def test_actions_are_offered_as_the_first_word(tmp_path: Path) -> None:
    assert complete("sec-provisioner ", tmp_path) == [one.name for one in ACTIONS]


def test_actions_are_offered_after_the_flag(tmp_path: Path) -> None:
    assert "validate-config" in complete("sec-provisioner --config x --action valid", tmp_path)


def test_options_are_those_of_the_action_in_both_forms(tmp_path: Path) -> None:
    first = complete("sec-provisioner --action init-config --t", tmp_path)
    assert first == complete("sec-provisioner init-config --t", tmp_path) == ["--tier"]


@pytest.mark.parametrize("start", ["validate-config --config ", "--config ", "--action validate-config --config "])
def test_configs_are_offered_by_name(tmp_path: Path, start: str) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "a-sec.yaml").touch()
    (tmp_path / "configs" / "notes.txt").touch()
    assert complete(f"sec-provisioner {start}", tmp_path) == ["a-sec.yaml"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str) -> None:
    ran = subprocess.run(
        [PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"_SEC_PROVISIONER_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin"},
    )
    assert "sec-provisioner" in ran.stdout
    assert f"_SEC_PROVISIONER_COMPLETE={shell}_complete" in ran.stdout
