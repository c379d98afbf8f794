"""`action-without-its-resource`: an action that none of the statement's resources is for.

`s3:ListBucket` beside `s3:GetObject` on `arn:aws:s3:::bucket/*`, for example: objects can be read, never listed. Where
no action fits any resource, `resource-no-action-accepts` says so once.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.acceptance import may_be_about, readable_resources
from sec_provisioner.iam.checks.base import ONLY_IDENTITY, Check, Context, Finding, action_places
from sec_provisioner.iam.checks.known_actions import known_actions
from sec_provisioner.iam.document import Path, Statement
from sec_provisioner.iam.pattern import ArnPattern
from sec_provisioner.iam.reference import Action
from sec_provisioner.problem import Confidence, Severity


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    if statement.resource is None or statement.resource.negated or "*" in statement.resource.patterns:
        return
    resources = [resource for _, _, resource in readable_resources(statement)]
    if not _some_action_fits(statement, context, resources):
        return
    for path, name in action_places(statement):
        action = context.reference.action(name)
        if action is not None and not any(may_be_about(action, resource) for resource in resources):
            yield _finding(path, action)


def _finding(path: Path, action: Action) -> Finding:
    """Data on actions without resource types lags: some are matched against an ARN all the same."""
    if not action.resource_types:
        message = f"AWS's reference knows no resource type for {action.name}, so an ARN may never match it."
        return Finding(path, message, 'Give it a statement of its own with Resource "*".', Confidence.LOW)
    message = f"{action.name} never matches: none of the statement's resources is one that it takes."
    return Finding(path, message, f"It takes {', '.join(dict.fromkeys(kind.arn for kind in action.resource_types))}.")


def _some_action_fits(statement: Statement, context: Context, resources: list[ArnPattern]) -> bool:
    actions = known_actions(statement, context)
    return actions is not None and any(may_be_about(one, resource) for one in actions for resource in resources)


CHECK = Check("action-without-its-resource", Severity.WARNING, _find, Confidence.MEDIUM, ONLY_IDENTITY)
