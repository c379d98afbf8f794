"""What IAM's patterns are made of: plain text, wildcards, policy variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SPECIAL = re.compile(r"[*?]|\$\{([^}]*)\}")
_WILDCARD = re.compile(r"[*?]")
_DEFAULT = re.compile(r"\s*(.*?)\s*,\s*'(.*)'\s*", re.DOTALL)
_PLAIN = frozenset("*?$")


class Wildcard(Enum):
    """The two wildcards of IAM."""

    ANY_RUN = "*"
    ANY_ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """`${name}` or `${name, 'default'}`; IAM ignores the letter case of names.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    name: str
    default: str | None = None

    @classmethod
    def parse(cls, inside: str) -> Self:
        """Read what stands between the braces."""
        with_default = _DEFAULT.fullmatch(inside)
        return cls(with_default[1], with_default[2]) if with_default else cls(inside.strip())


Token = str | Wildcard | Variable


def parse_tokens(text: str, *, variables: bool) -> tuple[Token, ...]:
    """The tokens of a pattern, in the one spelling that equal patterns share.

    Args:
        text: as it stands in the policy.
        variables: whether `${...}` means something here; where it does not, the braces are plain text.
    """
    return tuple(merged(_tokens(text, _SPECIAL if variables else _WILDCARD)))


def merged(tokens: Iterable[Token]) -> Iterator[Token]:
    """Neighbouring texts as one, `**` as `*`, nothing empty."""
    previous: Token = ""
    for token in tokens:
        if isinstance(previous, str) and isinstance(token, str):
            previous += token
        elif not (previous is Wildcard.ANY_RUN and token is Wildcard.ANY_RUN):
            if previous != "":
                yield previous
            previous = token
    if previous != "":
        yield previous


def _tokens(text: str, special: re.Pattern[str]) -> Iterator[Token]:
    position = 0
    for found in special.finditer(text):
        yield text[position : found.start()]
        yield _special(found[0])
        position = found.end()
    yield text[position:]


def _special(text: str) -> Token:
    """`*`, `?`, one of the three escapes, or a variable."""
    if not text.startswith("$"):
        return Wildcard(text)
    inside = text[2:-1]
    return inside if inside in _PLAIN else Variable.parse(inside)
