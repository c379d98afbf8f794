"""UpdateGroup and DeleteGroup.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """MiniStack has no UpdateGroup, and deletes groups that are in use."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    delete = iam._IAM_HANDLERS["DeleteGroup"]  # noqa: SLF001 - its table of actions
    iam._IAM_HANDLERS["UpdateGroup"] = _update_group  # noqa: SLF001 - the same

    def delete_unused(params: dict[str, Any]) -> Any:
        name = iam._p(params, "GroupName")  # noqa: SLF001 - its reader of parameters
        group = iam._groups.get(name)  # noqa: SLF001 - its store
        conflict = group and _in_use(iam, name, group)
        return iam._error(409, "DeleteConflict", conflict, ns="iam") if conflict else delete(params)  # noqa: SLF001

    iam._IAM_HANDLERS["DeleteGroup"] = delete_unused  # noqa: SLF001 - the same


def _in_use(iam: Any, name: str, group: dict[str, Any]) -> str | None:
    if group.get("Users"):
        return "Cannot delete entity, must remove users from group first."
    if group.get("AttachedPolicies"):
        return "Cannot delete entity, must detach all policies first."
    if iam._group_inline_policies.get(name):  # noqa: SLF001 - its store
        return "Cannot delete entity, must delete policies first."
    return None


def _update_group(params: dict[str, Any]) -> Any:
    from ministack.services import iam  # noqa: PLC0415 - the same

    name, new_name = iam._p(params, "GroupName"), iam._p(params, "NewGroupName")  # noqa: SLF001
    group = iam._groups.get(name)  # noqa: SLF001 - its store
    if group is None:
        message = f"The group with name {name} cannot be found."
        return iam._error(404, "NoSuchEntity", message, ns="iam")  # noqa: SLF001 - its errors
    if new_name and new_name.lower() != name.lower() and _taken(iam, new_name):
        message = f"Group with name {new_name} already exists."
        return iam._error(409, "EntityAlreadyExists", message, ns="iam")  # noqa: SLF001 - the same
    group["Path"] = iam._p(params, "NewPath") or group.get("Path", "/")  # noqa: SLF001
    if new_name and new_name != name:
        _rename(iam, name, new_name)
    final = new_name or name
    group["GroupName"] = final
    group["Arn"] = f"{group['Arn'].split(':group')[0]}:group{group['Path']}{final}"
    return iam._xml(200, "UpdateGroupResponse", "", ns="iam")  # noqa: SLF001 - its answers


def _taken(iam: Any, name: str) -> bool:
    return any(existing.lower() == name.lower() for existing in iam._groups)  # noqa: SLF001 - its store


def _rename(iam: Any, name: str, new_name: str) -> None:
    iam._groups[new_name] = iam._groups.pop(name)  # noqa: SLF001 - its store
    inline = iam._group_inline_policies.pop(name, None)  # noqa: SLF001 - the same
    if inline is not None:
        iam._group_inline_policies[new_name] = inline  # noqa: SLF001 - the same
