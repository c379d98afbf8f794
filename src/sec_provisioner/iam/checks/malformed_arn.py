"""`malformed-arn`: a Resource that is neither `*` nor an ARN.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.arn import Arn, MalformedArnError, is_account_id
from sec_provisioner.iam.checks.base import Check, Context, Finding, resource_places
from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.problem import Severity

_SHAPE = "An ARN is arn:partition:service:region:account:resource, for example arn:aws:s3:::bucket/*."


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    for path, text in resource_places(statement):
        reason = _reason(text)
        if reason:
            yield Finding(path, f"{reason}.", _SHAPE)


def _reason(text: str) -> str:
    if text == "*":
        return ""
    try:
        arn = Arn.parse(text)
    except MalformedArnError as error:
        return str(error)
    if not arn.partition or not arn.service:
        return f"{text!r} leaves its {'service' if arn.partition else 'partition'} empty"
    account = Pattern.parse(arn.account).literal
    if account and not is_account_id(account) and account not in ("aws", "aws-managed", "third-party", "cloudfront"):
        return f"{text!r} has {account!r} where the account id of 12 digits belongs"
    return ""


CHECK = Check("malformed-arn", Severity.ERROR, _find)
