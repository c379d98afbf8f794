"""ARNs as values: text in, six named fields out, and back again.

A colon inside `${...}` separates nothing, so that an ARN with a policy variable or a placeholder
(`arn:${AWS::Partition}:iam::*:role/${aws:PrincipalTag/team}`) falls into the same six fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

# Longest run without a colon, where `${...}` counts as one piece.
_FIELD = re.compile(r"(?:\$\{[^}]*\}|[^:])*")
_FIELD_NAMES = ("partition", "service", "region", "account", "resource")
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)


class MalformedArnError(ValueError):
    """The text is no ARN; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Arn:
    """`arn:partition:service:region:account:resource`, each field as it was written, wildcards and all.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split a text at its first five colons that stand outside `${...}`.

        Raises:
            MalformedArnError: it does not begin with `arn:`, or has fewer than six fields.
        """
        first, *fields = split_fields(text)
        if first != "arn":
            raise MalformedArnError(f"{text!r} does not begin with 'arn:'")
        if len(fields) < len(_FIELD_NAMES):
            raise MalformedArnError(
                f"{text!r} has {len(fields) + 1} of the 6 fields of an ARN; the first one missing is the "
                f"{_FIELD_NAMES[len(fields)]}"
            )
        return cls(*fields)

    @property
    def fields(self) -> tuple[str, str, str, str, str]:
        """The five fields after `arn`, in order."""
        return (self.partition, self.service, self.region, self.account, self.resource)

    def __str__(self) -> str:
        return ":".join(("arn", *self.fields))


def split_fields(text: str) -> list[str]:
    """The colon-separated fields of a text, at most six: what follows the fifth colon is one field."""
    fields: list[str] = []
    position = 0
    while len(fields) < len(_FIELD_NAMES):
        found = _FIELD.match(text, position)
        end = found.end() if found else position
        fields.append(text[position:end])
        position = end + 1
        if end >= len(text):
            return fields
    return [*fields, text[position:]]


def is_account_id(text: str) -> bool:
    """Whether this is an AWS account id: 12 digits."""
    return _ACCOUNT_ID.fullmatch(text) is not None
