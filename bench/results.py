"""Claims and how they are written down: bench/results.md has one section for each bench."""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from timing import Measured

PAGE = Path(__file__).with_name("results.md")


@dataclass(frozen=True)
class Row:
    """One claim: what was measured, the value, and the bound that it has to keep."""

    what: str
    value: str
    bound: str
    kept: bool


def at_most(what: str, ours: Measured, peer: Measured, bound: float) -> Row:
    """A ratio and its bound."""
    ratio = ours.seconds / peer.seconds
    value = f"{ratio:.3f} ({ours.seconds * 1000:.0f} ms : {peer.seconds * 1000:.0f} ms)"
    return Row(what, value, f"at most {bound:.3f}".rstrip("0").rstrip("."), ratio <= bound)


def claims(rows: Iterable[Row]) -> str:
    """The table of the rows."""
    cells = ((row.what, row.value, row.bound, "yes" if row.kept else "NO") for row in rows)
    return table(("what", "measured", "bound", "kept"), cells)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_section(title: str, body: str) -> None:
    """Put a section in the place of its former self, or at the end; print it."""
    made = f"Python {platform.python_version()} on {platform.system()}, {time.strftime('%Y-%m-%d')}."
    section = f"## {title}\n\n{body}\n{made}\n"
    print(section)
    page = PAGE.read_text()
    former = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    rest = page[former.end() :] if former else ""
    kept = page[: former.start()] if former else page.rstrip("\n") + "\n\n"
    PAGE.write_text(kept + section + ("\n" + rest if rest else ""))
