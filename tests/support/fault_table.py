"""The table of faults tried and survived, made from what the tests did.

    make faults        runs tests/faults, prints the table and writes docs/FAULTS.md

Each test adds a property: `tried` (action, fault, number of calls) or the words of its mark. Only where every test has
passed is the table written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "FAULTS.md"
_HEAD = """\
# Faults tried and survived

Made by `make faults` from the results of the tests in `tests/faults/`; CI makes it anew and compares. Everything runs
against the local AWS: what AWS itself does beyond its documentation is not shown here.

## At every single call

The fault struck at each call to AWS that the action makes, in a run of its own (`make faults` prints how many calls).
Where the run could not go on it ended with one message and the exit code in the column's head, and the same command,
typed again, ended in the same state as an undisturbed run: the whole account and the saved members are compared.

"""
_SITUATIONS = """
## In single situations

| what goes wrong | what happens |
|---|---|
"""


@dataclass
class Table:
    """Collected over all processes of a run."""

    tried: dict[str, dict[str, int]] = field(default_factory=dict)
    """Action -> fault -> number of calls."""
    situations: dict[str, str] = field(default_factory=dict)
    failed: int = 0

    def add(self, report: pytest.TestReport) -> None:
        """What one test has to say."""
        self.failed += report.failed
        if report.when != "call" or not report.passed:
            return
        properties: list[tuple[str, Any]] = list(report.user_properties)
        for name, value in properties:
            if name == "tried":
                action, fault, calls = value
                self.tried.setdefault(action, {})[fault] = calls
            elif name == "situation":
                what, outcome = value
                self.situations[what] = outcome

    def rendered(self, order: Iterable[str], *, with_counts: bool) -> str:
        """The page; counts depend on how often a busy machine had to look, so the file has none."""
        faults = [one for one in order if any(one in row for row in self.tried.values())]
        rows = [
            f"| action | {' | '.join(faults)} |",
            f"|---|{'---|' * len(faults)}",
            *(
                f"| {action} | {' | '.join(_cell(row.get(one, 0), with_counts) for one in faults)} |"
                for action, row in sorted(self.tried.items())
            ),
        ]
        situations = [f"| {what} | {outcome} |" for what, outcome in sorted(self.situations.items())]
        return _HEAD + "\n".join(rows) + "\n" + _SITUATIONS + "\n".join(situations) + "\n"


def _cell(calls: int, with_counts: bool) -> str:
    if not calls:
        return ""
    return f"{calls} calls" if with_counts else "every call"


def add_option(parser: pytest.Parser) -> None:
    """`--fault-table`: write the page."""
    parser.addoption("--fault-table", action="store_true", help="write docs/FAULTS.md from the results and print it")
