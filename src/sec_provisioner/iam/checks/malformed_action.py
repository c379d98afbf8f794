"""`malformed-action`: an Action that is not `service:Name`, or has a wildcard in the service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding, action_places, is_action
from sec_provisioner.iam.document import Statement
from sec_provisioner.problem import Severity


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for path, action in action_places(statement):
        if not is_action(action):
            hint = "Write service:Action, such as s3:GetObject; wildcards may stand after the colon."
            yield Finding(path, f"{action!r} is no action.", hint)


CHECK = Check("malformed-action", Severity.ERROR, _find)
