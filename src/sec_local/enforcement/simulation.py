"""SimulatePrincipalPolicy and SimulateCustomPolicy: the engine's answer, without doing anything.

One result for each action on each resource. Keys of the request that are not given are missing, but for what follows
from the principal and the resource: who it is, whose the resource is, and the time.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sec_local.enforcement import attached
from sec_local.enforcement.context import Context, Values
from sec_local.enforcement.decision import Decision, Layer, Match, Policies, decide, may_by
from sec_local.enforcement.entities import Entity, entity_of
from sec_local.enforcement.positions import positions_of
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.request_context import keys_of_principal, keys_of_resource, keys_of_time
from sec_local.enforcement.statements import Policy, Request
from sec_local.iam import paging, stores
from sec_local.iam.documents import document_problem
from sec_local.iam.wire import Answer, Params, error, members, parameter, result

_LISTED = "List"
"""How the names of the types end whose keys may have many values: `stringList`."""


@dataclass(frozen=True)
class _Simulation:
    """Everything that all its requests share."""

    principal: Principal
    policies: Policies
    context: Context
    resources: tuple[str, ...]
    owner: str


def simulate_principal_policy(params: Params) -> Answer:
    """The action: the policies of a user, group or role, and more that are given."""
    arn = parameter(params, "PolicySourceArn")
    entity = entity_of(arn)
    if entity is None:
        return error("InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    if entity.name not in stores.store(entity.kind):
        return error("NoSuchEntity", f"The {entity.kind.lower()} with name {entity.name} cannot be found.", 404)
    boundary = attached.boundary_of(entity.kind, entity.name) if entity.kind != "Group" else None
    policies = Policies(
        identity=(*attached.policies_of(entity.kind, entity.name), *_given(params, "PolicyInputList")),
        boundary=boundary,
    )
    return _simulate("SimulatePrincipalPolicy", params, policies, entity)


def simulate_custom_policy(params: Params) -> Answer:
    """The action: policies that are given alone."""
    policies = Policies(identity=tuple(_given(params, "PolicyInputList")))
    return _simulate("SimulateCustomPolicy", params, policies, None)


def _simulate(action: str, params: Params, policies: Policies, source: Entity | None) -> Answer:
    refused = _refusal(params)
    if refused:
        return refused
    simulation = _simulation(params, policies, source)
    results = [
        _result(simulation, name, resource)
        for name in members(params, "ActionNames")
        for resource in simulation.resources
    ]
    page = paging.cut(results, params)
    return page.refused or result(
        action, EvaluationResults=page.items, IsTruncated=page.marker is not None, Marker=page.marker
    )


def _refusal(params: Params) -> Answer | None:
    for name in members(params, "ActionNames"):
        if ":" not in name:
            return error("InvalidInput", f"Invalid Action: {name}")
    texts = [*members(params, "PolicyInputList"), *members(params, "PermissionsBoundaryPolicyInputList")]
    for text in texts:
        problem = document_problem(text, "identity")
        if problem:
            return error("InvalidInput", f"Invalid Policy: {problem}")
    if parameter(params, "ResourcePolicy") and not parameter(params, "CallerArn"):
        return error("InvalidInput", "CallerArn must be provided when ResourcePolicy is specified.")
    return None


def _simulation(params: Params, policies: Policies, source: Entity | None) -> _Simulation:
    from ministack.core.responses import get_account_id  # noqa: PLC0415 - MiniStack is imported on first use

    caller = entity_of(parameter(params, "CallerArn")) or source
    account = caller.account if caller else get_account_id()
    principal = _principal(caller, account)
    owner = parameter(params, "ResourceOwner").removeprefix("arn:aws:iam::").removesuffix(":root") or account
    given_boundary = tuple(_given(params, "PermissionsBoundaryPolicyInputList"))
    resource_policy = parameter(params, "ResourcePolicy")
    known = keys_of_principal(principal) if caller else Context()
    return _Simulation(
        principal,
        replace(
            policies,
            boundary=given_boundary or policies.boundary,
            resource=Policy("ResourcePolicy", "resource", resource_policy) if resource_policy else None,
            # Without a policy of its own, nothing is known of another account's resource.
            resource_account=owner if resource_policy else "",
        ),
        known | keys_of_time() | _entries(params),
        tuple(members(params, "ResourceArns")) or ("*",),
        owner,
    )


def _principal(caller: Entity | None, account: str) -> Principal:
    record = (stores.store(caller.kind).get(caller.name) if caller else None) or {}
    arn = record.get("Arn") or f"arn:aws:iam::{account}:root"
    kind = {"User": "user", "Role": "role"}.get(caller.kind if caller else "", "root")
    unique_id = record.get(f"{caller.kind}Id", "") if caller else ""
    return Principal(kind, account, arn, arn, unique_id)  # type: ignore[arg-type]  # one of its kinds


def _given(params: Params, name: str) -> Iterator[Policy]:
    for number, text in enumerate(members(params, name), 1):
        yield Policy(f"{name}.{number}", "none", text)


def _entries(params: Params) -> Context:
    """`ContextEntries.member.N`: ContextKeyName, ContextKeyValues.member.M, ContextKeyType."""
    entries: dict[str, Values | None] = {}
    number = 1
    while name := parameter(params, f"ContextEntries.member.{number}.ContextKeyName"):
        prefix = f"ContextEntries.member.{number}"
        values = members(params, f"{prefix}.ContextKeyValues")
        is_list = parameter(params, f"{prefix}.ContextKeyType").endswith(_LISTED)
        entries[name] = tuple(values) if is_list or len(values) > 1 else values[0] if values else None
        number += 1
    return Context(entries)


def _result(simulation: _Simulation, action: str, resource: str) -> dict[str, Any]:
    owned = keys_of_resource(resource, simulation.owner)
    request = Request(action, resource, owned | simulation.context)
    decision = decide(request, simulation.principal, simulation.policies)
    matches = [_matched(one) for one in decision.matches]
    missing = sorted(_missing(simulation.policies, request))
    bounded = _bounded(simulation.policies, request, decision)
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision.outcome,
        "MatchedStatements": matches,
        "MissingContextValues": missing,
        "PermissionsBoundaryDecisionDetail": bounded,
        "ResourceSpecificResults": []
        if resource == "*"
        else [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": decision.outcome,
                "MatchedStatements": matches,
                "MissingContextValues": missing,
                "PermissionsBoundaryDecisionDetail": bounded,
            }
        ],
    }


def _bounded(policies: Policies, request: Request, decision: Decision) -> dict[str, bool] | None:
    if policies.boundary is None:
        return None
    is_denied = decision.outcome == "explicitDeny" and decision.layer is Layer.BOUNDARY
    return {"AllowedByPermissionsBoundary": not is_denied and may_by(policies.boundary, request)}


def _matched(match: Match) -> dict[str, Any]:
    start, end = positions_of(match.policy.text)[match.statement.index]
    return {
        "SourcePolicyId": match.policy.source,
        "SourcePolicyType": match.policy.kind,
        "StartPosition": {"Line": start.line, "Column": start.column},
        "EndPosition": {"Line": end.line, "Column": end.column},
    }


def _missing(policies: Policies, request: Request) -> set[str]:
    """Keys that the statements about this action and resource ask for, and nobody gave."""
    layers = [policies.identity, policies.boundary, (policies.resource,) if policies.resource else None]
    return {
        key
        for layer in layers
        for policy in layer or ()
        for statement in policy.statements
        if replace(statement, conditions=()).matches(request)
        for key in statement.asked_keys()
        if key not in request.context
    }
