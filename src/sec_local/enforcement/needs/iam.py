"""IAM: the resource is what the action's resource type says, the name of it a parameter.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sec_local.enforcement import tags
from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context
from sec_local.enforcement.entities import entity_of
from sec_local.enforcement.need import Need
from sec_local.enforcement.reference import action_of
from sec_local.iam import stores
from sec_local.iam.wire import members, parameter, tags_of

if TYPE_CHECKING:
    from sec_local.call import Call

Params = dict[str, Any]

# Resource type -> the parameters that may name it, as a name or as an ARN.
_NAMED_BY = {
    "user": ("UserName", "PolicySourceArn"),
    "group": ("GroupName", "PolicySourceArn"),
    "role": ("RoleName", "PolicySourceArn"),
    "policy": ("PolicyArn", "PolicyName"),
    "instance-profile": ("InstanceProfileName",),
    "mfa": ("SerialNumber", "VirtualMFADeviceName"),
    "saml-provider": ("SAMLProviderArn", "Name"),
    "oidc-provider": ("OpenIDConnectProviderArn", "Url"),
    "server-certificate": ("ServerCertificateName",),
}
_KINDS = {"user": "User", "group": "Group", "role": "Role", "instance-profile": "InstanceProfile"}
_TAGGED = {
    **{kind: kind for kind in ("Role", "User", "Policy", "InstanceProfile", "SAMLProvider", "OpenIDConnectProvider")},
    "VirtualMFADevice": "MFADevice",
}
"""What can be tagged when it is created -> how the action is called that tags it."""
_NEW_NAMES = {"UpdateUser": ("user", "NewUserName"), "UpdateGroup": ("group", "NewGroupName")}


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """The action itself, what tags and a passed role add, and the name that a rename leads to."""
    return needs_of_action(call.operation, call.form, caller)


def needs_of_action(operation: str, params: Params, caller: Caller) -> list[Need]:
    """The same for an action that somebody else asks IAM for on the caller's behalf."""
    action = f"iam:{operation}"
    resource = _resource(action, params, caller)
    given = tags.of_list(tags_of(params))
    keys = (
        keys_of_record(resource)
        | _keys(params)
        | (_removed(params) if operation.startswith("Untag") else tags.request_tags(given))
    )
    found = [Need(action, resource, keys)]
    kind = operation.removeprefix("Create")
    if given and operation.startswith("Create") and kind in _TAGGED:
        found.append(Need(f"iam:Tag{_TAGGED[kind]}", resource, keys))
    if operation == "AddRoleToInstanceProfile":
        role = arn_of("role", parameter(params, "RoleName"), caller)
        found.append(pass_role(role, "ec2.amazonaws.com"))
    return found + _renamed(operation, params, caller, resource)


def pass_role(role: str, service: str) -> Need:
    """Handing a role over to a service.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Need("iam:PassRole", role, Context({"iam:PassedToService": service}))


def arn_of(kind: str, name: str, caller: Caller, path: str = "/") -> str:
    """The ARN of something by its name; `path` is what it would get where it is not there yet."""
    if name.startswith("arn:"):
        return name
    record = stores.store(_KINDS[kind]).get(name) if kind in _KINDS else None
    return str(record["Arn"]) if record else f"arn:aws:iam::{caller.principal.account}:{kind}{path or '/'}{name}"


def _resource(action: str, params: Params, caller: Caller) -> str:
    known = action_of(action)
    if known is not None and not known.resource_types:
        return "*"
    kinds = [kind for kind in (known.resource_types if known else _NAMED_BY) if kind in _NAMED_BY]
    for kind in kinds:
        for name in _NAMED_BY[kind]:
            if value := parameter(params, name):
                return arn_of(kind, value, caller, parameter(params, "Path"))
    if action == "iam:CreateServiceLinkedRole":
        service = parameter(params, "AWSServiceName")
        return f"arn:aws:iam::{caller.principal.account}:role/aws-service-role/{service}/*"
    # Without a name it is about whoever asks.
    return caller.principal.entity if "user" in kinds else "*"


def keys_of_record(resource: str) -> Context:
    """What a user, role or policy has now: its boundary and its tags."""
    entity = entity_of(resource)
    record = (stores.store(entity.kind).get(entity.name) if entity else stores.policy(resource)) or {}
    held = Context({"iam:PermissionsBoundary": record.get("PermissionsBoundary") or None})
    return held | tags.resource_tags(tags.of_list(record.get("Tags") or []), "iam:ResourceTag/")


def _keys(params: Params) -> Context:
    """What is to be: another boundary than the one that is there now is the one that counts."""
    return Context(
        {
            "iam:PolicyARN": parameter(params, "PolicyArn") or None,
            "iam:PermissionsBoundary": parameter(params, "PermissionsBoundary") or None,
            "iam:AWSServiceName": parameter(params, "AWSServiceName") or None,
        }
    )


def _removed(params: Params) -> Context:
    return tags.removed_tags(members(params, "TagKeys"))


def _renamed(operation: str, params: Params, caller: Caller, resource: str) -> list[Need]:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html: both the old and the new one."""
    if operation not in _NEW_NAMES:
        return []
    kind, new_name = _NEW_NAMES[operation]
    name = parameter(params, new_name) or resource.rpartition("/")[2]
    path = parameter(params, "NewPath") or "/" + resource.partition(f":{kind}/")[2].rpartition("/")[0] + "/"
    target = f"arn:aws:iam::{caller.principal.account}:{kind}{path.replace('//', '/')}{name}"
    return [Need(f"iam:{operation}", target)] if target != resource else []
