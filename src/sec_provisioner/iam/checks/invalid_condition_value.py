"""`invalid-condition-value`: a value that its operator can't compare, so that the condition is never met.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from ipaddress import ip_network

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Condition, Statement
from sec_provisioner.iam.operators import Family, Operator
from sec_provisioner.problem import Severity

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
# The W3C's profile of ISO 8601, or seconds since 1970. https://www.w3.org/TR/NOTE-datetime
_DATE = re.compile(r"\d+|\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII)


def _is_flag(value: str) -> bool:
    return value.lower() in ("true", "false")


def _is_network(value: str) -> bool:
    try:
        ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _is_base64(value: str) -> bool:
    try:
        b64decode(value, validate=True)
    except ValueError:
        return False
    return True


_FITS: dict[Family, tuple[Callable[[str], object], str]] = {
    Family.NUMERIC: (_NUMBER.fullmatch, "a number, such as 3600"),
    Family.DATE: (_DATE.fullmatch, "a date such as 2026-11-23T06:00:00Z"),
    Family.BOOL: (_is_flag, "true or false"),
    Family.NULL: (_is_flag, "true or false"),
    Family.IP_ADDRESS: (_is_network, "an address or a range such as 203.0.113.0/24"),
    Family.BINARY: (_is_base64, "base64"),
}


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for condition in statement.conditions:
        operator = Operator.parse(condition.operator)
        if operator and operator.base.family in _FITS:
            yield from _misfits(condition, operator.base.family)


def _misfits(condition: Condition, family: Family) -> Iterator[Finding]:
    fits, form = _FITS[family]
    for index, value in enumerate(condition.values):
        # What a variable stands for is known to IAM alone.
        if "${" not in value and not fits(value):
            path = ("Condition", condition.operator, condition.key, index)
            yield Finding(path, f"{condition.operator} can't compare {value!r}.", f"Write {form}.")


CHECK = Check("invalid-condition-value", Severity.WARNING, _find)
