"""The known word that someone who wrote an unknown one most likely meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection

# Comparing is quadratic in the words' lengths and grows with their number; nobody misspells a novel.
_LONGEST = 100
_MOST_KNOWN = 200


def nearest(word: str, known: Collection[str]) -> str | None:
    """The most similar known word, or None where none is similar."""
    if len(word) > _LONGEST or len(known) > _MOST_KNOWN:
        return None
    by_folded = {one.casefold().replace("-", "_"): one for one in sorted(known)}
    matches = difflib.get_close_matches(word.casefold().replace("-", "_"), by_folded, n=1)
    return by_folded[matches[0]] if matches else None


def suggestion(word: str, known: Collection[str], listing: str = "Known here") -> str:
    """A hint for an unknown word: the nearest known one, else what there is."""
    close = nearest(word, known)
    if close:
        return f"Did you mean `{close}`?"
    if not known:
        return f"{listing}: nothing."
    shown = sorted(known)[:20]
    more = ", ..." if len(known) > len(shown) else ""
    return f"{listing}: {', '.join(shown)}{more}."
