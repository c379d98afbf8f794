"""AWS::IAM::ManagedPolicy.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.principals import Principal
from sec_local.cloudformation.resources import Undo
from sec_local.iam.request import IamError, ask, document_text

if TYPE_CHECKING:
    from sec_local.cloudformation.resources import Made, Properties

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_VERSIONS_LIMIT = 5
_KINDS = {"Groups": "Group", "Roles": "Role", "Users": "User"}
_MADE_BY_STACK = "_sec_local_by_stack"


class ManagedPolicyHandler:
    """`Ref` is the ARN. A changed document becomes a new default version; attachments change in place."""

    def create(self, name: str, properties: Properties) -> Made:
        """CreatePolicy, then attach it to what the properties name."""
        with Undo() as undo:
            ask(
                "CreatePolicy",
                PolicyName=name,
                Path=properties.get("Path"),
                PolicyDocument=document_text(properties.get("PolicyDocument", {})),
                Description=properties.get("Description"),
            )
            arn = _arn_of(name, properties.get("Path") or "/")
            _mark_default(arn)
            undo.add(lambda: ask("DeletePolicy", PolicyArn=arn))
            _attach_changes(arn, {}, properties, undo)
        return self._made(arn)

    def update(self, physical_id: str, old: Properties, new: Properties) -> Made:
        """CreatePolicyVersion for the document, then the attachments."""
        _require(physical_id)
        with Undo() as undo:
            _attach_changes(physical_id, old, new, undo)
            if old.get("PolicyDocument") != new.get("PolicyDocument"):
                _make_room(physical_id)
                ask(
                    "CreatePolicyVersion",
                    PolicyArn=physical_id,
                    PolicyDocument=document_text(new.get("PolicyDocument", {})),
                    SetAsDefault="true",
                )
                _mark_default(physical_id)
        return self._made(physical_id)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Detach what the properties name, drop the versions that updates left, then DeletePolicy."""
        record = _record(physical_id)
        if record is None:
            return
        _refuse_foreign_use(physical_id, properties)
        for version in _own_old_versions(record):
            ask("DeletePolicyVersion", PolicyArn=physical_id, VersionId=version)
        with Undo() as undo:
            _attach_changes(physical_id, properties, {}, undo)
            ask("DeletePolicy", PolicyArn=physical_id)

    def _made(self, arn: str) -> Made:
        record: dict[str, Any] = _record(arn) or {}
        names = ("PolicyId", "AttachmentCount", "DefaultVersionId", "IsAttachable", "CreateDate", "UpdateDate")
        return arn, {
            "PolicyArn": arn,
            "PermissionsBoundaryUsageCount": 0,
            **{name: record.get(name) for name in names},
        }


def _record(arn: str) -> dict[str, Any] | None:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    record: dict[str, Any] | None = iam._policies.get(arn)  # noqa: SLF001 - its store
    return record


def _require(arn: str) -> dict[str, Any]:
    record = _record(arn)
    if record is None:
        raise IamError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
    return record


def _arn_of(name: str, path: str) -> str:
    from ministack.core.responses import get_account_id  # noqa: PLC0415 - the same

    return f"arn:aws:iam::{get_account_id()}:policy{path}{name}"


def _mark_default(arn: str) -> None:
    """Remember that the stack made the version that is now the default."""
    record = _require(arn)
    record["Versions"][record["DefaultVersionId"]][_MADE_BY_STACK] = True


def _own_old_versions(record: dict[str, Any]) -> list[str]:
    return [
        version["VersionId"]
        for version in record["Versions"].values()
        if version.get(_MADE_BY_STACK) and not version["IsDefaultVersion"]
    ]


def _make_room(arn: str) -> None:
    """Drop the oldest version that updates made where five are stored; those of others are never dropped."""
    record = _require(arn)
    own = _own_old_versions(record)
    if len(record["Versions"]) >= _VERSIONS_LIMIT and own:
        ask("DeletePolicyVersion", PolicyArn=arn, VersionId=own[0])


def _attach_changes(arn: str, old: Properties, new: Properties, undo: Undo) -> None:
    for key, kind in _KINDS.items():
        before, after = list(old.get(key) or []), list(new.get(key) or [])
        for name in [name for name in before if name not in after]:
            Principal(kind, name).detach(arn)
            undo.add(partial(Principal(kind, name).attach, arn))
        for name in [name for name in after if name not in before]:
            Principal(kind, name).attach(arn)
            undo.add(partial(Principal(kind, name).detach, arn))


def _refuse_foreign_use(arn: str, properties: Properties) -> None:
    """Before anything is detached: a policy that can't go keeps its attachments."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    stores = {"Groups": iam._groups, "Roles": iam._roles, "Users": iam._users}  # noqa: SLF001 - its stores
    for key, store in stores.items():
        own = set(properties.get(key) or [])
        for name, entity in store.items():
            if arn in entity.get("AttachedPolicies", []) and name not in own:
                raise IamError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
