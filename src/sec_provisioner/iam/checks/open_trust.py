"""`open-trust`: a role that everyone in the world may assume, or everyone with a token of a public identity provider.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import ONLY_TRUST, Check, Context, Finding, principal_places
from sec_provisioner.iam.checks.federation import is_open_to_strangers, telling_claims
from sec_provisioner.iam.checks.narrowing import narrows
from sec_provisioner.iam.document import Effect, Statement
from sec_provisioner.problem import Severity

_HINT = "Name the accounts or roles, or demand aws:PrincipalOrgID in a condition."


def _find(statement: Statement, _context: Context) -> Iterator[Finding]:
    if statement.effect is Effect.DENY or statement.principal is None or any(map(narrows, statement.conditions)):
        return
    if statement.principal.negated:
        yield Finding(("NotPrincipal",), "Allow with NotPrincipal lets in everyone but those named.", _HINT)
        return
    for path, text in principal_places(statement):
        if text == "*":
            yield Finding(path, "Everyone in every AWS account may assume the role.", _HINT)
    for path, text in principal_places(statement, "Federated"):
        if is_open_to_strangers(text, statement.conditions):
            yield Finding(path, f"Everyone with a token of {text!r} may assume the role.", _federation_hint(text))


def _federation_hint(provider: str) -> str:
    claims = " or ".join(telling_claims(provider))
    return f"Demand {claims} in a condition." if claims else "Name the provider, and demand whose tokens are meant."


CHECK = Check("open-trust", Severity.ERROR, _find, kinds=ONLY_TRUST)
