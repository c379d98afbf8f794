"""Values of a template's parameters: which are missing, said at once and in CloudFormation's words.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from typing import Any

from sec_local.cloudformation import template_grammar


def install() -> None:
    """Ask before MiniStack works the values out; what the template's text alone makes wrong is said first."""
    from ministack.services.cloudformation import changesets, engine, handlers  # noqa: PLC0415 - on first use

    resolve = engine._resolve_parameters  # noqa: SLF001 - its one reader of parameters

    def resolve_all(template: dict[str, Any], provided: list[dict[str, Any]], previous: Any = None) -> Any:
        problem = next(template_grammar.problems(template), None)
        if problem:
            raise ValueError(problem)
        given = {one["Key"] for one in provided if "Key" in one}
        defined = template.get("Parameters") or {}
        if unknown := sorted(given - set(defined)):
            raise ValueError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
        missing = [name for name, one in defined.items() if name not in given and "Default" not in one]
        if missing:
            raise ValueError(f"Parameters: [{', '.join(missing)}] must have values")
        return resolve(template, provided, previous)

    for module in (engine, handlers, changesets):
        module._resolve_parameters = resolve_all  # noqa: SLF001 - the same
