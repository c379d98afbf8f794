"""Who a resource-based policy means, and how near it names them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from sec_local.enforcement.statements import Statement

Kind = Literal["root", "user", "role", "federated", "service", "anonymous"]


@dataclass(frozen=True)
class Principal:
    """Whoever asks."""

    kind: Kind
    account: str
    """Empty for a service and for nobody."""
    arn: str
    """A session's own ARN; for a service its name."""
    entity: str
    """The ARN of the user or role behind it; for root the account's."""
    unique_id: str = ""

    @property
    def is_root(self) -> bool:
        """Whether it is the account itself."""
        return self.kind == "root"


class Nearness(IntEnum):
    """How a Principal element means somebody."""

    NOT = 0
    ACCOUNT = 1
    """By the account: its administrators decide who of it."""
    ROLE = 2
    """By the role, whose sessions are narrowed by boundary and session policies all the same."""
    DIRECT = 3
    """Itself, or everybody: what the resource's policy grants it needs no other policy, and no boundary narrows it."""


def nearness(statement: Statement, principal: Principal) -> Nearness:
    """How the statement means the principal."""
    found = max((_one(kind, value, principal) for kind, value in _named(statement.principal)), default=Nearness.NOT)
    if not statement.is_not_principal:
        return found
    # Naming the account in NotPrincipal spares the account itself, not who is in it.
    is_spared = found > Nearness.ACCOUNT
    return Nearness.NOT if is_spared else Nearness.DIRECT


def _named(element: Any) -> list[tuple[str, str]]:
    if element == "*":
        return [("AWS", "*")]
    if not isinstance(element, dict):
        return []
    return [
        (kind, str(value))
        for kind, values in element.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _one(kind: str, value: str, principal: Principal) -> Nearness:
    named = {"Service": "service", "Federated": "federated"}.get(kind)
    if named is not None:
        return Nearness.DIRECT if principal.kind == named and value == principal.entity else Nearness.NOT
    return _by_aws(value, principal) if kind == "AWS" else Nearness.NOT


def _by_aws(value: str, principal: Principal) -> Nearness:
    if value in ("*", principal.arn) or (value == principal.entity and principal.kind != "role"):
        return Nearness.DIRECT
    if value in (principal.entity, principal.unique_id.partition(":")[0]):
        return Nearness.ROLE
    is_account = principal.account and value in (principal.account, _root_of(principal))
    return (Nearness.DIRECT if principal.is_root else Nearness.ACCOUNT) if is_account else Nearness.NOT


def _root_of(principal: Principal) -> str:
    partition = principal.entity.split(":")[1] if principal.entity.startswith("arn:") else "aws"
    return f"arn:{partition}:iam::{principal.account}:root"
