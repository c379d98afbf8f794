"""Which services a statement that passes roles is limited to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_provisioner.iam.operators import Operator

if TYPE_CHECKING:
    from sec_provisioner.iam.document import Statement


def passed_services(statement: Statement) -> tuple[str, ...]:
    """The service principals that its conditions demand, as they are written; none where any will do."""
    return tuple(
        value
        for condition in statement.conditions
        if condition.key.lower() == "iam:passedtoservice"
        and (operator := Operator.parse(condition.operator)) is not None
        and not operator.holds_when_absent
        for value in condition.values
        if value.strip("*?")
    )
