"""SecurityModel and its documents -> Template: the value that is rendered, measured, compared and sent."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sec_provisioner import __version__
from sec_provisioner.policies import ManagedPolicy, PolicySet
from sec_provisioner.security import SecurityModel
from sec_provisioner.template import resources
from sec_provisioner.template.resources import Resource

# PutParameter is limited to about 3 a second, and CloudFormation starts all it can at once: parameters wait for
# each other in so many lanes. https://docs.aws.amazon.com/general/latest/gr/ssm.html
PARAMETER_LANES = 3


@dataclass(frozen=True)
class Template:
    """`body` is the template in CloudFormation's keys; `sources` lead back to the config and are never sent."""

    body: Mapping[str, Any]
    sources: Mapping[tuple[str, str], str]

    @property
    def resources(self) -> Mapping[str, Any]:
        """Logical id -> resource."""
        found: Mapping[str, Any] = self.body["Resources"]
        return found

    def source(self, logical_id: str, path: str) -> str:
        """The config path behind a property: of the property itself, or of what it is part of."""
        while path:
            if (logical_id, path) in self.sources:
                return self.sources[logical_id, path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.sources.get((logical_id, ""), "")


def build_template(model: SecurityModel, policies: PolicySet) -> Template:
    """The whole template. The same model gives the same value, key by key in the same order."""
    named = list(_named_resources(model, policies))
    parameters = [resources.parameter(one, model.names) for one in named]
    every = [*named, *_in_lanes(parameters)]
    return Template(
        body={
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": f"IAM of {model.names.project}, made by SEC Provisioner",
            "Metadata": {"SecProvisioner": {"Version": __version__, "Stem": model.names.stack_stem}},
            "Resources": {one.logical_id: _body(one) for one in every},
            "Outputs": _outputs(named),
        },
        sources={(one.logical_id, path): source for one in every for path, source in one.sources.items()},
    )


def _named_resources(model: SecurityModel, policies: PolicySet) -> Iterator[Resource]:
    uses = _first_uses(policies)
    for policy in policies.managed:
        yield resources.managed_policy(policy, uses.get(policy.name, ""))
    for group in model.groups:
        yield resources.group(group, policies.groups[group.key])
    for role in model.roles:
        attached, trust = policies.roles[role.key], policies.trusts[role.key]
        yield resources.role(role, attached, trust, model.boundary)


def _first_uses(policies: PolicySet) -> dict[str, str]:
    """Managed policy -> the config path of its first use."""
    found: dict[str, str] = {}
    for holder in (*policies.groups.values(), *policies.roles.values()):
        for one in holder.attachments:
            if isinstance(one.policy, ManagedPolicy):
                found.setdefault(one.policy.name, one.source)
    return found


def _in_lanes(parameters: Iterable[Resource]) -> Iterator[Resource]:
    """Chain parameters. The lane follows from the id alone, so that a new one moves at most one other."""
    last: dict[int, str] = {}
    for one in sorted(parameters, key=lambda resource: resource.logical_id):
        lane = zlib.crc32(one.logical_id.encode()) % PARAMETER_LANES
        yield replace(one, depends_on=last.get(lane))
        last[lane] = one.logical_id


def _body(one: Resource) -> dict[str, Any]:
    body: dict[str, Any] = {"Type": one.type}
    if one.depends_on:
        body["DependsOn"] = one.depends_on
    return {**body, "Properties": dict(one.properties)}


def _outputs(named: Iterable[Resource]) -> dict[str, Any]:
    counts = {"AWS::IAM::Group": 0, "AWS::IAM::Role": 0, "AWS::IAM::ManagedPolicy": 0}
    roles: dict[str, Any] = {}
    for one in named:
        counts[one.type] += 1
        if one.type == "AWS::IAM::Role":
            roles[f"{one.logical_id}Arn"] = {"Value": {"Fn::GetAtt": [one.logical_id, "Arn"]}}
    return {
        "StackName": {"Value": {"Ref": "AWS::StackName"}},
        "GroupCount": {"Value": str(counts["AWS::IAM::Group"])},
        "RoleCount": {"Value": str(counts["AWS::IAM::Role"])},
        "PolicyCount": {"Value": str(counts["AWS::IAM::ManagedPolicy"])},
        **roles,
    }
