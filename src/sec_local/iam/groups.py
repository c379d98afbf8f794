"""UpdateGroup, which MiniStack lacks.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
"""

from __future__ import annotations

from sec_local.iam.stores import store
from sec_local.iam.wire import Answer, Params, add_action, error, parameter, result


def install() -> None:
    """Add the action."""
    add_action("UpdateGroup", _update_group)


def _update_group(params: Params) -> Answer:
    name = parameter(params, "GroupName")
    new_name = parameter(params, "NewGroupName", name)
    groups = store("Group")
    if name not in groups:
        return error("NoSuchEntity", f"The group with name {name} cannot be found.", 404)
    if new_name.lower() != name.lower() and any(one.lower() == new_name.lower() for one in groups):
        return error("EntityAlreadyExists", f"Group with name {new_name} already exists.", 409)
    _move(name, new_name, parameter(params, "NewPath", groups[name].get("Path", "/")))
    return result("UpdateGroup")


def _move(name: str, new_name: str, path: str) -> None:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    group = store("Group").pop(name)
    inline = iam._group_inline_policies.pop(name, None)  # noqa: SLF001 - its store
    group.update(GroupName=new_name, Path=path, Arn=f"{group['Arn'].split(':group')[0]}:group{path}{new_name}")
    store("Group")[new_name] = group
    if inline is not None:
        iam._group_inline_policies[new_name] = inline  # noqa: SLF001 - the same
