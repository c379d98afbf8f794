"""The table of behaviours in docs/LOCAL_AWS.md, made from the tests that hold us to them.

    pytest tests/sec_local --collect-only -q --behaviours FILE

writes one row per mark into FILE: what AWS documents, the page, the test. `make docs-source` does it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "LOCAL_AWS.md"
HEADER = "| behaviour | AWS page | test |\n|---|---|---|\n"
_PLACE = re.compile("(?<=<!-- behaviours -->\n).*(?=<!-- end of behaviours -->)", re.DOTALL)


def add_option(parser: pytest.Parser) -> None:
    parser.addoption("--behaviours", metavar="FILE", help="write the table of AWS behaviours that tests hold us to")


def write_table(config: pytest.Config, items: list[pytest.Item]) -> None:
    target = Path(config.getoption("--behaviours"))
    target.write_text(with_table(target.read_text(encoding="utf-8"), items), encoding="utf-8")


def with_table(page: str, items: list[pytest.Item]) -> str:
    """The page with the table that these tests make."""
    table = HEADER + "".join(f"{row}\n" for row in rows(items))
    return _PLACE.sub(lambda _: table, page)


def rows(items: list[pytest.Item]) -> list[str]:
    """Sorted by page; the cases of one parametrised test are one row."""
    found = set()
    for item in items:
        name = getattr(item, "originalname", item.name)
        for mark in item.iter_markers("aws"):
            page = mark.args[0]
            title = page.rpartition("/")[2].removesuffix(".html")
            text = mark.kwargs["behaviour"].replace("|", "\\|")
            found.add((page, f"| {text} | [{title}]({page}) | `{item.path.name}::{name}` |"))
    return [row for _, row in sorted(found)]
