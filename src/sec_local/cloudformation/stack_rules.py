"""Which stacks can be created, updated and deleted, and when there is nothing to do.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (status codes)
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.wire import Answer, Params, error, find_stack, listed, parameter, replace_action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RESUMED = {"UPDATE_FAILED": "UPDATE_COMPLETE", "CREATE_FAILED": "CREATE_COMPLETE"}
"""What a failed stack is taken for by an update that goes on from where it stopped."""
# What an update can't change by itself:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html
_NO_CHANGE_BY_ITSELF = ("Metadata", "Description")


def install() -> None:
    """Wrap the three stack operations."""
    replace_action("CreateStack", _creating)
    replace_action("UpdateStack", _updating)
    replace_action("DeleteStack", _deleting)
    replace_action("CreateChangeSet", _keeping_deleted)


def _creating(create: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def create_stack(params: Params) -> Answer:
        name = parameter(params, "StackName")
        if refused := _two_templates(params):
            return refused
        if find_stack(name) is not None:
            return error("AlreadyExistsException", f"Stack [{name}] already exists")
        _file_deleted(name)
        answer = create(params)
        if answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
            _note(name, params)
        return answer

    return create_stack


def _two_templates(params: Params) -> Answer | None:
    given = [name for name in ("TemplateBody", "TemplateURL") if parameter(params, name)]
    if parameter(params, "UsePreviousTemplate").lower() == "true":
        given.append("UsePreviousTemplate")
    return error("ValidationError", f"Specify only one of {' and '.join(given)}.") if len(given) > 1 else None


def _retyped(stack: dict[str, Any], params: Params) -> Answer | None:
    """A logical id keeps its type: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html."""
    from ministack.services.cloudformation import engine, helpers  # noqa: PLC0415 - imported on first use

    body, refused = helpers._resolve_template(params)  # noqa: SLF001 - its reader of templates
    if not body or refused:
        return None
    try:
        new = engine._parse_template(body).get("Resources") or {}  # noqa: SLF001 - its parser
    except (ValueError, AttributeError):
        return None
    old = (stack.get("_template") or {}).get("Resources") or {}
    changed = [name for name in old if name in new and new[name].get("Type") != old[name].get("Type")]
    if not changed:
        return None
    return error(
        "ValidationError",
        "Update of resource type is not permitted. The new template modifies resource type of the following "
        f"resources: [{', '.join(changed)}]",
    )


def _keeping_deleted(create: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def create_change_set(params: Params) -> Answer:
        name = parameter(params, "StackName")
        _file_deleted(name)
        stack = find_stack(name)
        if stack is not None and stack["StackStatus"] == "CREATE_FAILED":
            _forget_what_was_not_made(stack)
        return _two_templates(params) or (_retyped(stack, params) if stack else None) or create(params)

    return create_change_set


def _file_deleted(name: str) -> None:
    """A deleted stack stays to be seen by its id when its name is used again."""
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415 - imported on first use

    before = _stacks.get(name)
    if before is not None and before["StackStatus"] == "DELETE_COMPLETE":
        _stacks[before["StackId"]] = _stacks.pop(name)


def _note(name: str, params: Params) -> None:
    from sec_local.cloudformation.express import config_of  # noqa: PLC0415 - avoids a circle

    stack = find_stack(name)
    if stack is not None:
        stack["RoleARN"] = parameter(params, "RoleARN") or stack.get("RoleARN")
        stack["_deployment_config"] = config_of(params)
        stack["_timeout"] = parameter(params, "TimeoutInMinutes") or stack.get("_timeout")
        stack["_notification_arns"] = listed(params, "NotificationARNs") or stack.get("_notification_arns")


def _updating(update: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def update_stack(params: Params) -> Answer:
        name = parameter(params, "StackName")
        stack = find_stack(name)
        if refused := _two_templates(params) or (_retyped(stack, params) if stack else None):
            return refused
        if stack is not None and stack["StackStatus"].endswith(("_IN_PROGRESS", "ROLLBACK_FAILED")):
            status = stack["StackStatus"]
            return error("ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated.")
        if stack is not None and stack["StackStatus"] in ("ROLLBACK_COMPLETE", "DELETE_FAILED"):
            status = stack["StackStatus"]
            return error("ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated.")
        with _retried(stack):
            answer = update(params)
        if answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
            _note(name, params)
        return answer

    return update_stack


@contextmanager
def _retried(stack: dict[str, Any] | None) -> Iterator[None]:
    """A stack whose operation failed without a rollback can be updated; MiniStack does not know that.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
    """
    before = stack["StackStatus"] if stack else ""
    if stack is None or before not in _RESUMED:
        yield
        return
    stack["StackStatus"] = _RESUMED[before]
    _forget_what_was_not_made(stack)
    yield
    if stack["StackStatus"] == _RESUMED[before]:
        stack["StackStatus"] = before


def _forget_what_was_not_made(stack: dict[str, Any]) -> None:
    """The template that a failed stack runs is the part of it that was made; the rest is a change still."""
    made, template = stack.get("_resources") or {}, stack.get("_template") or {}
    kept = {name: one for name, one in (template.get("Resources") or {}).items() if name in made}
    stack["_template"] = {**template, "Resources": kept}


def _deleting(delete: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def delete_stack(params: Params) -> Answer:
        stack = find_stack(parameter(params, "StackName"))
        status = stack["StackStatus"] if stack else ""
        if status == "DELETE_IN_PROGRESS":
            # A second DeleteStack joins the deletion that runs.
            return delete({**params, "StackName": ["-"]})
        if stack is not None and status.startswith("UPDATE_") and status.endswith("_IN_PROGRESS"):
            message = f"Stack [{stack['StackName']}] cannot be deleted while in status {status}"
            return error("ValidationError", message)
        return delete(params)

    return delete_stack


def without_inert_parts(template: dict[str, Any]) -> dict[str, Any]:
    """The template without the sections whose change alone is no update."""
    return {name: value for name, value in template.items() if name not in _NO_CHANGE_BY_ITSELF}


def hide_deleted() -> None:
    """A deleted stack is found by its id alone, wherever MiniStack looks for one."""
    from ministack.services.cloudformation import handlers  # noqa: PLC0415 - imported on first use

    resolve = handlers._resolve_stack  # noqa: SLF001 - its lookup

    def resolve_living(name: str) -> dict[str, Any] | None:
        stack: dict[str, Any] | None = resolve(name)
        gone = stack is not None and stack["StackStatus"] == "DELETE_COMPLETE" and stack["StackId"] != name
        return None if gone else stack

    handlers._resolve_stack = resolve_living  # noqa: SLF001 - the same


def ignore_inert_parts() -> None:
    """Let MiniStack's "No updates are to be performed" see past metadata and description."""
    from ministack.services.cloudformation import handlers  # noqa: PLC0415 - imported on first use

    has_no_updates = handlers._stack_has_no_updates  # noqa: SLF001 - its question

    def judged(stack: dict[str, Any], template: dict[str, Any], *rest: Any, **more: Any) -> Any:
        current = {**stack, "_template": without_inert_parts(stack.get("_template") or {})}
        return has_no_updates(current, without_inert_parts(template), *rest, **more)

    handlers._stack_has_no_updates = judged  # noqa: SLF001 - the same
