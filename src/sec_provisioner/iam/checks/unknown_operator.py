"""`unknown-operator`: a condition operator that IAM does not have.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.nearest import nearest
from sec_provisioner.iam.operators import Operator, operator_names
from sec_provisioner.problem import Severity


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for name in dict.fromkeys(condition.operator for condition in statement.conditions):
        if Operator.parse(name) is None:
            near = nearest(name, operator_names())
            hint = f"Did you mean {near}?" if near else "For example StringEquals, ArnLike, Bool."
            yield Finding(("Condition", name), f"IAM has no condition operator {name!r}.", hint)


CHECK = Check("unknown-operator", Severity.ERROR, _find)
