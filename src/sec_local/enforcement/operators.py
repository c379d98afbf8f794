"""What each condition operator asks of one value of the request and one of the policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sec_local.enforcement.patterns import Tokens, literal, matches, matches_arn

Compare = Callable[[Tokens, str], bool]
"""Whether the policy's value and the request's go together."""


@dataclass(frozen=True)
class Operator:
    """A comparison. A negated one asks that the request's value goes with none of the policy's."""

    compare: Compare
    is_negated: bool = False


def _equals(wanted: Tokens, given: str) -> bool:
    return literal(wanted) == given


def _equals_ignoring_case(wanted: Tokens, given: str) -> bool:
    return literal(wanted).lower() == given.lower()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _moment(text: str) -> float | None:
    """Seconds since 1970: W3C's ISO 8601, or those seconds themselves."""
    if (seconds := _number(text)) is not None:
        return seconds
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _compares(read: Callable[[str], float | None], ask: Callable[[Any, Any], bool], wanted: Tokens, given: str) -> bool:
    right, left = read(literal(wanted)), read(given)
    return left is not None and right is not None and ask(left, right)


def _is_bool(wanted: Tokens, given: str) -> bool:
    text = literal(wanted).lower()
    return text in ("true", "false") and text == given.lower()


def _binary(wanted: Tokens, given: str) -> bool:
    try:
        return base64.b64decode(literal(wanted), validate=True) == base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return False


def _is_in_network(wanted: Tokens, given: str) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(literal(wanted), strict=False)
    except ValueError:
        return False


_ORDER = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


def _ordered(kind: str, read: Callable[[str], float | None]) -> dict[str, Operator]:
    return {
        **{f"{kind}{name}": Operator(partial(_compares, read, ask)) for name, ask in _ORDER.items()},
        f"{kind}NotEquals": Operator(partial(_compares, read, operator.eq), is_negated=True),
    }


_BY_NAME = {
    "StringEquals": Operator(_equals),
    "StringNotEquals": Operator(_equals, is_negated=True),
    "StringEqualsIgnoreCase": Operator(_equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(_equals_ignoring_case, is_negated=True),
    "StringLike": Operator(matches),
    "StringNotLike": Operator(matches, is_negated=True),
    **_ordered("Numeric", _number),
    **_ordered("Date", _moment),
    "Bool": Operator(_is_bool),
    "BinaryEquals": Operator(_binary),
    "IpAddress": Operator(_is_in_network),
    "NotIpAddress": Operator(_is_in_network, is_negated=True),
    "ArnEquals": Operator(matches_arn),
    "ArnLike": Operator(matches_arn),
    "ArnNotEquals": Operator(matches_arn, is_negated=True),
    "ArnNotLike": Operator(matches_arn, is_negated=True),
}

OPERATORS = {name.lower(): one for name, one in _BY_NAME.items()}
"""By name in lower case. `Null` is none of them: it asks about a key, not about a value."""
