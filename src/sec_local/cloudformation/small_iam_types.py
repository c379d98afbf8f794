"""IAM types that say one thing each: a policy of a group, role or user, who is in a group, a user's key.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-accesskey.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-grouppolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-usertogroupaddition.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sec_local.cloudformation.principals import Principal
from sec_local.cloudformation.resources import Undo, register
from sec_local.iam.request import IamError, ask, document_text

if TYPE_CHECKING:
    from sec_local.cloudformation.resources import Made, Properties

_SEPARATOR = "|"


def install() -> None:
    """Register them; each is identified by what it names."""
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - imported on first use

    replacing = provisioners._REPLACING_PROPERTIES  # noqa: SLF001 - its table
    for kind in ("Group", "Role", "User"):
        register(f"AWS::IAM::{kind}Policy", InlinePolicyHandler(kind), name_property="PolicyName", name_limit=128)
        replacing[f"AWS::IAM::{kind}Policy"] = (f"{kind}Name", "PolicyName")
    register("AWS::IAM::AccessKey", AccessKeyHandler(), name_property="", name_limit=128)
    replacing["AWS::IAM::AccessKey"] = ("UserName", "Serial")
    register("AWS::IAM::UserToGroupAddition", MembershipHandler(), name_property="", name_limit=128)
    replacing["AWS::IAM::UserToGroupAddition"] = ()


class AccessKeyHandler:
    """AWS::IAM::AccessKey: `Ref` is the key's id, `Fn::GetAtt` knows `SecretAccessKey`."""

    def create(self, name: str, properties: Properties) -> Made:
        """CreateAccessKey; the key's id is not for us to choose."""
        from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

        del name
        before = set(iam._access_keys)  # noqa: SLF001 - its store
        ask("CreateAccessKey", UserName=properties["UserName"])
        key_id = next(key for key in iam._access_keys if key not in before)  # noqa: SLF001 - the same
        self._set_status(key_id, properties)
        return key_id, {"SecretAccessKey": iam._access_keys[key_id]["SecretAccessKey"]}  # noqa: SLF001 - the same

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """UpdateAccessKey: `Status` changes in place."""
        from ministack.services import iam  # noqa: PLC0415 - the same

        del old
        self._set_status(physical_id, new)
        return physical_id, {"SecretAccessKey": iam._access_keys[physical_id]["SecretAccessKey"]}  # noqa: SLF001

    def delete(self, physical_id: str, properties: Properties) -> None:
        """DeleteAccessKey; one that is gone is no error."""
        try:
            ask("DeleteAccessKey", UserName=properties["UserName"], AccessKeyId=physical_id)
        except IamError as refused:
            if refused.code != "NoSuchEntity":
                raise

    def _set_status(self, key_id: str, properties: Properties) -> None:
        status = properties.get("Status", "Active")
        ask("UpdateAccessKey", UserName=properties["UserName"], AccessKeyId=key_id, Status=status)


@dataclass(frozen=True)
class InlinePolicyHandler:
    """AWS::IAM::GroupPolicy, RolePolicy and UserPolicy. The physical id holds both names."""

    kind: str

    def create(self, name: str, properties: Properties) -> Made:
        """Put the policy."""
        owner = str(properties[f"{self.kind}Name"])
        Principal(self.kind, owner).put(name, document_text(properties.get("PolicyDocument", {})))
        return f"{name}{_SEPARATOR}{owner}", {}

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """Put the new document."""
        if old.get("PolicyDocument") != new.get("PolicyDocument"):
            self.create(physical_id.partition(_SEPARATOR)[0], new)
        return physical_id, {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the policy; its owner stays."""
        name, _, owner = physical_id.partition(_SEPARATOR)
        Principal(self.kind, str(properties.get(f"{self.kind}Name", owner))).drop(name)


class MembershipHandler:
    """AWS::IAM::UserToGroupAddition: `Users` are put into `GroupName`."""

    def create(self, name: str, properties: Properties) -> Made:
        """Add every user, or none."""
        with Undo() as undo:
            self._move({}, properties, undo)
        return name, {}

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """Take out who is no longer named, add who is named now."""
        with Undo() as undo:
            self._move(old, new, undo)
        return physical_id, {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Take all of them out; who is not in the group any more is no error."""
        del physical_id
        with Undo() as undo:
            self._move(properties, {}, undo)

    def _move(self, old: Properties, new: Properties, undo: Undo) -> None:
        before = {(str(old.get("GroupName")), user) for user in old.get("Users") or []}
        after = {(str(new.get("GroupName")), user) for user in new.get("Users") or []}
        for group, user in sorted(before - after):
            _remove(group, user)
            undo.add(partial(_add, group, user))
        for group, user in sorted(after - before):
            _add(group, user)
            undo.add(partial(_remove, group, user))


def _add(group: str, user: str) -> None:
    ask("AddUserToGroup", GroupName=group, UserName=user)


def _remove(group: str, user: str) -> None:
    try:
        ask("RemoveUserFromGroup", GroupName=group, UserName=user)
    except IamError as refused:
        if refused.code != "NoSuchEntity":
            raise
