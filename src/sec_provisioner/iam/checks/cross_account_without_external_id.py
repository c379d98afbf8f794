"""`cross-account-without-external-id`: another account may assume the role without proving on whose behalf.

Within one organisation `aws:PrincipalOrgID` says as much. Needs the account that the document is in.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.arn import Arn, MalformedArnError, is_account_id
from sec_provisioner.iam.checks.base import ONLY_TRUST, Check, Context, Finding, principal_places
from sec_provisioner.iam.checks.narrowing import demands_the_key, narrows
from sec_provisioner.iam.document import Condition, Effect, Statement
from sec_provisioner.iam.operators import Operator
from sec_provisioner.iam.pattern import action_matches
from sec_provisioner.problem import Confidence, Severity

_EXTERNAL_ID = "sts:externalid"
_ORGANISATION = ("aws:principalorgid", "aws:principalorgpaths")


def _find(statement: Statement, context: Context) -> Iterator[Finding]:
    if statement.effect is Effect.DENY or not _assumes(statement) or any(map(_is_proof, statement.conditions)):
        return
    for path, text in principal_places(statement):
        account = _account(text)
        if context.account_id and account and account != context.account_id:
            message = f"Account {account} may assume the role without an external id."
            hint = "Demand sts:ExternalId in a condition, or aws:PrincipalOrgID for accounts of your organisation."
            yield Finding(path, message, hint)


def _assumes(statement: Statement) -> bool:
    return any(action_matches(pattern, "sts:AssumeRole") for pattern in statement.action.patterns)


def _is_proof(condition: Condition) -> bool:
    """An external id that not every text is, or an organisation."""
    key = condition.key.lower()
    if key in _ORGANISATION:
        return narrows(condition)
    operator = Operator.parse(condition.operator)
    demanded = operator is not None and demands_the_key(operator)
    return demanded and key == _EXTERNAL_ID and all(value.strip("*?") for value in condition.values)


def _account(principal: str) -> str | None:
    """The account of a principal, where it is written out."""
    if is_account_id(principal):
        return principal
    try:
        account = Arn.parse(principal).account
    except MalformedArnError:
        return None
    return account if is_account_id(account) else None


CHECK = Check("cross-account-without-external-id", Severity.WARNING, _find, Confidence.MEDIUM, kinds=ONLY_TRUST)
