"""`wildcard-in-string-equals`: `*` or `?` in the value of an operator that takes them as plain characters.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Condition, Statement
from sec_provisioner.iam.operators import Family, Operator
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.iam.tokens import Wildcard
from sec_provisioner.problem import Confidence, Severity


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for condition in statement.conditions:
        operator = Operator.parse(condition.operator)
        if operator and operator.base.family is Family.STRING and not operator.base.wildcards:
            yield from _values(condition, operator)


def _values(condition: Condition, operator: Operator) -> Iterator[Finding]:
    like = "StringNotLike" if operator.base.negated else "StringLike"
    for index, value in enumerate(condition.values):
        if _has_wildcard(value):
            message = f"{condition.operator} compares {value!r} letter by letter; its wildcard is a plain character."
            path = ("Condition", condition.operator, condition.key, index)
            yield Finding(path, message, f"Use {like}.")


def _has_wildcard(value: str) -> bool:
    """A question mark in a URL is one."""
    tokens = Pattern.parse(value).tokens
    return Wildcard.ANY_RUN in tokens or (Wildcard.ANY_ONE in tokens and "://" not in value)


CHECK = Check("wildcard-in-string-equals", Severity.WARNING, _find, Confidence.HIGH)
