"""The condition operators of IAM by name: what they compare, and what they make of a key that is absent.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Family(StrEnum):
    """What an operator compares."""

    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    BINARY = "Binary"
    IP_ADDRESS = "IPAddress"
    ARN = "ARN"
    NULL = "Null"


class Quantifier(StrEnum):
    """How an operator takes a key with several values."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class BaseOperator:
    """An operator without prefix and suffix. A negated one holds where the key is absent."""

    name: str
    family: Family
    negated: bool = False
    wildcards: bool = False
    """Whether `*` and `?` in its values mean something."""


_BASE = (
    BaseOperator("StringEquals", Family.STRING),
    BaseOperator("StringNotEquals", Family.STRING, negated=True),
    BaseOperator("StringEqualsIgnoreCase", Family.STRING),
    BaseOperator("StringNotEqualsIgnoreCase", Family.STRING, negated=True),
    BaseOperator("StringLike", Family.STRING, wildcards=True),
    BaseOperator("StringNotLike", Family.STRING, negated=True, wildcards=True),
    BaseOperator("NumericEquals", Family.NUMERIC),
    BaseOperator("NumericNotEquals", Family.NUMERIC, negated=True),
    BaseOperator("NumericLessThan", Family.NUMERIC),
    BaseOperator("NumericLessThanEquals", Family.NUMERIC),
    BaseOperator("NumericGreaterThan", Family.NUMERIC),
    BaseOperator("NumericGreaterThanEquals", Family.NUMERIC),
    BaseOperator("DateEquals", Family.DATE),
    BaseOperator("DateNotEquals", Family.DATE, negated=True),
    BaseOperator("DateLessThan", Family.DATE),
    BaseOperator("DateLessThanEquals", Family.DATE),
    BaseOperator("DateGreaterThan", Family.DATE),
    BaseOperator("DateGreaterThanEquals", Family.DATE),
    BaseOperator("Bool", Family.BOOL),
    BaseOperator("BinaryEquals", Family.BINARY),
    BaseOperator("IpAddress", Family.IP_ADDRESS),
    BaseOperator("NotIpAddress", Family.IP_ADDRESS, negated=True),
    # The Equals forms of ARNs take wildcards as well.
    BaseOperator("ArnEquals", Family.ARN, wildcards=True),
    BaseOperator("ArnLike", Family.ARN, wildcards=True),
    BaseOperator("ArnNotEquals", Family.ARN, negated=True, wildcards=True),
    BaseOperator("ArnNotLike", Family.ARN, negated=True, wildcards=True),
    BaseOperator("Null", Family.NULL),
)
_BY_NAME = {operator.name.lower(): operator for operator in _BASE}
_QUANTIFIERS = {quantifier.lower(): quantifier for quantifier in Quantifier}
_IF_EXISTS = "ifexists"


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as a policy names it: `ForAnyValue:StringLikeIfExists`."""

    base: BaseOperator
    quantifier: Quantifier | None = None
    if_exists: bool = False

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read an operator in any letter case; None where there is no such one."""
        prefix, colon, rest = text.lower().rpartition(":")
        quantifier = _QUANTIFIERS.get(prefix)
        base = _BY_NAME.get(rest.removesuffix(_IF_EXISTS))
        if_exists = rest.endswith(_IF_EXISTS)
        if base is None or (colon and quantifier is None) or (base.family is Family.NULL and if_exists):
            return None
        return cls(base, quantifier, if_exists)

    @property
    def holds_when_absent(self) -> bool:
        """Whether the condition is met by a request that lacks the key."""
        if self.quantifier is Quantifier.ANY:
            return self.if_exists
        return self.base.negated or self.if_exists or self.quantifier is Quantifier.ALL


def operator_names() -> tuple[str, ...]:
    """Every operator with every prefix and suffix, to find the one that somebody meant."""
    prefixes = ("", *(f"{quantifier}:" for quantifier in Quantifier))
    return tuple(
        f"{prefix}{operator.name}{suffix}"
        for prefix in prefixes
        for operator in _BASE
        for suffix in (("", "IfExists") if operator.family is not Family.NULL else ("",))
    )
