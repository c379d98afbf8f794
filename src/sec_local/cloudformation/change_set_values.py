"""What a change set says about values: before and after of each resource, and of each property that changes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""Stands for a value that nobody knows before the change set is executed."""

_ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy", "Metadata", "CreationPolicy", "UpdatePolicy")
_INTRINSICS = ("Ref", "Condition")


@dataclass(frozen=True)
class Resolver:
    """Works out intrinsic functions as far as they are known now."""

    resources: dict[str, Any]
    """The stack's resources that stay as they are, by logical id, in MiniStack's form."""
    new_ids: frozenset[str]
    """Resources that have no identity yet: added or replaced ones."""
    parameters: dict[str, Any]
    conditions: dict[str, Any]
    mappings: dict[str, Any]
    stack_name: str
    stack_id: str

    def resolve(self, value: Any) -> Any:
        """`value` with every function worked out, or `UNKNOWN` in its place."""
        if isinstance(value, list):
            return [inner for inner in map(self.resolve, value) if inner is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (name := next(iter(value))) and (name in _INTRINSICS or name.startswith("Fn::")):
            return self._intrinsic(value)
        return {name: known for name, inner in value.items() if (known := self.resolve(inner)) is not None}

    def _intrinsic(self, value: Any) -> Any:
        from ministack.services.cloudformation import engine  # noqa: PLC0415 - imported on first use

        if any(name in self.new_ids for name, _ in engine._intrinsic_references(value)):  # noqa: SLF001 - its walk
            return UNKNOWN
        try:
            known = engine._resolve_refs(  # noqa: SLF001 - its functions
                copy.deepcopy(value), self.resources, self.parameters, self.conditions, self.mappings,
                self.stack_name, self.stack_id,
            )  # fmt: skip
        except Exception:  # noqa: BLE001 - whatever can't be worked out now is worked out at execution
            return UNKNOWN
        return None if known is engine._NO_VALUE else known  # noqa: SLF001 - AWS::NoValue


def add_values(change_set: dict[str, Any], stack: dict[str, Any]) -> None:
    """Write `BeforeContext`, `AfterContext` and the values of each detail into the change set's changes."""
    new_template, old_template = change_set["_template"], stack.get("_template") or {}
    live = stack.get("_resources") or {}
    changes = [change["ResourceChange"] for change in change_set["Changes"]]
    unknown = frozenset(
        change["LogicalResourceId"]
        for change in changes
        if change["Action"] == "Add" or change.get("Replacement") == "True"
    )
    resolver = Resolver(
        live, unknown, _echoed(change_set["_resolved_params"]), _conditions(change_set),
        new_template.get("Mappings") or {}, stack["StackName"], stack["StackId"],
    )  # fmt: skip
    for change in changes:
        logical_id = change["LogicalResourceId"]
        before = _before(old_template, live, logical_id)
        after = _after(new_template, resolver, logical_id)
        if change["Action"] != "Add":
            change["BeforeContext"] = json.dumps(before)
        if change["Action"] != "Remove":
            change["AfterContext"] = json.dumps(after)
        for detail in change.get("Details", []):
            _describe(detail["Target"], before, after)
        _set_tags_apart(change)


def _echoed(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with what NoEcho hides hidden.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    """
    return {name: {**one, "Value": "****"} if one.get("NoEcho") else one for name, one in parameters.items()}


def _conditions(change_set: dict[str, Any]) -> dict[str, Any]:
    from ministack.services.cloudformation import engine  # noqa: PLC0415 - imported on first use

    conditions: dict[str, Any] = engine._evaluate_conditions(change_set["_template"], change_set["_resolved_params"])  # noqa: SLF001
    return conditions


def _before(template: dict[str, Any], live: dict[str, Any], logical_id: str) -> dict[str, Any]:
    definition = (template.get("Resources") or {}).get(logical_id) or {}
    return {
        "Properties": (live.get(logical_id) or {}).get("Properties") or definition.get("Properties") or {},
        **{name: definition[name] for name in _ATTRIBUTES if name in definition},
    }


def _after(template: dict[str, Any], resolver: Resolver, logical_id: str) -> dict[str, Any]:
    definition = (template.get("Resources") or {}).get(logical_id) or {}
    return {
        "Properties": resolver.resolve(definition.get("Properties") or {}),
        **{name: resolver.resolve(definition[name]) for name in _ATTRIBUTES if name in definition},
    }


def _describe(target: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Path, values and kind of one detail; tags of the stack have none."""
    attribute, name = target["Attribute"], target.get("Name")
    if attribute == "Properties" and name:
        target["Path"] = f"/Properties/{name}"
        old, new = before["Properties"].get(name), after["Properties"].get(name)
    elif attribute in _ATTRIBUTES:
        target["Path"] = f"/{attribute}"
        old, new = before.get(attribute), after.get(attribute)
    else:
        return
    if old is not None:
        target["BeforeValue"] = _text(old)
    if new is not None:
        target["AfterValue"] = _text(new)
    target["AttributeChangeType"] = "Add" if old is None else "Remove" if new is None else "Modify"


def _set_tags_apart(change: dict[str, Any]) -> None:
    """A resource's tags are an attribute of their own, without a name, though they are written as a property.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html
    """
    targets = [detail["Target"] for detail in change.get("Details", [])]
    for target in targets:
        if target.get("Name") == "Tags":
            del target["Name"]
            target["Attribute"] = "Tags"
    if targets:
        found = {target["Attribute"] for target in targets}
        change["Scope"] = [*sorted(found - {"Tags"}), *sorted(found & {"Tags"})]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
