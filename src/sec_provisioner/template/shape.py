"""Whether a template from a file has the shape that the quota checks read: its own structure and that of IAM and SSM.

Only what those checks rely on. What else CloudFormation demands of a property is cfn-lint's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.template.functions import Resolver, UnresolvedError


@dataclass(frozen=True)
class Misshapen:
    """A part that is not what it has to be. `path` leads to it from the top of the template."""

    path: tuple[str | int, ...]
    message: str


def misshapen_parts(body: Mapping[str, Any], resolver: Resolver) -> Iterator[Misshapen]:
    """Every part of the wrong shape."""
    resources = body.get("Resources")
    if not isinstance(resources, Mapping) or not resources:
        yield Misshapen(("Resources",), "a template has at least one entry in Resources")
        return
    if not isinstance(body.get("Outputs", {}), Mapping):
        yield Misshapen(("Outputs",), "`Outputs` must be a mapping")
    for logical_id, resource in resources.items():
        yield from _resource(logical_id, resource, resolver)


def _resource(logical_id: str, resource: Any, resolver: Resolver) -> Iterator[Misshapen]:
    path = ("Resources", logical_id)
    if not isinstance(resource, Mapping) or not isinstance(resource.get("Type"), str):
        yield Misshapen(path, f"`{logical_id}` must be a mapping with a Type")
        return
    properties = resource.get("Properties", {})
    if not isinstance(properties, Mapping):
        yield Misshapen((*path, "Properties"), "`Properties` must be a mapping")
        return
    for name, (expected, fits) in _SHAPES.get(resource["Type"], {}).items():
        if name in properties and not _fits(properties[name], fits, resolver):
            yield Misshapen((*path, "Properties", name), f"`{name}` must be {expected}")


def _fits(value: Any, fits: Callable[[Any], bool], resolver: Resolver) -> bool:
    try:
        return fits(resolver.resolve(value))
    except UnresolvedError:
        return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_document(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    statements = value.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return all(isinstance(one, Mapping) for one in listed)


def _are_policies(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, Mapping) and _is_text(one.get("PolicyName")) and _is_document(one.get("PolicyDocument"))
        for one in value
    )


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, Mapping) and isinstance(one.get("Key"), str) and isinstance(one.get("Value"), str)
        for one in value
    )


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


Shape = tuple[str, Callable[[Any], bool]]
_TEXT: Shape = ("text", _is_text)
_DOCUMENT: Shape = ("a policy document", _is_document)
_ATTACHED: dict[str, Shape] = {
    "Path": _TEXT,
    "ManagedPolicyArns": ("a list of ARNs", _are_texts),
    "Policies": ("a list of {PolicyName, PolicyDocument}", _are_policies),
}
_SHAPES: dict[str, dict[str, Shape]] = {
    "AWS::IAM::Group": {"GroupName": _TEXT, **_ATTACHED},
    "AWS::IAM::Role": {
        "RoleName": _TEXT,
        "Description": _TEXT,
        "AssumeRolePolicyDocument": _DOCUMENT,
        "Tags": ("a list of {Key, Value}", _are_tags),
        **_ATTACHED,
    },
    "AWS::IAM::ManagedPolicy": {"ManagedPolicyName": _TEXT, "Path": _TEXT, "PolicyDocument": _DOCUMENT},
    "AWS::SSM::Parameter": {"Name": _TEXT, "Tags": ("a mapping", _is_mapping)},
}
