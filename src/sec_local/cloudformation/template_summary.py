"""GetTemplateSummary in full.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html
"""

from __future__ import annotations

import json
from typing import Any

from sec_local.cloudformation.wire import Answer, Params, error, find_stack, parameter, replace_action, result
from sec_local.schemas import schema_of

Template = dict[str, Any]


def install() -> None:
    """Replace the action."""
    replace_action("GetTemplateSummary", lambda _: _answer)


def _answer(params: Params) -> Answer:
    from ministack.services.cloudformation import engine, handlers, helpers  # noqa: PLC0415 - on first use

    body, refused = helpers._resolve_template(params)  # noqa: SLF001 - its reader of templates
    if not body and not refused:
        body, refused = _stored(params)
    if refused:
        answer: Answer = refused
        return answer
    try:
        template = engine._parse_template(body)  # noqa: SLF001 - its parser
    except ValueError as problem:
        return error("ValidationError", f"Template format error: {problem}")
    capabilities, types = handlers._required_capabilities(template)  # noqa: SLF001 - its rule
    reason = f"The following resource(s) require capabilities: [{', '.join(types)}]" if types else None
    return result(
        "GetTemplateSummary",
        Parameters=[_parameter(name, one) for name, one in (template.get("Parameters") or {}).items()],
        Description=template.get("Description"),
        Capabilities=capabilities or None,
        CapabilitiesReason=reason,
        ResourceTypes=sorted({one["Type"] for one in (template.get("Resources") or {}).values()}),
        Version=template.get("AWSTemplateFormatVersion"),
        Metadata=json.dumps(template["Metadata"]) if "Metadata" in template else None,
        DeclaredTransforms=_listed(template.get("Transform")) or None,
        ResourceIdentifierSummaries=_identifiers(template),
    )


def _stored(params: Params) -> tuple[str, Answer | None]:
    """The template of a stack."""
    name = parameter(params, "StackName")
    if not name:
        return "", error("ValidationError", "Either StackName or TemplateBody or TemplateURL must be specified.")
    found = find_stack(name)
    if found is None:
        return "", error("ValidationError", f"Stack with id {name} does not exist")
    return found.get("_template_body") or "{}", None


def _parameter(name: str, definition: Template) -> dict[str, Any]:
    allowed = [str(value) for value in definition.get("AllowedValues") or []]
    default = definition.get("Default")
    return {
        "ParameterKey": name,
        "DefaultValue": None if default is None else str(default),
        "ParameterType": definition.get("Type", "String"),
        "NoEcho": str(definition.get("NoEcho", "false")).lower(),
        "Description": definition.get("Description"),
        "ParameterConstraints": {"AllowedValues": allowed} if allowed else {},
    }


def _identifiers(template: Template) -> list[dict[str, Any]]:
    """Per type: its resources, and the properties that name one of them to an import."""
    by_type: dict[str, list[str]] = {}
    for logical_id, definition in (template.get("Resources") or {}).items():
        by_type.setdefault(definition["Type"], []).append(logical_id)
    return [
        {
            "ResourceType": kind,
            "LogicalResourceIds": logical_ids,
            "ResourceIdentifiers": [
                path.removeprefix("/properties/") for path in (schema_of(kind) or {}).get("primaryIdentifier", [])
            ],
        }
        for kind, logical_ids in by_type.items()
    ]


def _listed(value: Any) -> list[str]:
    return [] if value is None else [str(one) for one in (value if isinstance(value, list) else [value])]
