"""Documents compared by what they say: order, repeats and the spelling that IAM ignores make no difference.

Element by element, not by what is allowed: a split statement or another Sid is a difference here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from sec_provisioner.iam.document import VERSION, Condition, Document, Principal, Principals, Selection, Statement

_ROOT = re.compile(r"arn:[^:]+:iam::(\d{12}):root", re.ASCII)
T = TypeVar("T")


def same_meaning(one: Document, other: Document) -> bool:
    """Whether two documents say the same."""
    return normalise(one) == normalise(other)


def normalise(document: Document) -> Document:
    """The one document that stands for all that say the same: lists sorted, repeats gone, case folded."""
    statements = _sorted(map(normalise_statement, document.statements))
    version = document.version if any(map(_has_variable, statements)) else VERSION
    return replace(document, statements=statements, version=version)


def normalise_statement(statement: Statement) -> Statement:
    """The same for one statement."""
    return replace(
        statement,
        action=_folded(statement.action),
        resource=statement.resource and _as_set(statement.resource),
        principal=statement.principal and _principals(statement.principal),
        conditions=_sorted(map(_condition, statement.conditions)),
        sid=statement.sid or None,
        index=0,
    )


def _has_variable(statement: Statement) -> bool:
    """Whether the version matters: all that the newer one adds is the meaning of `${...}`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    """
    resources = statement.resource.patterns if statement.resource else ()
    values = (value for one in statement.conditions for value in one.values)
    return any("${" in text for text in (*resources, *values))


def _sorted(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(set(values), key=repr))


def _as_set(selection: Selection) -> Selection:
    return replace(selection, patterns=_sorted(selection.patterns))


def _folded(selection: Selection) -> Selection:
    return replace(selection, patterns=_sorted(pattern.lower() for pattern in selection.patterns))


def _principals(principals: Principals) -> Principals:
    return replace(principals, members=_sorted(map(_principal, principals.members)))


def _principal(principal: Principal) -> Principal:
    """An account's root ARN as the account id: IAM stores either as the other.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    """
    root = _ROOT.fullmatch(principal.value)
    return Principal("AWS", root[1]) if principal.kind == "AWS" and root else principal


def _condition(condition: Condition) -> Condition:
    """IAM ignores the case of operators, of keys, and of the values of Bool."""
    operator = condition.operator.lower()
    is_boolean = operator.rpartition(":")[2].removesuffix("ifexists") in ("bool", "null")
    values = (value.lower() for value in condition.values) if is_boolean else condition.values
    return Condition(operator, condition.key.lower(), _sorted(values))
