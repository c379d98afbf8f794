"""Whether a condition keeps strangers out of a statement that names everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_provisioner.iam.arn import Arn, MalformedArnError
from sec_provisioner.iam.operators import Family, Operator, Quantifier
from sec_provisioner.iam.pattern import Pattern

if TYPE_CHECKING:
    from sec_provisioner.iam.document import Condition

# Keys that AWS itself counts when it decides whether a policy is public:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
_WHO = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
    }
)
_ANY_ADDRESS = ("0.0.0.0/0", "::/0")


def narrows(condition: Condition) -> bool:
    """Whether only known callers meet the condition: a positive operator, a telling key, and no open value."""
    operator = Operator.parse(condition.operator)
    if operator is None or condition.key.lower() not in _WHO or not condition.values:
        return False
    return _demands_the_key(operator) and all(_is_narrow(operator, value) for value in condition.values)


def _demands_the_key(operator: Operator) -> bool:
    """A key that is absent must not do: with IfExists and ForAllValues it does."""
    is_test = operator.base.family is not Family.NULL
    return is_test and not operator.holds_when_absent and operator.quantifier is not Quantifier.ALL


def _is_narrow(operator: Operator, value: str) -> bool:
    if operator.base.family is Family.IP_ADDRESS:
        return value not in _ANY_ADDRESS
    if not operator.base.wildcards:
        return True
    try:
        # The account decides: any account may have a role of any name.
        decisive = Arn.parse(value).account
    except MalformedArnError:
        decisive = value
    return (
        _begins_plainly(decisive) if decisive == value else Pattern.parse(decisive).widened().literal not in (None, "")
    )


def _begins_plainly(value: str) -> bool:
    """Something fixed before the first wildcard, as in `o-abc123/*`."""
    tokens = Pattern.parse(value).tokens
    return bool(tokens) and isinstance(tokens[0], str)
