"""A description that is sent empty is taken away: MiniStack's reader of requests drops empty values.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
"""

from __future__ import annotations

from sec_local.call import CURRENT
from sec_local.iam.wire import Params, replace_action


def install() -> None:
    """Put back what was dropped."""
    for action in ("UpdateRole", "UpdateRoleDescription"):
        replace_action(action, lambda handler: lambda params: handler(_with_empty_description(params)))


def _with_empty_description(params: Params) -> Params:
    call = CURRENT.get()
    stated = call is not None and call.service == "iam" and "Description" in call.form
    return {**params, "Description": [""]} if stated and "Description" not in params else params
