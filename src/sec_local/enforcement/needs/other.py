"""All other services: MiniStack's own reading of the request gives action and resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.enforcement.caller import Caller
from sec_local.enforcement.need import Need

if TYPE_CHECKING:
    from sec_local.call import Call


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """The action; nothing for an address of MiniStack's that belongs to no service of AWS."""
    from ministack.core import iam_actions  # noqa: PLC0415 - MiniStack is imported on first use

    request = (call.service, call.method, call.path, call.headers, call.body, call.form)
    action = iam_actions.extract_iam_action(*request)
    if not action:
        return []
    return [Need(action, iam_actions.extract_resource_arn(*request, call.region, caller.principal.account) or "*")]
