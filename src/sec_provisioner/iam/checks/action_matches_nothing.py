"""`action-matches-nothing`: an action with a wildcard that fits no action of AWS's service reference.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import ALL_ACTIONS, Check, Context, Finding, action_places, is_action
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.nearest import nearest
from sec_provisioner.iam.pattern import action_pattern
from sec_provisioner.iam.reference import Reference
from sec_provisioner.problem import Confidence, Severity


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    for path, action in action_places(statement):
        if not is_action(action) or action_pattern(action).literal is not None:
            continue
        if not context.reference.action_exists(action):
            message = f"{action!r} matches no action of AWS's service reference of {context.reference.date}."
            yield Finding(path, message, _hint(action, context.reference))


def _hint(action: str, reference: Reference) -> str:
    prefix = action.partition(":")[0]
    if reference.service(prefix) is not None:
        return ALL_ACTIONS
    near = nearest(prefix, reference.service_prefixes)
    return f"There is no service {prefix!r}." + (f" Did you mean {near!r}?" if near else f" {ALL_ACTIONS}")


CHECK = Check("action-matches-nothing", Severity.WARNING, _find, Confidence.MEDIUM)
