"""`unknown-variable`: a `${...}` that IAM never fills in, so that it stands for itself and matches nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.variables import unknown_variables
from sec_provisioner.problem import Severity


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    for one in unknown_variables(statement, context.placeholders):
        hint = f"Did you mean ${{{one.near}}}?" if one.near else "Leave it out, or write the value itself."
        yield Finding(one.path, f"Nothing fills in ${{{one.name}}}: it matches nothing.", hint)


CHECK = Check("unknown-variable", Severity.WARNING, _find)
