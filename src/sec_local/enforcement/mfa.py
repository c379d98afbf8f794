"""Multi-factor authentication: a device of the caller's and a code.

Any six digits are a right code. What counts is whose the device is: enabled for the user who asks, or, where nobody
has made it, named after that user.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from sec_local.call import CURRENT
from sec_local.enforcement.entities import entity_of
from sec_local.iam.wire import parameter

if TYPE_CHECKING:
    from sec_local.call import Call
    from sec_local.enforcement.caller import Caller

MFA_AT = "_sec_local_mfa_at"
"""In a session of MiniStack's: when the second factor was given, in seconds since 1970."""

_CODE = re.compile(r"\d{6}")
_OPERATIONS = ("AssumeRole", "GetSessionToken")


def is_given(call: Call) -> bool:
    """Whether the call brings a second factor."""
    return bool(parameter(call.form, "SerialNumber") or parameter(call.form, "TokenCode"))


def problem(call: Call, caller: Caller) -> str | None:
    """Why the second factor is none, in STS's words."""
    if call.service != "sts" or call.operation not in _OPERATIONS or not is_given(call):
        return None
    if not _CODE.fullmatch(parameter(call.form, "TokenCode")):
        return "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "
    if not _is_of(caller, parameter(call.form, "SerialNumber")):
        return "MultiFactorAuthentication failed, unable to validate MFA code. "
    return None


def install() -> None:
    """Note in each new session whether a second factor was given for it."""
    from ministack.services import sts  # noqa: PLC0415 - MiniStack is imported on first use

    register = sts.register_session

    def register_with_mfa(access_key: str, session: dict[str, Any]) -> None:
        call = CURRENT.get()
        if call is not None and call.service == "sts" and is_given(call):
            session[MFA_AT] = time.time()
        register(access_key, session)

    sts.register_session = register_with_mfa


def _is_of(caller: Caller, serial: str) -> bool:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    entity = entity_of(caller.principal.entity)
    if caller.principal.is_root or entity is None:
        return caller.principal.is_root
    device = iam._mfa_devices.get(serial)  # noqa: SLF001 - its store
    own = f"arn:aws:iam::{entity.account}:mfa/{entity.name}"
    return bool(device["User"] == entity.name if device else serial == own)
