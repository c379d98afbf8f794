"""Markdown, the few pieces that the guides need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar inside a cell is escaped."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """One bullet for each item."""
    return "\n".join(f"- {item}" for item in items)


def code(text: str) -> str:
    """A text as it is written in a config or policy."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Several of them, with commas."""
    return ", ".join(map(code, texts))


def document(*blocks: str) -> str:
    """Blocks with an empty line between, and one line end at the end."""
    return "\n\n".join(block for block in blocks if block) + "\n"
