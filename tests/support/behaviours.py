"""The table of behaviours, made from the tests that hold us to them.

    pytest tests/sec_local --collect-only -q --behaviours FILE

writes one row per mark: the AWS page, what it says, the test.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

HEADER = "| behaviour | AWS page | test |\n|---|---|---|\n"


def add_option(parser: pytest.Parser) -> None:
    parser.addoption("--behaviours", metavar="FILE", help="write the table of AWS behaviours that tests hold us to")


def write_table(config: pytest.Config, items: list[pytest.Item]) -> None:
    target = config.getoption("--behaviours")
    if target:
        Path(target).write_text(HEADER + "".join(f"{row}\n" for row in rows(items)), encoding="utf-8")


def rows(items: list[pytest.Item]) -> list[str]:
    """Sorted by page; the cases of one parametrised test are one row."""
    found = set()
    for item in items:
        name = getattr(item, "originalname", item.name)
        for mark in item.iter_markers("aws"):
            page = mark.args[0]
            found.add((page, f"| {mark.kwargs['behaviour']} | <{page}> | `{item.path.name}::{name}` |"))
    return [row for _, row in sorted(found)]
