"""AWS::IAM::Group.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.cloudformation.principals import Principal, reconcile, strip
from sec_local.cloudformation.resources import Undo
from sec_local.iam.request import IamError, ask

if TYPE_CHECKING:
    from sec_local.cloudformation.resources import Made, Properties


class GroupHandler:
    """`Ref` is the name; `Fn::GetAtt` knows `Arn`. Path and policies change in place."""

    def create(self, name: str, properties: Properties) -> Made:
        """CreateGroup, then its policies."""
        with Undo() as undo:
            ask("CreateGroup", GroupName=name, Path=properties.get("Path"))
            undo.add(lambda: ask("DeleteGroup", GroupName=name))
            reconcile(Principal("Group", name), {}, properties, undo)
        return self._made(name)

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """UpdateGroup for the path, then the policies."""
        self._require(physical_id)
        with Undo() as undo:
            if old.get("Path", "/") != new.get("Path", "/"):
                ask("UpdateGroup", GroupName=physical_id, NewPath=new.get("Path", "/"))
                undo.add(lambda: ask("UpdateGroup", GroupName=physical_id, NewPath=old.get("Path", "/")))
            reconcile(Principal("Group", physical_id), old, new, undo)
        return self._made(physical_id)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Its own policies, then DeleteGroup, which fails while it has members or policies of others."""
        if not _exists(physical_id):
            return
        _refuse_members(physical_id)
        strip(Principal("Group", physical_id), properties)
        ask("DeleteGroup", GroupName=physical_id)

    def _require(self, name: str) -> None:
        if not _exists(name):
            raise IamError("NoSuchEntity", f"The group with name {name} cannot be found.", 404)

    def _made(self, name: str) -> Made:
        from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

        return name, {"Arn": iam._groups[name]["Arn"]}  # noqa: SLF001 - its store


def _exists(name: str) -> bool:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    return name in iam._groups  # noqa: SLF001 - its store


def _refuse_members(name: str) -> None:
    """Before anything is taken off: a group that can't go keeps its policies."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    if iam._groups[name].get("Users"):  # noqa: SLF001 - its store
        raise IamError("DeleteConflict", "Cannot delete entity, must remove users from group first.", 409)
