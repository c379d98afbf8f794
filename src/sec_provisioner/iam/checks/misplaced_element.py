"""`misplaced-element`: a Principal in an identity policy, a Resource in a trust policy.

Who an identity policy is about is whoever it is attached to; what a trust policy is about is its role.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding, PolicyKind, raw_statements
from sec_provisioner.problem import Severity

_MISPLACED = {PolicyKind.IDENTITY: "Principal", PolicyKind.TRUST: "Resource"}
_REASON = {
    PolicyKind.IDENTITY: "An identity policy is about whoever it is attached to and has no {}.",
    PolicyKind.TRUST: "A trust policy is about its own role and has no {}.",
}


def _find(document: Any, context: Context) -> Iterator[Finding]:
    element = _MISPLACED[context.kind]
    for path, statement in raw_statements(document):
        for name in (element, f"Not{element}"):
            if name in statement:
                yield Finding((*path, name), _REASON[context.kind].format(name), f"Remove {name}.")


CHECK = Check("misplaced-element", Severity.ERROR, _find)
