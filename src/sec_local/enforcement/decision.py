"""All policies of a request, put together: a Deny anywhere, else what grants it and what narrows the grant.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from sec_local.enforcement.principals import Nearness, Principal, nearness
from sec_local.enforcement.statements import Policy, Request, Statement

Outcome = Literal["allowed", "explicitDeny", "implicitDeny"]


class Layer(Enum):
    """The types of policies, as messages name them."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "role trust policy"


@dataclass(frozen=True)
class Policies:
    """What applies to a request. None: there is no policy of that type, so that it decides nothing."""

    identity: tuple[Policy, ...] | None = ()
    """None for the account's root, who may do everything in it."""
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    resource_account: str = ""
    """Whose the resource is; empty where it is the caller's."""
    resource_layer: Layer = Layer.RESOURCE
    is_granted_by_all: bool = False
    """Whether the resource's policy must grant within one account as well: roles and keys are so."""


@dataclass(frozen=True)
class Match:
    """A statement that had a say."""

    policy: Policy
    statement: Statement


@dataclass(frozen=True)
class Decision:
    """The answer, the type of policy that it came from where it is no, and the statements behind it."""

    outcome: Outcome
    layer: Layer | None = None
    matches: tuple[Match, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the request may go on."""
        return self.outcome == "allowed"


def decide(request: Request, principal: Principal, policies: Policies) -> Decision:
    """The decision about one action on one resource."""
    for layer, of_layer in _layers(policies):
        denying = tuple(_matching(of_layer, "Deny", request))
        if denying:
            return Decision("explicitDeny", layer, denying)
    by_resource = tuple(_by_resource(policies.resource, request, principal))
    denying = tuple(one for one, _ in by_resource if one.statement.effect == "Deny")
    if denying:
        return Decision("explicitDeny", policies.resource_layer, denying)
    granting = tuple((one, near) for one, near in by_resource if one.statement.effect == "Allow")
    if policies.resource_account not in ("", principal.account):
        return _across_accounts(request, policies, granting)
    return _within_account(request, policies, granting)


def may_by(policies: Iterable[Policy] | None, request: Request) -> bool:
    """Whether one of these allows it; no policies at all (None) do not stand in the way."""
    return policies is None or next(_matching(policies, "Allow", request), None) is not None


Granting = tuple[tuple[Match, Nearness], ...]


def _within_account(request: Request, policies: Policies, granting: Granting) -> Decision:
    nearest = max((near for _, near in granting), default=Nearness.NOT)
    if policies.is_granted_by_all and nearest is Nearness.NOT:
        return Decision("implicitDeny", policies.resource_layer)
    if nearest is Nearness.DIRECT:
        return Decision("allowed", matches=tuple(one for one, _ in granting))
    if nearest is not Nearness.ROLE and not may_by(policies.identity, request):
        return Decision("implicitDeny", Layer.IDENTITY)
    return _narrowed(request, policies, tuple(one for one, near in granting if near is Nearness.ROLE))


def _across_accounts(request: Request, policies: Policies, granting: Granting) -> Decision:
    if not may_by(policies.identity, request):
        return Decision("implicitDeny", Layer.IDENTITY)
    if not granting:
        return Decision("implicitDeny", policies.resource_layer)
    return _narrowed(request, policies, tuple(one for one, _ in granting))


def _narrowed(request: Request, policies: Policies, granting: tuple[Match, ...]) -> Decision:
    for layer, narrowing in ((Layer.BOUNDARY, policies.boundary), (Layer.SESSION, policies.session)):
        if not may_by(narrowing, request):
            return Decision("implicitDeny", layer)
    return Decision("allowed", matches=(*_matching(policies.identity or (), "Allow", request), *granting))


def _layers(policies: Policies) -> Iterator[tuple[Layer, Iterable[Policy]]]:
    yield Layer.IDENTITY, policies.identity or ()
    yield Layer.BOUNDARY, policies.boundary or ()
    yield Layer.SESSION, policies.session or ()


def _matching(policies: Iterable[Policy], effect: str, request: Request) -> Iterator[Match]:
    for policy in policies:
        for statement in policy.statements:
            if statement.effect == effect and statement.matches(request):
                yield Match(policy, statement)


def _by_resource(policy: Policy | None, request: Request, principal: Principal) -> Iterator[tuple[Match, Nearness]]:
    """What of the resource's policy is about this principal; an account that a Deny names means all who are in it."""
    if policy is None:
        return
    for statement in policy.statements:
        near = nearness(statement, principal)
        if near is not Nearness.NOT and statement.matches(request):
            yield Match(policy, statement), near
