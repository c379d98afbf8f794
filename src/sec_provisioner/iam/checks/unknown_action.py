"""`unknown-action`: an action that AWS's service reference does not have.

A warning only: AWS removes services that its own managed policies still name, and adds actions every day.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import ALL_ACTIONS, Check, Context, Finding, action_places, is_action
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.pattern import action_pattern
from sec_provisioner.iam.reference import Reference
from sec_provisioner.problem import Confidence, Severity


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    for path, action in action_places(statement):
        if not is_action(action) or action_pattern(action).literal is None:
            continue
        if context.reference.action(action) is None:
            near = context.reference.nearest_action(action)
            hint = f"Did you mean {near}?" if near else ALL_ACTIONS
            yield Finding(path, _message(action, context.reference), hint)


def _message(action: str, reference: Reference) -> str:
    prefix = action.partition(":")[0]
    if reference.service(prefix) is None:
        return f"AWS's service reference of {reference.date} has no service {prefix!r}."
    return f"AWS's service reference of {reference.date} has no action {action!r}."


CHECK = Check("unknown-action", Severity.WARNING, _find, Confidence.MEDIUM)
