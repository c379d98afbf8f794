"""Whether two patterns have a text in common: the question behind "can this resource ever be meant?"."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sec_provisioner.iam.tokens import Token, Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

# One character of plain text, or a wildcard.
_Symbol = str | Wildcard


@lru_cache(maxsize=16_384)
def overlap(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Whether some text fits both patterns; a variable may be anything."""
    first, second = _symbols(left), _symbols(right)
    if _differ_at_head(first, second) or _differ_at_head(first[::-1], second[::-1]):
        return False
    return _walk(first, second)


def _symbols(tokens: tuple[Token, ...]) -> tuple[_Symbol, ...]:
    symbols: list[_Symbol] = []
    for token in tokens:
        if isinstance(token, str):
            symbols.extend(token)
        else:
            symbols.append(token if isinstance(token, Wildcard) else Wildcard.ANY_RUN)
    return tuple(symbols)


def _differ_at_head(left: tuple[_Symbol, ...], right: tuple[_Symbol, ...]) -> bool:
    """The quick no: two different plain characters before the first wildcard of either."""
    for one, other in zip(left, right, strict=False):
        if isinstance(one, Wildcard) or isinstance(other, Wildcard):
            return False
        if one != other:
            return True
    return False


def _walk(left: tuple[_Symbol, ...], right: tuple[_Symbol, ...]) -> bool:
    """Follow both at once; each of the len(left) x len(right) pairs of positions is visited once at most."""
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        pair = waiting.pop()
        if pair == (len(left), len(right)):
            return True
        if pair not in seen:
            seen.add(pair)
            waiting.extend(_steps(left, right, *pair))
    return False


def _steps(left: tuple[_Symbol, ...], right: tuple[_Symbol, ...], i: int, j: int) -> Iterator[tuple[int, int]]:
    """Where one character (or a `*` that ends) can lead from a pair of positions."""
    one = left[i] if i < len(left) else None
    other = right[j] if j < len(right) else None
    if one is Wildcard.ANY_RUN:
        yield i + 1, j
    if other is Wildcard.ANY_RUN:
        yield i, j + 1
    if one is None or other is None:
        return
    if one is Wildcard.ANY_RUN or other is Wildcard.ANY_RUN:
        # A character that the other side consumes; the star stays.
        yield i + (one is not Wildcard.ANY_RUN), j + (other is not Wildcard.ANY_RUN)
    elif one == other or Wildcard.ANY_ONE in (one, other):
        yield i + 1, j + 1
