"""What a template may say, read from its text alone: names, types, conditions, functions, policies of resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Template = dict[str, Any]

_FUNCTIONS = frozenset(
    f"Fn::{name}"
    for name in (
        "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Not", "Or",
        "Select", "Split", "Sub", "Transform",
    )
)  # fmt: skip
_SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs")
_CONDITIONS = ("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition")
_POLICIES = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot"),
    "UpdateReplacePolicy": ("Delete", "Retain", "Snapshot"),
}
_PARAMETER_TYPES = ("String", "Number", "List<Number>", "CommaDelimitedList")
_OPERANDS = {"Fn::Equals": (2, 2), "Fn::Not": (1, 1), "Fn::And": (2, 10), "Fn::Or": (2, 10)}


def problems(template: Template) -> Iterator[str]:
    """Each thing that CloudFormation would refuse, in its words. A template with macros is not judged."""
    if template.get("Transform"):
        return
    yield from _parameters(template.get("Parameters") or {})
    yield from _conditions(template.get("Conditions") or {}, template.get("Resources") or {})
    yield from _resources(template.get("Resources") or {})
    yield from _outputs(template.get("Outputs") or {})
    yield from _used_conditions(template)


def misshapen_section(template: Any) -> str | None:
    """The first section that is no mapping, None where all are; the rest of the local AWS reads them as such."""
    if not isinstance(template, dict):
        return "the template"
    return next((f"[/{name}]" for name in _SECTIONS if not isinstance(template.get(name) or {}, dict)), None)


def _parameters(parameters: Template) -> Iterator[str]:
    for name, definition in parameters.items():
        kind = definition.get("Type") if isinstance(definition, dict) else None
        if kind is None:
            yield f"Template format error: Every Parameters object must contain a Type member ({name})."
        elif kind not in _PARAMETER_TYPES and not str(kind).startswith(("AWS::", "List<AWS::")):
            yield f"Template format error: Unrecognized parameter type: {kind}"
        if not name.isalnum():
            yield f"Template format error: Parameter name {name} is non alphanumeric."


def _conditions(conditions: Template, resources: Template) -> Iterator[str]:
    for name, condition in conditions.items():
        if not isinstance(condition, dict) or len(condition) != 1 or next(iter(condition)) not in _CONDITIONS:
            yield f"Template format error: Conditions can only be boolean operations on parameters ({name})."
    for function, value in _functions(conditions):
        least, most = _OPERANDS.get(function, (0, 0))
        if most and (not isinstance(value, list) or not least <= len(value) <= most):
            count = str(least) if least == most else f"at least {least} and at most {most}"
            yield f"Template error: every {function} object requires a list of {count} parameters."
        if function == "Ref" and value in resources:
            message = f"Template format error: Unresolved dependencies [{value}]. Cannot reference resources in the "
            yield f"{message}Conditions block of the template"


def _resources(resources: Template) -> Iterator[str]:
    for name, definition in resources.items():
        if not isinstance(definition, dict):
            yield f"Template format error: [/Resources/{name}] resource definition is malformed"
            continue
        for attribute, known in _POLICIES.items():
            value = definition.get(attribute)
            if isinstance(value, str) and value not in known:
                yield f"Template format error: Unrecognized {attribute} {value} for resource {name}"
        if not isinstance(definition.get("Properties") or {}, dict):
            yield f"Template format error: [/Resources/{name}/Properties] must be an object"


def _outputs(outputs: Template) -> Iterator[str]:
    for name, definition in outputs.items():
        if not name.isalnum():
            yield f"Template format error: Output name '{name}' is non alphanumeric."
        if not isinstance(definition, dict) or "Value" not in definition:
            message = f"Template format error: Output {name} is malformed."
            yield f"{message} Every Outputs member must contain a Value object"


def _used_conditions(template: Template) -> Iterator[str]:
    """Conditions that are used are defined, functions that are used exist."""
    known = set(template.get("Conditions") or {})
    for section in ("Conditions", "Resources", "Outputs"):
        definitions = template.get(section) or {}
        named = {definition.get("Condition") for definition in definitions.values() if isinstance(definition, dict)}
        for function, value in _functions([_values(definition) for definition in definitions.values()]):
            if function.startswith("Fn::") and function not in _FUNCTIONS:
                yield f"Template format error: Encountered unsupported function: {function}"
            if function == "Fn::If" and isinstance(value, list) and value:
                named.add(value[0])
        missing = sorted(name for name in named if isinstance(name, str) and name not in known)
        if missing:
            where = f"in the {section} block of the template"
            yield f"Template format error: Unresolved condition dependency [{', '.join(missing)}] {where}"


def _values(definition: Any) -> Any:
    """What may hold functions of a resource, an output or a condition."""
    if not isinstance(definition, dict):
        return definition
    parts = {name: definition[name] for name in ("Properties", "Value", "Export") if name in definition}
    return parts or {name: value for name, value in definition.items() if name.startswith("Fn::")}


def _functions(value: Any) -> Iterator[tuple[str, Any]]:
    """Every function call within `value`: its name and argument, outer ones first."""
    if isinstance(value, list):
        for inner in value:
            yield from _functions(inner)
    elif isinstance(value, dict):
        if len(value) == 1 and (name := next(iter(value))) and (name.startswith("Fn::") or name == "Ref"):
            yield name, value[name]
        for inner in value.values():
            yield from _functions(inner)
