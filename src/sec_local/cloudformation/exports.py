"""Exports: one name once per account and region, and nothing that another stack imports changes or goes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.wire import Answer, Params, error, find_stack, parameter, replace_action

if TYPE_CHECKING:
    from collections.abc import Callable

_MISSING = re.compile("Export '(.*)' not found")
"""How MiniStack says that nobody exports a name."""

Exports = dict[str, dict[str, Any]]


def install() -> None:
    """Judge what a stack exports where MiniStack works it out, at the end of each operation."""
    from ministack.services.cloudformation import stacks  # noqa: PLC0415 - imported on first use

    resolve = stacks._resolve_stack_outputs  # noqa: SLF001 - where it works out outputs and exports

    def resolve_and_judge(*arguments: Any) -> tuple[list[Any], Exports]:
        outputs, exports = resolve(*arguments)
        stack_id: str = arguments[-1]
        _judge(exports, stack_id)
        _forget_dropped(exports, stack_id)
        return outputs, exports

    stacks._resolve_stack_outputs = resolve_and_judge  # noqa: SLF001 - the same
    replace_action("DeleteStack", _keeping_what_is_used)
    stacks._resolve_refs = _wording_imports(stacks._resolve_refs)  # noqa: SLF001 - its functions


def _keeping_what_is_used(delete: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def delete_stack(params: Params) -> Answer:
        stack_id = (find_stack(parameter(params, "StackName")) or {}).get("StackId")
        for name in [name for name, export in _all().items() if export["StackId"] == stack_id]:
            if users := _importers(name):
                message = f"Export {name} cannot be deleted as it is in use by {', '.join(users)}"
                return error("ValidationError", message)
        return delete(params)

    return delete_stack


def _wording_imports(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def resolve_worded(*arguments: Any) -> Any:
        try:
            return resolve(*arguments)
        except ValueError as problem:
            missing = _MISSING.fullmatch(str(problem))
            raise ValueError(f"No export named {missing[1]} found") if missing else problem from problem

    return resolve_worded


def _judge(new: Exports, stack_id: str) -> None:
    """Refuse, in CloudFormation's words, what another stack has or needs.

    Raises:
        ValueError: the reason that the operation fails with.
    """
    for name, export in _all().items():
        if export["StackId"] != stack_id:
            if name in new:
                raise ValueError(f"Export with name {name} is already exported by stack {_name(export['StackId'])}")
        elif users := _importers(name):
            if name not in new:
                raise ValueError(f"Export {name} cannot be deleted as it is in use by {', '.join(users)}")
            if new[name]["Value"] != export["Value"]:
                raise ValueError(f"Export {name} cannot be updated as it is in use by {', '.join(users)}")


def _forget_dropped(new: Exports, stack_id: str) -> None:
    for name in [name for name, export in _all().items() if export["StackId"] == stack_id and name not in new]:
        del _all()[name]


def _all() -> Any:
    from ministack.services.cloudformation import _exports  # noqa: PLC0415 - imported on first use

    return _exports


def _name(stack_id: str) -> str:
    return stack_id.split("/")[1]


def _importers(export_name: str) -> list[str]:
    from ministack.services.cloudformation import _stacks, handlers  # noqa: PLC0415 - imported on first use

    return [
        stack["StackName"]
        for stack in _stacks.values()
        if stack["StackStatus"] != "DELETE_COMPLETE"
        and export_name in handlers._imported_export_names(stack, stack["StackName"])  # noqa: SLF001 - its walk
    ]
