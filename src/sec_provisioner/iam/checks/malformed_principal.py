"""`malformed-principal`: a principal that AWS does not know how to read.

A group is no principal, and a wildcard stands alone or not at all.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sec_provisioner.iam.arn import Arn, MalformedArnError, is_account_id
from sec_provisioner.iam.checks.base import ONLY_TRUST, Check, Context, Finding, principal_places
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.iam.variables import is_policy_variable
from sec_provisioner.problem import Severity

# What AWS shows in place of the ARN once the user or role is deleted.
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|[a-z0-9.-]+)", re.ASCII)
_RESOURCES = ("root", "user/", "role/", "assumed-role/", "federated-user/")


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for path, text in principal_places(statement):
        reason, hint = _reason(text)
        if reason:
            yield Finding(path, reason, hint)
    for path, text in principal_places(statement, "Service"):
        if not _SERVICE.fullmatch(text):
            yield Finding(path, f"{text!r} is no service principal.", "For example lambda.amazonaws.com.")


def _reason(text: str) -> tuple[str, str]:
    """What is wrong with an AWS principal and what to write instead; empty texts where nothing is."""
    if any(is_policy_variable(variable.name) for variable in Pattern.parse(text).variables):
        return f"{text!r} has a variable, and IAM fills in none in a principal.", "Compare it in a condition."
    if text == "*" or is_account_id(text) or "${" in text:  # a placeholder is filled in before IAM sees it
        return "", ""
    if _UNIQUE_ID.fullmatch(text):
        return f"{text!r} is the id of a user or role that was deleted.", "Name a principal that exists."
    try:
        arn = Arn.parse(text)
    except MalformedArnError:
        return f"{text!r} is no principal.", "Write an account id of 12 digits or the ARN of a user or role."
    return _reason_of_arn(arn)


def _reason_of_arn(arn: Arn) -> tuple[str, str]:
    if "*" in str(arn) or "?" in str(arn):
        hint = "Name the account's root as principal, and the ARNs in a condition on aws:PrincipalArn."
        return f"'{arn}' has a wildcard, which AWS does not take inside a principal.", hint
    if arn.resource.startswith("group/"):
        return f"'{arn}' is a group, and groups are no principals.", "Name the account's root, or a role."
    if arn.service not in ("iam", "sts") or not arn.resource.startswith(_RESOURCES):
        return f"'{arn}' is the ARN of no user, role or account.", "Write the ARN of a user, a role or a root."
    return "", ""


CHECK = Check("malformed-principal", Severity.ERROR, _find, kinds=ONLY_TRUST)
