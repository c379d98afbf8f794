"""UpdateUser, which MiniStack lacks, and the caller's own user where none is named.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
"""

from __future__ import annotations

from sec_local.iam.stores import groups_of, store
from sec_local.iam.wire import Answer, Params, add_action, error, parameter, replace_action, result

_OF_THE_CALLER = (
    "GetUser", "CreateAccessKey", "ListAccessKeys", "DeleteAccessKey", "UpdateAccessKey", "ListMFADevices",
    "GetLoginProfile",
)  # fmt: skip
"""Actions that mean the user who signed the call where `UserName` is left out."""


def install() -> None:
    """Add the action, and the caller's name where it is meant."""
    add_action("UpdateUser", _update_user)
    for action in _OF_THE_CALLER:
        replace_action(action, lambda handler: lambda params: handler(_with_caller(params)))


def _with_caller(params: Params) -> Params:
    from sec_local.gateway import CURRENT  # noqa: PLC0415 - avoids a circle

    call = CURRENT.get()
    if parameter(params, "UserName") or call is None:
        return params
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    key = iam._access_keys.get(call.access_key)  # noqa: SLF001 - its store
    return {**params, "UserName": [key["UserName"]]} if key else params


def _update_user(params: Params) -> Answer:
    name = parameter(params, "UserName")
    new_name = parameter(params, "NewUserName", name)
    users = store("User")
    if name not in users:
        return error("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    if new_name.lower() != name.lower() and any(one.lower() == new_name.lower() for one in users):
        return error("EntityAlreadyExists", f"User with name {new_name} already exists.", 409)
    _move(name, new_name, parameter(params, "NewPath", users[name].get("Path", "/")))
    return result("UpdateUser")


def _move(name: str, new_name: str, path: str) -> None:
    """The user under its new name, with everything that hangs on the old one."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    for group in groups_of(name):
        group["Users"] = [new_name if member == name else member for member in group["Users"]]
    user = store("User").pop(name)
    user.update(UserName=new_name, Path=path, Arn=f"{user['Arn'].split(':user')[0]}:user{path}{new_name}")
    store("User")[new_name] = user
    for by_name in (iam._user_inline_policies, iam._login_profiles):  # noqa: SLF001 - its stores
        if name in by_name:
            by_name[new_name] = by_name.pop(name)
    for key in iam._access_keys.values():  # noqa: SLF001 - the same
        if key["UserName"] == name:
            key["UserName"] = new_name
    for device in iam._mfa_devices.values():  # noqa: SLF001 - the same
        if device.get("User") == name:
            device["User"] = new_name
