"""Cases about configs: a good config, one change, and exactly the problems that it brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sec_provisioner.problem import Location, Problem

CASES = Path(__file__).parent.parent / "cases" / "config"
GOOD_FILE = "edge-prod-b001-us-west-1-sec.yaml"
GOOD = (CASES / GOOD_FILE).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Expected:
    """One problem. `at` is text that begins where the problem points; `says` and `hint` are parts of its words."""

    id: str
    path: str = ""
    at: str | None = None
    says: str = ""
    hint: str = ""
    severity: str = "error"


@dataclass(frozen=True)
class Case:
    """The change `replace` of the good config, or a `text` of its own, and what is wrong then."""

    name: str
    problems: list[Expected]
    replace: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    file: str = GOOD_FILE

    @property
    def content(self) -> str:
        """The text to read."""
        text = GOOD if self.text is None else self.text
        for old, new in self.replace.items():
            assert text.count(old) == 1, f"{self.name}: `{old}` stands {text.count(old)} times in the config"
            text = text.replace(old, new)
        return text


def load_cases(name: str) -> list[Case]:
    """The cases of one file."""
    raw: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [Case(**{**one, "problems": [Expected(**expected) for expected in one["problems"]]}) for one in raw]


def assert_problems(case: Case, found: tuple[Problem, ...]) -> None:
    """The problems are those of the case: no more, no fewer, each at its place."""
    shown = [(one.id, one.path, str(one.severity)) for one in found]
    assert shown == [(one.id, one.path, one.severity) for one in case.problems], found
    for problem, expected in zip(found, case.problems, strict=True):
        assert expected.says in problem.message
        assert expected.hint in problem.hint
        assert problem.hint, "every problem says what to write instead"
        if expected.at is not None:
            assert problem.where == place(case.content, expected.at, case.file)


def place(text: str, part: str, file: str) -> Location:
    """Where a part of the text begins; it must stand there once."""
    assert text.count(part) == 1, f"`{part}` stands {text.count(part)} times in the config"
    before = text[: text.index(part)]
    return Location(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
