"""All other services: MiniStack's own reading of the request gives action and resource; roles in it are passed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sec_local.enforcement.caller import Caller
from sec_local.enforcement.need import Need
from sec_local.enforcement.needs.iam import pass_role

if TYPE_CHECKING:
    from sec_local.call import Call

_HANDING_OVER = ("Create", "Update", "Put", "Start", "Run", "Register", "Submit")
_NAME = re.compile(r"role(_?arn)?$", re.IGNORECASE)
_ROLE = re.compile(r"arn:[^:]+:iam::\d{12}:role/.+")
_PRINCIPALS = {"ecs": "ecs-tasks", "elasticloadbalancing": "ec2"}
"""Where the principal that gets the role is not called as the service's actions are."""


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """The action, and passing each role that it hands over; nothing for an address that belongs to no service."""
    from ministack.core import iam_actions  # noqa: PLC0415 - MiniStack is imported on first use

    request = (call.service, call.method, call.path, call.headers, call.body, call.form)
    action = iam_actions.extract_iam_action(*request)
    if not action:
        return []
    resource = iam_actions.extract_resource_arn(*request, call.region, caller.principal.account) or "*"
    service, _, name = action.partition(":")
    passed = _roles_in(call.json or call.form) if name.startswith(_HANDING_OVER) else ()
    principal = f"{_PRINCIPALS.get(service, service)}.amazonaws.com"
    return [Need(action, resource), *(pass_role(role, principal) for role in dict.fromkeys(passed))]


def _roles_in(value: Any) -> Iterator[str]:
    """ARNs of roles in parameters that are called so: `Role`, `roleArn`, `ExecutionRoleArn`."""
    if isinstance(value, list):
        for inner in value:
            yield from _roles_in(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if _NAME.search(name):
                yield from (one for one in (inner if isinstance(inner, list) else [inner]) if _is_role(one))
            yield from _roles_in(inner)


def _is_role(value: Any) -> bool:
    return isinstance(value, str) and _ROLE.fullmatch(value) is not None
