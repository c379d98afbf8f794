"""What check-drift reads beside the account's IAM: settings of roles, and the stack's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_provisioner.aws.errors import explained
from sec_provisioner.live.deployed import DEFAULT_SESSION_SECONDS, LiveParameter, RoleSettings

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

_PARAMETERS_A_PAGE = 10


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
def fetch_parameters(aws: Aws, path: str) -> tuple[LiveParameter, ...]:
    """All parameters below a path, `/security/x/` and deeper, 10 a call; a SecureString stays encrypted.

    By path, not by name, so that one that somebody added is seen.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
    """
    pages = aws.ssm.get_paginator("get_parameters_by_path").paginate(
        Path=path.rstrip("/") or "/", Recursive=True, PaginationConfig={"PageSize": _PARAMETERS_A_PAGE}
    )
    return tuple(LiveParameter(one["Name"], one["Type"], one["Value"]) for page in pages for one in page["Parameters"])
