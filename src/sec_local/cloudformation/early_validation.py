"""What CloudFormation checks before it makes anything: properties against the published schemas.

A change set that fails is FAILED and says little; the findings come through DescribeEvents.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
"""

from __future__ import annotations

from typing import Any

from sec_local.property_validation import Problem, problems_of
from sec_local.schemas import schema_of

_FAILED = (
    "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early "
    "Validation errors, use the DescribeEvents API for detailed failure information."
)
NAME = "PROPERTY_VALIDATION"


def install() -> None:
    """Add the schemas to what MiniStack validates before a create or an update."""
    from ministack.services.cloudformation import stacks  # noqa: PLC0415 - imported on first use

    validate = stacks._validation_errors  # noqa: SLF001 - its list of findings

    def validate_all(definitions: Any, ordered: Any, *rest: Any, **more: Any) -> Any:
        found = validate(definitions, ordered, *rest, **more)
        return found + static_findings(definitions, ordered, *rest[:5])

    stacks._validation_errors = validate_all  # noqa: SLF001 - the same


def static_findings(  # noqa: PLR0913, PLR0917 - MiniStack's signature
    definitions: dict[str, Any], ordered: list[str], parameters: Any, conditions: Any, mappings: Any,
    stack_name: str, stack_id: str,
) -> list[tuple[str, str, str, str, str]]:  # fmt: skip
    """Findings on what is known before anything exists: `(logical id, type, validation, path, reason)`."""
    from sec_local.cloudformation.change_set_values import UNKNOWN, Resolver  # noqa: PLC0415 - avoids a circle

    resolver = Resolver({}, frozenset(definitions), parameters, conditions, mappings or {}, stack_name, stack_id)
    found = []
    for logical_id in ordered:
        definition = definitions[logical_id]
        if definition.get("Condition") and not conditions.get(definition["Condition"], True):
            continue
        kind = definition.get("Type", "")
        schema = schema_of(kind)
        if schema is None:
            continue
        properties = resolver.resolve(definition.get("Properties") or {})
        found += [
            (logical_id, kind, NAME, f"/Resources/{logical_id}/Properties{problem.path}", problem.text)
            for problem in problems_of(properties, schema, unknown=UNKNOWN)
        ]
    return found


def judge(change_set: dict[str, Any], stack: dict[str, Any]) -> None:
    """Fail a change set whose template would be refused, and keep the findings for DescribeEvents."""
    from ministack.services.cloudformation import engine, stacks  # noqa: PLC0415 - imported on first use

    template, parameters = change_set["_template"], change_set["_resolved_params"]
    definitions = template.get("Resources") or {}
    conditions = engine._evaluate_conditions(template, parameters)  # noqa: SLF001 - its functions
    try:
        ordered = engine._topological_sort(definitions, conditions)  # noqa: SLF001 - the same
    except ValueError:
        return
    owned = frozenset(one.get("PhysicalResourceId") for one in (stack.get("_resources") or {}).values())
    found = stacks._validation_errors(  # noqa: SLF001 - wrapped above
        definitions, ordered, parameters, conditions, template.get("Mappings") or {},
        stack["StackName"], stack["StackId"], owned,
    )  # fmt: skip
    if not found:
        return
    change_set.update(Status="FAILED", ExecutionStatus="UNAVAILABLE", StatusReason=_FAILED)
    change_set["_operation_events"] = [
        stacks._operation_event(  # noqa: SLF001 - its form of an event
            stack["StackId"], change_set["ChangeSetId"], "VALIDATION_ERROR", "CREATE_CHANGESET",
            LogicalResourceId=logical_id, ResourceType=kind, ValidationFailureMode="FAIL", ValidationName=name,
            ValidationStatus="FAILED", ValidationStatusReason=reason, ValidationPath=path,
        )
        for logical_id, kind, name, path, reason in found
    ]  # fmt: skip


def failure_text(logical_id: str, problems: list[Problem]) -> str:
    """A resource's reason where its properties turn out wrong when it is made."""
    lines = "\n".join(f"#{problem.path}: {problem.text}" for problem in problems)
    return f"Properties validation failed for resource {logical_id} with message:\n{lines}"
