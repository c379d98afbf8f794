"""AWS::IAM::Role.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.principals import Principal, reconcile, strip
from sec_local.cloudformation.resources import Undo
from sec_local.iam.request import IamError, ask, document_text

if TYPE_CHECKING:
    from sec_local.cloudformation.resources import Made, Properties

_DEFAULT_SESSION = 3600


class RoleHandler:
    """`Ref` is the name; `Fn::GetAtt` knows `Arn` and `RoleId`. All but name and path changes in place."""

    def create(self, name: str, properties: Properties) -> Made:
        """CreateRole with everything it takes, then its policies."""
        with Undo() as undo:
            ask(
                "CreateRole",
                RoleName=name,
                Path=properties.get("Path"),
                AssumeRolePolicyDocument=document_text(properties.get("AssumeRolePolicyDocument", {})),
                Description=properties.get("Description"),
                MaxSessionDuration=properties.get("MaxSessionDuration"),
                PermissionsBoundary=properties.get("PermissionsBoundary"),
                Tags=properties.get("Tags"),
            )
            undo.add(lambda: ask("DeleteRole", RoleName=name))
            reconcile(Principal("Role", name), {}, properties, undo)
        return self._made(name)

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """One IAM call per property that differs."""
        self._require(physical_id)
        with Undo() as undo:
            for step in (_trust, _description_and_session, _boundary, _tags):
                step(physical_id, old, new)
                undo.add(partial(step, physical_id, new, old))
            reconcile(Principal("Role", physical_id), old, new, undo)
        return self._made(physical_id)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Its own policies, then DeleteRole, which fails on policies of others and instance profiles."""
        from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

        if physical_id not in iam._roles:  # noqa: SLF001 - its store
            return
        for profile in iam._instance_profiles.values():  # noqa: SLF001 - the same
            if physical_id in profile.get("Roles", []):
                raise IamError(
                    "DeleteConflict",
                    "Cannot delete entity, must remove roles from instance profile first.",
                    409,
                )
        strip(Principal("Role", physical_id), properties)
        ask("DeleteRole", RoleName=physical_id)

    def _require(self, name: str) -> None:
        from ministack.services import iam  # noqa: PLC0415 - the same

        if name not in iam._roles:  # noqa: SLF001 - its store
            raise IamError("NoSuchEntity", f"The role with name {name} cannot be found.", 404)

    def _made(self, name: str) -> Made:
        from ministack.services import iam  # noqa: PLC0415 - the same

        role = iam._roles[name]  # noqa: SLF001 - its store
        return name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}


def _trust(name: str, old: Properties, new: Properties) -> None:
    key = "AssumeRolePolicyDocument"
    if old.get(key) != new.get(key):
        ask("UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=document_text(new.get(key, {})))


def _description_and_session(name: str, old: Properties, new: Properties) -> None:
    changed: dict[str, Any] = {}
    if old.get("Description", "") != new.get("Description", ""):
        changed["Description"] = new.get("Description", "")
    if old.get("MaxSessionDuration", _DEFAULT_SESSION) != new.get("MaxSessionDuration", _DEFAULT_SESSION):
        changed["MaxSessionDuration"] = new.get("MaxSessionDuration", _DEFAULT_SESSION)
    if changed:
        ask("UpdateRole", RoleName=name, **changed)


def _boundary(name: str, old: Properties, new: Properties) -> None:
    before, after = old.get("PermissionsBoundary"), new.get("PermissionsBoundary")
    if after and before != after:
        ask("PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=after)
    elif before and not after:
        ask("DeleteRolePermissionsBoundary", RoleName=name)


def _tags(name: str, old: Properties, new: Properties) -> None:
    before = {tag["Key"]: tag["Value"] for tag in old.get("Tags") or []}
    after = {tag["Key"]: tag["Value"] for tag in new.get("Tags") or []}
    if gone := [key for key in before if key not in after]:
        ask("UntagRole", RoleName=name, TagKeys=gone)
    if set_now := [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]:
        ask("TagRole", RoleName=name, Tags=set_now)
