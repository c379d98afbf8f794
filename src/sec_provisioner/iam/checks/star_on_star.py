"""`star-on-star`: every action on every resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import ONLY_IDENTITY, Check, Context, Finding, action_places
from sec_provisioner.iam.checks.everything import EVERY_ACTION, is_on_everything
from sec_provisioner.iam.document import Effect, Statement
from sec_provisioner.problem import Severity


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    if statement.effect is Effect.DENY or statement.action.negated or not is_on_everything(statement):
        return
    for path, action in action_places(statement):
        if action in EVERY_ACTION:
            message = "The statement allows every action on every resource, IAM's own included."
            yield Finding(path, message, "Name the actions and resources that the work needs.")


CHECK = Check("star-on-star", Severity.WARNING, _find, kinds=ONLY_IDENTITY)
