"""Lines with a mark, for the terminal: wrapped, never cut, since what is granted stands at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap

from sec_provisioner.report.log import printable
from sec_provisioner.report.policy_text import Line, Mark

_WIDTH = 120
Paints = Mapping[Mark, Callable[[str], str]]


def marked(line: Line, margin: str, paints: Paints) -> Iterator[str]:
    """One line, its mark in the colour of what it means there."""
    inner = margin + "  " * line.depth
    first, *rest = wrap(printable(line.text), _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{inner}{paints[line.mark](line.mark)} {first}"
    yield from (f"{inner}    {one}" for one in rest)
