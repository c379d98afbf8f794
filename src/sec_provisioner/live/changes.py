"""What an update would do, resource by resource: from two templates, and from CloudFormation's own word for it.

    deployed template, new template -> template_changes -+
    ChangeSet ------------------------------------------+-> preview_changes -> Change, Change, ...

The templates show the values in full and statement by statement; the change set decides which resources are touched
and how. Without a change set (no bucket yet, --no-change-set) the templates alone tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sec_provisioner.live.change_set import PropertyDetail, ResourceChange
from sec_provisioner.live.differences import PropertyChange, differences
from sec_provisioner.template.functions import Resolver, UnresolvedError

Action = Literal["add", "modify", "replace", "remove"]

# Properties that can't be changed in place, of the types that a stack of ours holds.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html ("Update requires: Replacement")
REPLACED_BY: Mapping[str, frozenset[str]] = {
    "AWS::IAM::Group": frozenset({"GroupName"}),
    "AWS::IAM::Role": frozenset({"RoleName", "Path"}),
    "AWS::IAM::ManagedPolicy": frozenset({"ManagedPolicyName", "Path", "Description"}),
    "AWS::SSM::Parameter": frozenset({"Name"}),
}
NAME_PROPERTY: Mapping[str, str] = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::SSM::Parameter": "Name",
}
# Stack tags reach these; groups and managed policies take none by CloudFormation.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
_TAGGED = frozenset({"AWS::IAM::Role", "AWS::SSM::Parameter"})
_ACTIONS: Mapping[str, Action] = {"Add": "add", "Import": "add", "Remove": "remove"}


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource. `costs` says what is lost by it: members, sessions.

    `used_by` are the groups and roles that hold a managed policy, before or after: whom a change of it concerns.
    """

    logical_id: str
    type: str
    name: str
    action: Action
    properties: tuple[PropertyChange, ...] = ()
    costs: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()


Resources = Mapping[str, Mapping[str, Any]]


def resolved_resources(resources: Resources, resolver: Resolver) -> dict[str, dict[str, Any]]:
    """The resources with their properties' functions worked out, as far as that goes without AWS."""
    return {
        logical_id: {**one, "Properties": _resolve(one.get("Properties", {}), resolver)}
        for logical_id, one in resources.items()
    }


def _resolve(value: Any, resolver: Resolver) -> Any:
    try:
        return resolver.resolve(value)
    except UnresolvedError:
        if isinstance(value, Mapping):
            return {key: _resolve(one, resolver) for key, one in value.items()}
        return [_resolve(one, resolver) for one in value] if isinstance(value, list) else value


