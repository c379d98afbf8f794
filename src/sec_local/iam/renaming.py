"""UpdateGroup and UpdateUser, which MiniStack lacks: name and path change, and what hangs on the name goes along.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sec_local.iam.stores import groups_of, store
from sec_local.iam.wire import Answer, Params, add_action, error, parameter, result

Carry = Callable[[str, str], None]
"""Hangs on the new name what hung on the old one."""


def install() -> None:
    """Add both actions."""
    for kind, carry in (("Group", _carry_group), ("User", _carry_user)):
        add_action(f"Update{kind}", _updating(kind, carry))


def _updating(kind: str, carry: Carry) -> Callable[[Params], Answer]:
    def update(params: Params) -> Answer:
        name = parameter(params, f"{kind}Name")
        new_name = parameter(params, f"New{kind}Name", name)
        records = store(kind)
        if name not in records:
            return error("NoSuchEntity", f"The {kind.lower()} with name {name} cannot be found.", 404)
        if new_name.lower() != name.lower() and any(one.lower() == new_name.lower() for one in records):
            return error("EntityAlreadyExists", f"{kind} with name {new_name} already exists.", 409)
        carry(name, new_name)
        record, word = records.pop(name), kind.lower()
        path = parameter(params, "NewPath", record.get("Path", "/"))
        arn = f"{record['Arn'].partition(f':{word}/')[0]}:{word}{path}{new_name}"
        record.update({f"{kind}Name": new_name, "Path": path, "Arn": arn})
        records[new_name] = record
        return result(f"Update{kind}")

    return update


def _carry_group(name: str, new_name: str) -> None:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    _rekey(iam._group_inline_policies, name, new_name)  # noqa: SLF001 - its store


def _carry_user(name: str, new_name: str) -> None:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    for group in groups_of(name):
        group["Users"] = [new_name if member == name else member for member in group["Users"]]
    _rekey(iam._user_inline_policies, name, new_name)  # noqa: SLF001 - its stores
    _rekey(iam._login_profiles, name, new_name)  # noqa: SLF001 - the same
    for key in iam._access_keys.values():  # noqa: SLF001 - the same
        if key["UserName"] == name:
            key["UserName"] = new_name
    for device in iam._mfa_devices.values():  # noqa: SLF001 - the same
        if device.get("User") == name:
            device["User"] = new_name


def _rekey(records: Any, name: str, new_name: str) -> None:
    if name in records:
        records[new_name] = records.pop(name)
