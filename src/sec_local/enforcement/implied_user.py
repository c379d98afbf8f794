"""IAM calls of users about themselves need not say whom they are about.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
"""

from __future__ import annotations

from collections.abc import Callable

from sec_local.enforcement.caller import Caller, caller_of
from sec_local.enforcement.entities import entity_of
from sec_local.iam.wire import Answer, Params, parameter

_OPERATIONS = (
    "GetUser", "CreateAccessKey", "ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey", "ListMFADevices",
    "CreateLoginProfile", "GetLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile",
)  # fmt: skip


def install() -> None:
    """Name the user whose access key signed the call, where the call names none."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    table = iam._IAM_HANDLERS  # noqa: SLF001 - its table of actions
    for operation in _OPERATIONS:
        table[operation] = _named(table[operation])


def _named(handler: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def handle(params: Params) -> Answer:
        name = None if parameter(params, "UserName") else _caller_name()
        return handler({**params, "UserName": [name]} if name else params)

    return handle


def _caller_name() -> str | None:
    from sec_local.gateway import CURRENT  # noqa: PLC0415 - avoids a circle

    call = CURRENT.get()
    caller = caller_of(call) if call is not None and call.service == "iam" else None
    if not isinstance(caller, Caller) or caller.principal.kind != "user":
        return None
    entity = entity_of(caller.principal.entity)
    return entity.name if entity else None
