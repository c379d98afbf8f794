"""Service-linked roles: names and paths that are theirs alone, and that nobody but their service changes.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html (UnmodifiableEntity)
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
"""

from __future__ import annotations

from sec_local.iam.stores import store
from sec_local.iam.wire import Answer, Params, error, guard, parameter

_PREFIX, _PATH = "AWSServiceRoleFor", "/aws-service-role/"
_CHANGES = (
    "AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "UpdateAssumeRolePolicy", "DeleteRole",
    "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "AddRoleToInstanceProfile",
)  # fmt: skip


def install() -> None:
    """Guard what makes roles and what changes them."""
    guard(("CreateRole",), _reserved)
    guard(_CHANGES, _protected)
    guard(("CreateServiceLinkedRole",), _taken)


def _reserved(params: Params) -> Answer | None:
    name, path = parameter(params, "RoleName"), parameter(params, "Path", "/")
    if not name.startswith(_PREFIX) and not path.startswith(_PATH):
        return None
    return error("InvalidInput", f"{name}: names and paths of service-linked roles are reserved for AWS services.")


def _protected(params: Params) -> Answer | None:
    name = parameter(params, "RoleName")
    if not (store("Role").get(name) or {}).get("Path", "").startswith(_PATH):
        return None
    message = f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
    return error("UnmodifiableEntity", message)


def _taken(params: Params) -> Answer | None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html: InvalidInput."""
    path = f"{_PATH}{parameter(params, 'AWSServiceName')}/"
    if not any(role.get("Path") == path for role in store("Role").values()):
        return None
    message = "Service role name has been taken in this account, please try a different suffix."
    return error("InvalidInput", message)
