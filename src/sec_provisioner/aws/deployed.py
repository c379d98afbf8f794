"""What check-drift reads beside the account's IAM: settings of roles, and the stack's parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sec_provisioner.aws.errors import explained
from sec_provisioner.live.deployed import DEFAULT_SESSION_SECONDS, LiveParameter, RoleSettings

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

_NAMES_A_CALL = 10


@explained("list the account's roles")
def fetch_role_settings(aws: Aws) -> dict[str, RoleSettings]:
    """Role name -> description and session duration, 1,000 roles a page.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
    """
    pages = aws.iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1000})
    return {
        one["RoleName"]: RoleSettings(
            one.get("Description", ""), one.get("MaxSessionDuration", DEFAULT_SESSION_SECONDS)
        )
        for page in pages
        for one in page["Roles"]
    }


@explained("read the stack's parameters")
def fetch_parameters(aws: Aws, names: Sequence[str]) -> tuple[LiveParameter, ...]:
    """Those of the named parameters that there are, 10 a call; a SecureString stays encrypted.

    By name, not by path: CloudFormation needs GetParameters of the operator anyway.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
    """
    found: list[LiveParameter] = []
    for start in range(0, len(names), _NAMES_A_CALL):
        answer = aws.ssm.get_parameters(Names=list(names[start : start + _NAMES_A_CALL]))
        found.extend(LiveParameter(one["Name"], one["Type"], one["Value"]) for one in answer["Parameters"])
    return tuple(found)
