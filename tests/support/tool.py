"""The tool in process: one command line with folders, terminal, clock and environment of the test's own."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

import sec_provisioner
from sec_provisioner.actions.base import Surroundings
from sec_provisioner.cli import main
from sec_provisioner.errors import ExitCode
from sec_provisioner.report.files import FOLDERS, Folders, find_home
from sec_provisioner.report.terminal import Style, Terminal

START = datetime(2026, 11, 23, 6, 0, 0, tzinfo=UTC)
CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
SCHEMAS = Path(sec_provisioner.__file__).parent / "data" / "schemas"


@dataclass
class StoppedClock:
    """Stands still; sleeping moves it."""

    time: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


class Screen(io.StringIO):
    """A stream that may say it is a terminal."""

    def __init__(self, text: str = "", *, is_terminal: bool = False) -> None:
        super().__init__(text)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@dataclass
class Ran:
    """What a run left: exit code, streams, and the files in reports/ that it made."""

    code: ExitCode
    stdout: str
    stderr: str
    reports: Path
    made: tuple[str, ...]

    @property
    def log(self) -> str:
        """The log of this run."""
        return (self.reports / self._only(".log")).read_text(encoding="utf-8")

    @property
    def report(self) -> dict[str, Any]:
        """The run's JSON, held against the shipped schema."""
        return checked_document((self.reports / self._only(".json")).read_text(encoding="utf-8"))

    @property
    def document(self) -> dict[str, Any]:
        """stdout as JSON, held against the shipped schema."""
        return checked_document(self.stdout)

    def _only(self, ending: str) -> str:
        (name,) = [one for one in self.made if one.endswith(ending)]
        return name


@dataclass
class Tool:
    """A home with its six folders, and everything else that a run is given."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    clock: StoppedClock = field(default_factory=StoppedClock)
    suffix: str = "abc123"
    is_terminal: bool = False
    colour: bool = False

    def __call__(self, *args: str, answers: str = "") -> Ran:
        """Run one command line; `answers` is what is typed."""
        stdout, stderr = Screen(is_terminal=self.is_terminal), Screen(is_terminal=self.is_terminal)
        style = Style(self.colour)
        stdin = Screen(answers, is_terminal=self.is_terminal)
        terminal = Terminal(stdin, stdout, stderr, out_style=style, err_style=style)
        before = self._reports()

        def surroundings(values: Mapping[str, Any]) -> Surroundings:
            home = find_home(values["home"] or str(self.home), self.environment, self.home)
            return Surroundings(Folders(home), terminal, self.clock, self.environment, lambda: self.suffix)

        code = main(args, surroundings)
        made = tuple(sorted(self._reports() - before))
        return Ran(code, stdout.getvalue(), stderr.getvalue(), self.home / "reports", made)

    def write_config(self, text: str | bytes, name: str = CONFIG) -> str:
        """Put a config into configs/; returns its name."""
        content = text if isinstance(text, bytes) else text.encode()
        (self.home / "configs" / name).write_bytes(content)
        return name

    def files(self, folder: str) -> dict[str, str]:
        """Every file below a folder, by its path in it."""
        root = self.home / folder
        return {str(one.relative_to(root)): one.read_text(encoding="utf-8") for one in _files_below(root)}

    def _reports(self) -> set[str]:
        folder = self.home / "reports"
        return {one.name for one in folder.iterdir()} if os.access(folder, os.R_OK, effective_ids=True) else set()


def make_tool(home: Path) -> Tool:
    """A tool whose folders are all there."""
    for name in FOLDERS:
        (home / name).mkdir(parents=True, exist_ok=True)
    return Tool(home)


def run(tool: Tool, action: str, *flags: str, answers: str = "") -> Ran:
    """Run an action on the config that has the usual name."""
    return tool(action, "--config", CONFIG, *flags, answers=answers)


def checked_document(text: str) -> dict[str, Any]:
    """A result as JSON that keeps to the schema of its action."""
    document: dict[str, Any] = json.loads(text)
    schema = json.loads((SCHEMAS / f"result-{document['action']}.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    return document


def _files_below(root: Path) -> Iterator[Path]:
    return (one for one in sorted(root.rglob("*")) if one.is_file())
