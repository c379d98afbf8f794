"""Where a template from a file holds policy documents and attachments of IAM's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.iam.checks.base import PolicyKind
from sec_provisioner.template.functions import Resolver, UnresolvedError
from sec_provisioner.template.reading import Path

_HOLDERS = ("AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User")
_DOCUMENT_TYPES = (
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
)
_DOCUMENT, _TRUST = "PolicyDocument", "AssumeRolePolicyDocument"


@dataclass(frozen=True)
class PolicyPlace:
    """A policy document in a template and where it is."""

    path: Path
    kind: PolicyKind
    raw: Any


def policy_places(resources: Mapping[str, Any]) -> Iterator[PolicyPlace]:
    """Every policy document of IAM's own resources."""
    for path, type_, properties in _each(resources):
        if type_ in _DOCUMENT_TYPES and _DOCUMENT in properties:
            yield PolicyPlace((*path, _DOCUMENT), PolicyKind.IDENTITY, properties[_DOCUMENT])
        if type_ in _HOLDERS:
            yield from _inline_places(path, properties.get("Policies", []))
        if type_ == "AWS::IAM::Role" and _TRUST in properties:
            yield PolicyPlace((*path, _TRUST), PolicyKind.TRUST, properties[_TRUST])


def attachments(resources: Mapping[str, Any], resolver: Resolver) -> Iterator[tuple[Path, str]]:
    """Every managed policy that is attached, by ARN, with its place; what only AWS can work out is left out."""
    for path, type_, properties in _each(resources):
        listed = properties.get("ManagedPolicyArns", []) if type_ in _HOLDERS else []
        for index, one in enumerate(listed if isinstance(listed, list) else []):
            arn = _resolved(one, resolver)
            if isinstance(arn, str):
                yield (*path, "ManagedPolicyArns", index), arn


def other_policies(resources: Mapping[str, Any]) -> Iterator[Path]:
    """Policies of resources, whose checks are not those of identities."""
    for path, type_, properties in _each(resources):
        if not type_.startswith("AWS::IAM::"):
            yield from ((*path, name) for name in properties if name.endswith(("PolicyDocument", "KeyPolicy")))


def with_parsed_documents(resources: Mapping[str, Any], resolver: Resolver) -> dict[str, Any]:
    """The resources with their documents as values: CloudFormation takes them as JSON text as well.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
    """
    return {logical_id: _with_parsed(resource, resolver) for logical_id, resource in resources.items()}


def _with_parsed(value: Any, resolver: Resolver) -> Any:
    if isinstance(value, list):
        return [_with_parsed(one, resolver) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _parsed(one, resolver) if key in (_DOCUMENT, _TRUST) else _with_parsed(one, resolver)
        for key, one in value.items()
    }


def _parsed(document: Any, resolver: Resolver) -> Any:
    text = _resolved(document, resolver)
    if not isinstance(text, str):
        return document
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return document


def _resolved(value: Any, resolver: Resolver) -> Any:
    try:
        return resolver.resolve(value)
    except UnresolvedError:
        return None


def _each(resources: Mapping[str, Any]) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """The resources that have a type and properties, each with the path to these."""
    for logical_id, resource in resources.items():
        type_ = resource.get("Type") if isinstance(resource, Mapping) else None
        properties = resource.get("Properties", {}) if isinstance(type_, str) else None
        if isinstance(type_, str) and isinstance(properties, Mapping):
            yield ("Resources", logical_id, "Properties"), type_, properties


def _inline_places(path: Path, policies: Any) -> Iterator[PolicyPlace]:
    for index, policy in enumerate(policies if isinstance(policies, list) else []):
        if isinstance(policy, Mapping) and _DOCUMENT in policy:
            yield PolicyPlace((*path, "Policies", index, _DOCUMENT), PolicyKind.IDENTITY, policy[_DOCUMENT])
