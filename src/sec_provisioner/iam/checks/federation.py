"""Identity providers that serve everybody: who trusts one of these has to say whose tokens are meant.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sec_provisioner.iam.checks.narrowing import demands_the_key, fixed_beginning
from sec_provisioner.iam.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sec_provisioner.iam.document import Condition

# The claims that tell one customer of the provider from the others. The audience is the same for all of them where it
# is left out.
_TELLING_CLAIMS = {
    "accounts.google.com": ("aud", "oaud", "sub", "email"),
    "agent.buildkite.com": ("sub",),
    "app.terraform.io": ("sub",),
    "cognito-identity.amazonaws.com": ("aud", "sub"),
    "gitlab.com": ("sub",),
    "graph.facebook.com": ("app_id", "id"),
    "token.actions.githubusercontent.com": ("sub",),
    "www.amazon.com": ("app_id", "user_id"),
}

_KIND_OF_SUBJECT = re.compile(r"^\w+:")


def is_open_to_strangers(provider: str, conditions: Iterable[Condition]) -> bool:
    """Whether anybody who has a token of the provider meets the conditions; False for providers of one customer.

    Args:
        provider: a Federated principal: the provider's name, the ARN of one, or `*`.
        conditions: of the same statement.
    """
    name = provider.rpartition("oidc-provider/")[2]
    if name == "*":
        return True
    claims = _TELLING_CLAIMS.get(name)
    return claims is not None and not any(_tells(one, name, claims) for one in conditions)


def telling_claims(provider: str) -> tuple[str, ...]:
    """The condition keys of which one has to be demanded; none where the provider is not a shared one."""
    name = provider.rpartition("oidc-provider/")[2]
    return tuple(f"{name}:{claim}" for claim in _TELLING_CLAIMS.get(name, ()))


def _tells(condition: Condition, provider: str, claims: Iterable[str]) -> bool:
    operator = Operator.parse(condition.operator)
    if operator is None or not demands_the_key(operator):
        return False
    is_claim = condition.key.lower() in {f"{provider}:{claim}" for claim in claims}
    return is_claim and all(_says_whose(operator, value) for value in condition.values)


def _says_whose(operator: Operator, value: str) -> bool:
    """Something fixed after the kind: `repo:acme/*`, not `repo:*`, which is everybody's."""
    return not operator.base.wildcards or _KIND_OF_SUBJECT.sub("", fixed_beginning(value)) != ""
