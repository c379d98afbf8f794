"""Calls about a user without naming one mean the user who signed them; those that name one want it to be there.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
"""

from __future__ import annotations

from sec_local.call import CURRENT
from sec_local.iam.stores import store
from sec_local.iam.wire import Answer, Params, error, guard, parameter, replace_action

_OF_THE_CALLER = (
    "GetUser", "CreateAccessKey", "ListAccessKeys", "DeleteAccessKey", "UpdateAccessKey", "ListMFADevices",
    "GetLoginProfile",
)  # fmt: skip


def install() -> None:
    """Put the caller's name where it is meant."""
    guard(("ListMFADevices",), _must_exist)
    for action in _OF_THE_CALLER:
        replace_action(action, lambda handler: lambda params: handler(_with_caller(params)))


def _must_exist(params: Params) -> Answer | None:
    name = parameter(params, "UserName")
    if not name or name in store("User"):
        return None
    return error("NoSuchEntity", f"The user with name {name} cannot be found.", 404)


def _with_caller(params: Params) -> Params:
    call = CURRENT.get()
    if parameter(params, "UserName") or call is None:
        return params
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    key = iam._access_keys.get(call.access_key)  # noqa: SLF001 - its store
    return {**params, "UserName": [key["UserName"]]} if key else params
