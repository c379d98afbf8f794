"""`trust-action`: an action in a trust policy that is none of STS; IAM takes no other there.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import ONLY_TRUST, Check, Context, Finding, action_places
from sec_provisioner.iam.document import Statement
from sec_provisioner.problem import Severity


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for path, action in action_places(statement):
        if not action.lower().startswith("sts:"):
            hint = "Write sts:AssumeRole; what the role may do stands in its own policies."
            yield Finding(path, f"A trust policy takes only actions of STS, and {action!r} is none.", hint)


CHECK = Check("trust-action", Severity.ERROR, _find, kinds=ONLY_TRUST)
