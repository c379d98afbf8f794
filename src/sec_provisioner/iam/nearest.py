"""The word somebody meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Comparing takes time by the square of the length, and nobody misspells a novel.
_LONGEST = 100


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like a word, letter case aside; None where nothing is near."""
    if len(word) > _LONGEST:
        return None
    by_folded = {candidate.lower(): candidate for candidate in candidates}
    found = get_close_matches(word.lower(), by_folded, n=1, cutoff=0.7)
    return by_folded[found[0]] if found else None
