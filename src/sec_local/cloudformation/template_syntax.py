"""What makes a template no template: sections, references and circles, refused before a stack exists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation import template_grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

Template = dict[str, Any]

_SECTIONS = {
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Transform",
    "Resources", "Outputs", "Rules", "Hooks",
}  # fmt: skip
_ATTRIBUTES = {
    "Type", "Properties", "DependsOn", "Condition", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy",
    "UpdateReplacePolicy",
}  # fmt: skip
_VERSION = "2010-09-09"


def install() -> None:
    """Add these checks to those that MiniStack makes of every template."""
    from ministack.services.cloudformation import changesets, engine, handlers  # noqa: PLC0415 - on first use

    validate = engine.validate_template_support

    def validate_all(template: Template, conditions: Any, params: Any = None) -> None:
        validate(template, conditions, params=params)
        # An operation's template was read for its grammar with its parameters; ValidateTemplate has none.
        of_grammar = template_grammar.problems(template) if params is None else iter(())
        problem = next(chain(of_grammar, template_problems(template, conditions)), None)
        if problem:
            raise ValueError(problem)

    parse = engine._parse_template  # noqa: SLF001 - its parser

    def parse_shaped(body: str) -> Template:
        template: Template = parse(body)
        if section := template_grammar.misshapen_section(template):
            raise ValueError(f"{section} must be an object")
        return template

    for module in (engine, handlers, changesets):
        module.validate_template_support = validate_all
        module._parse_template = parse_shaped  # noqa: SLF001 - the same


def template_problems(template: Template, conditions: dict[str, bool]) -> Iterator[str]:
    """Each thing that CloudFormation would refuse, in its words. A template with macros is not judged."""
    if template.get("Transform"):
        return
    unknown = sorted(set(template) - _SECTIONS)
    if unknown:
        yield f"Invalid template property or properties [{', '.join(unknown)}]"
    if str(template.get("AWSTemplateFormatVersion", _VERSION)) != _VERSION:
        yield "Template format error: unsupported value for AWSTemplateFormatVersion."
    resources = template.get("Resources") or {}
    if not resources:
        yield "Template format error: At least one Resources member must be defined."
    yield from _attribute_problems(resources)
    yield from _reference_problems(template, resources)
    yield from _circles(resources, conditions)


def _attribute_problems(resources: Template) -> Iterator[str]:
    for name, definition in resources.items():
        if not name.isalnum():
            yield f"Template format error: Resource name {name} is non alphanumeric."
        if not definition.get("Type"):
            yield f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
        for attribute in sorted(set(definition) - _ATTRIBUTES):
            yield f"Invalid template resource property '{attribute}'"


def _reference_problems(template: Template, resources: Template) -> Iterator[str]:
    known = set(resources) | set(template.get("Parameters") or {})
    for section, definitions in (("Resources", resources), ("Outputs", template.get("Outputs") or {})):
        missing = {name for name in _references(definitions) if name not in known and "::" not in name}
        if missing:
            names = ", ".join(sorted(missing))
            where = f"in the {section} block of the template"
            yield f"Template format error: Unresolved resource dependencies [{names}] {where}"


def _references(definitions: Template) -> Iterator[str]:
    from ministack.services.cloudformation import engine  # noqa: PLC0415 - imported on first use

    for definition in definitions.values():
        parts = {name: definition[name] for name in ("Properties", "Value", "Export") if name in definition}
        yield from (name for name, _ in engine._intrinsic_references(parts))  # noqa: SLF001 - its walk
        needed = definition.get("DependsOn") or []
        yield from [needed] if isinstance(needed, str) else needed


def _circles(resources: Template, conditions: dict[str, bool]) -> Iterator[str]:
    from ministack.services.cloudformation import engine  # noqa: PLC0415 - the same

    try:
        engine._topological_sort(resources, conditions)  # noqa: SLF001 - its order
    except ValueError as circle:
        yield f"Circular dependency between resources: [{str(circle).rpartition(': ')[2]}]"
