"""The terminal: what is asked, what is coloured, and readers that go away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sec_provisioner.errors import RefusedError
from sec_provisioner.report.terminal import Terminal, open_terminal
from support.tool import Screen


def terminal(answers: str = "", *, is_terminal: bool = True) -> Terminal:
    stdin, stdout, stderr = (Screen(text, is_terminal=is_terminal) for text in (answers, "", ""))
    return Terminal(stdin, stdout, stderr)


@pytest.mark.parametrize(("answer", "yes"), [("y", True), ("YES", True), ("", False), ("n", False), ("yep", False)])
def test_a_question_defaults_to_no(answer: str, yes: bool) -> None:
    assert terminal(f"{answer}\n").confirm("Really?") is yes


def test_the_end_of_input_refuses() -> None:
    with pytest.raises(RefusedError):
        terminal().confirm("Really?")


def test_questions_go_to_stderr() -> None:
    asked = terminal("\n")
    assert asked.prompt("Region", "us-east-1") == "us-east-1"
    assert isinstance(asked.stderr, Screen)
    assert asked.stderr.getvalue() == "Region [us-east-1]: "


def test_it_asks_only_where_a_person_is() -> None:
    assert terminal().asks
    assert not terminal(is_terminal=False).asks


@pytest.mark.parametrize(
    ("environment", "colour", "wanted"),
    [
        ({}, None, True),
        ({"NO_COLOR": "1"}, None, False),
        ({"NO_COLOR": ""}, None, True),
        ({"TERM": "dumb"}, None, False),
        ({}, False, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colour: bool | None, wanted: bool
) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, stream, Screen(is_terminal=True))
    assert open_terminal(environment, colour=colour).out_style.colour is wanted


def test_no_colours_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Screen())
    assert not open_terminal({}).out_style.colour


@pytest.mark.parametrize("args", [["schema"], ["--help"], ["schema", "--output", "json"]], ids=" ".join)
def test_a_reader_that_has_gone_away_is_no_failure(args: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sec_provisioner", *args],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.close()
        said = started.stderr.read()
    assert started.returncode == 0
    assert "Traceback" not in said
    assert "Broken" not in said