def tags_of(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """A resource's own tags: of a role they are a list, of a parameter a mapping."""
    own = properties.get("Tags", {})
    return own if isinstance(own, Mapping) else {one["Key"]: one["Value"] for one in own}


def with_stack_tags(resources: Resources, tags: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """The resources with the tags that they will carry: their own, and those that the stack hands down."""
    return {logical_id: _tagged(one, tags) if one["Type"] in _TAGGED else one for logical_id, one in resources.items()}


def _tagged(resource: Mapping[str, Any], tags: Mapping[str, str]) -> Mapping[str, Any]:
    properties = resource.get("Properties", {})
    return {**resource, "Properties": {**properties, "Tags": {**tags, **tags_of(properties)}}}


def template_changes(before: Resources, after: Resources) -> tuple[Change, ...]:
    """What differs between two templates' (resolved) resources, in the order of the new one, removals last."""
    kept_or_added = (_compared(logical_id, before.get(logical_id), one) for logical_id, one in after.items())
    removed = (
        Change(logical_id, one["Type"], name_of(one), "remove", tuple(_removals(one.get("Properties", {}))))
        for logical_id, one in before.items()
        if logical_id not in after
    )
    every = (*(one for one in kept_or_added if one), *removed)
    return tuple(replace(one, used_by=_users(one, before, after)) for one in every)


def _users(change: Change, before: Resources, after: Resources) -> tuple[str, ...]:
    """The groups and roles that a managed policy is attached to in either template, by name."""
    if change.type != "AWS::IAM::ManagedPolicy":
        return ()
    ends = f":policy/{change.name}"
    found = (
        name_of(one)
        for one in (*before.values(), *after.values())
        for arn in one.get("Properties", {}).get("ManagedPolicyArns", [])
        if isinstance(arn, str) and arn.endswith(ends)
    )
    return tuple(sorted(set(found)))


def _compared(logical_id: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Change | None:
    kind, properties = after["Type"], after.get("Properties", {})
    if before is None:
        return Change(logical_id, kind, name_of(after), "add", tuple(_additions(properties)))
    found = (*differences(_untagged(before), _untagged(after)), *_tag_changes(before, after))
    if not found:
        return None
    tops = {one.path.split(".")[0].split("[")[0] for one in found}
    action: Action = "replace" if tops & REPLACED_BY.get(kind, frozenset()) else "modify"
    return Change(logical_id, kind, name_of(before), action, found)


def _untagged(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.get("Properties", {}).items() if key != "Tags"}


def _tag_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[PropertyChange]:
    old, new = (tags_of(one.get("Properties", {})) for one in (before, after))
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield PropertyChange(f"Tags[{key}]", old.get(key), new.get(key))


def _additions(properties: Mapping[str, Any]) -> Iterable[PropertyChange]:
    return (PropertyChange(key, None, value) for key, value in properties.items())


def _removals(properties: Mapping[str, Any]) -> Iterable[PropertyChange]:
    return (PropertyChange(key, value, None) for key, value in properties.items())


def name_of(resource: Mapping[str, Any]) -> str:
    """The name that a template gives a resource; empty where AWS chooses one."""
    name = resource.get("Properties", {}).get(NAME_PROPERTY.get(resource["Type"], ""), "")
    return name if isinstance(name, str) else ""


def preview_changes(compared: Iterable[Change], announced: Iterable[ResourceChange]) -> tuple[Change, ...]:
    """The change set's resources and actions, with the values that the templates show.

    Args:
        compared: the result of `template_changes`.
        announced: the change set's.
    """
    known = {one.logical_id: one for one in compared}
    # In the templates' order: CloudFormation promises none, and the digest must not depend on it.
    places = {logical_id: place for place, logical_id in enumerate(known)}
    ordered = sorted(announced, key=lambda one: (places.get(one.logical_id, len(places)), one.logical_id))
    return tuple(
        _previewed(known.get(one.logical_id), one)
        for one in ordered
        if one.logical_id in known or not _only_might_change(one)
    )


def _only_might_change(announced: ResourceChange) -> bool:
    """Whether CloudFormation lists it for the sake of another resource alone, whose ARN or name may change.

    Ours follow from names that the templates state: what the templates show as unchanged stays as it is.
    """
    details = announced.details
    return announced.action == "Modify" and bool(details) and not any(one.is_certain for one in details)


def _previewed(known: Change | None, announced: ResourceChange) -> Change:
    action = _ACTIONS.get(announced.action, "modify")
    if action == "modify" and announced.replacement == "True":
        action = "replace"
    if known is None:
        name = announced.physical_id or announced.logical_id
        known = Change(announced.logical_id, announced.type, name, action)
    if action in ("add", "remove"):
        return replace(known, action=action)
    tops = {one.path.split(".")[0].split("[")[0] for one in known.properties}
    further = (_worded(one) for one in announced.details if one.top not in tops)
    return replace(known, action=action, properties=(*known.properties, *further))


def _worded(detail: PropertyDetail) -> PropertyChange:
    """What only CloudFormation knows of: a value that follows from another resource, say."""
    return PropertyChange(detail.path, _value(detail.before), _value(detail.after))


def _value(text: str | None) -> Any:
    if text is None or not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
