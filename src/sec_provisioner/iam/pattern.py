"""IAM's patterns: text with `*`, `?` and `${...}` in, a value that matches and overlaps out.

A policy variable stays a token of its own until somebody who knows the principal binds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from sec_provisioner.iam.arn import Arn
from sec_provisioner.iam.overlap import overlap
from sec_provisioner.iam.tokens import Token, Variable, Wildcard, merged, parse_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern over plain text, as tokens. Equal patterns have equal tokens."""

    tokens: tuple[Token, ...]

    @classmethod
    def parse(cls, text: str, *, variables: bool = True) -> Self:
        """Read a pattern.

        Args:
            text: as it stands in the policy.
            variables: whether `${...}` means something: only in Version 2012-10-17, and never in an Action.
        """
        return cls(parse_tokens(text, variables=variables))

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The policy variables, in order."""
        return tuple(token for token in self.tokens if isinstance(token, Variable))

    @property
    def literal(self) -> str | None:
        """The one text that this matches; None where it has a wildcard or a variable."""
        if not self.tokens:
            return ""
        only = self.tokens[0]
        return only if len(self.tokens) == 1 and isinstance(only, str) else None

    def bound(self, values: Mapping[str, str]) -> Pattern:
        """The same with known variables as plain text (wildcards in a value are plain too).

        Args:
            values: by variable name in lower case. A variable that is not there takes its default; one that has
                none stays.
        """
        return Pattern(tuple(merged(_bind(token, values) for token in self.tokens)))

    def widened(self) -> Pattern:
        """The same with every variable as `*`: what it matches at most."""
        stars = (Wildcard.ANY_RUN if isinstance(token, Variable) else token for token in self.tokens)
        return Pattern(tuple(merged(stars)))

    def matches(self, text: str) -> bool:
        """Whether a concrete text fits. While a variable is not bound, nothing does."""
        literal = self.literal
        # Most patterns are plain names, and an expression costs more to make than all that is asked of it.
        return text == literal if literal is not None else _regex(self.tokens).fullmatch(text) is not None

    def overlaps(self, other: Pattern) -> bool:
        """Whether some text fits both. A variable may be anything."""
        return overlap(self.tokens, other.tokens)


@dataclass(frozen=True, slots=True)
class ArnPattern:
    """A pattern over ARNs, matched field by field: no wildcard reaches across one of the first five colons.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """

    fields: tuple[Pattern, ...] | None
    """Partition, service, region, account, resource; None for `*`, which matches everything."""

    @classmethod
    def parse(cls, text: str, *, variables: bool = True) -> Self:
        """Read `*` or an ARN pattern; `variables` as for `Pattern.parse`.

        Raises:
            MalformedArnError: the text is neither.
        """
        if text == "*":
            return cls(None)
        return cls(tuple(Pattern.parse(field, variables=variables) for field in Arn.parse(text).fields))

    def matches(self, arn: Arn) -> bool:
        """Whether a concrete ARN fits."""
        if self.fields is None:
            return True
        return all(mine.matches(text) for mine, text in zip(self.fields, arn.fields, strict=True))

    def overlaps(self, other: ArnPattern) -> bool:
        """Whether some ARN fits both. A variable may be anything."""
        if self.fields is None or other.fields is None:
            return True
        return all(mine.overlaps(theirs) for mine, theirs in zip(self.fields, other.fields, strict=True))


@lru_cache(maxsize=4_096)
def arn_pattern(text: str) -> ArnPattern:
    """`ArnPattern.parse`, remembered.

    Raises:
        MalformedArnError: the text is neither `*` nor an ARN.
    """
    return ArnPattern.parse(text)


@lru_cache(maxsize=4_096)
def action_pattern(text: str) -> Pattern:
    """The pattern of an Action, in lower case, since IAM ignores case there: give it lower-case names."""
    return Pattern.parse(text.lower(), variables=False)


def action_matches(pattern: str, action: str) -> bool:
    """Whether an Action such as `s3:Get*` means this action, without regard to letter case."""
    return action_pattern(pattern).matches(action.lower())


def _expression(token: Token) -> str:
    """One token other than `*`; an unbound variable is what nothing matches."""
    if isinstance(token, str):
        return re.escape(token)
    return "(?!)" if isinstance(token, Variable) else "."


def _bind(token: Token, values: Mapping[str, str]) -> Token:
    if not isinstance(token, Variable):
        return token
    value = values.get(token.name.lower(), token.default)
    return token if value is None else value


@lru_cache(maxsize=4_096)
def _regex(tokens: tuple[Token, ...]) -> re.Pattern[str]:
    """An expression that never backtracks far: each `*` takes the first place where the text after it fits."""
    pieces = [""]
    for token in tokens:
        if token is Wildcard.ANY_RUN:
            pieces.append("")
        else:
            pieces[-1] += _expression(token)
    head, *rest = pieces
    if not rest:
        return re.compile(head, re.DOTALL)
    *middle, tail = rest
    between = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return re.compile(f"{head}{between}.*{tail}", re.DOTALL)
