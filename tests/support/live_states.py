"""An account exactly as a template wants it, for tests that then change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sec_provisioner.live.changes import resolved_resources
from sec_provisioner.live.deployed import LiveParameter, LiveState, RoleSettings
from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole
from sec_provisioner.pipeline import Built


def resources_of(built: Built) -> dict[str, dict[str, Any]]:
    """The template's resources, functions worked out."""
    return resolved_resources(built.template.resources, built.resolver)


def live_as_deployed(built: Built) -> LiveState:
    """What is there straight after a deployment."""
    identity = built.names.identity
    arn = f"arn:{identity.partition}:iam::{identity.account_id}"
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for one in resources_of(built).values():
        by_type.setdefault(one["Type"], []).append(one["Properties"])
    roles = by_type.get("AWS::IAM::Role", [])
    account = LiveAccount(
        groups=tuple(
            LiveGroup(one["GroupName"], f"{arn}:group/{one['GroupName']}", inline=_inline(one), attached=_attached(one))
            for one in by_type.get("AWS::IAM::Group", [])
        ),
        roles=tuple(
            LiveRole(
                one["RoleName"],
                f"{arn}:role/{one['RoleName']}",
                trust=one["AssumeRolePolicyDocument"],
                inline=_inline(one),
                attached=_attached(one),
                boundary=one.get("PermissionsBoundary"),
                tags=built.model.tags,
            )
            for one in roles
        ),
        policies=tuple(
            LivePolicy(
                one["ManagedPolicyName"], f"{arn}:policy/{one['ManagedPolicyName']}", document=one["PolicyDocument"]
            )
            for one in by_type.get("AWS::IAM::ManagedPolicy", [])
        ),
    )
    settings = {one["RoleName"]: RoleSettings(one["Description"], one["MaxSessionDuration"]) for one in roles}
    parameters = tuple(
        LiveParameter(one["Name"], one["Type"], one["Value"]) for one in by_type.get("AWS::SSM::Parameter", [])
    )
    return LiveState(account, settings, parameters)


def _inline(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {one["PolicyName"]: one["PolicyDocument"] for one in properties["Policies"]}


def _attached(properties: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(properties["ManagedPolicyArns"])
