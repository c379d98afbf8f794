"""Resource import of groups and managed policies; MiniStack knows it of roles and parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sec_local.iam.stores import store

if TYPE_CHECKING:
    from collections.abc import Callable

    from sec_local.cloudformation.resources import Made

# Type -> IAM's kind of record, and the property that identifies one.
_TYPES = {
    "AWS::IAM::Group": ("Group", "GroupName"),
    "AWS::IAM::ManagedPolicy": ("Policy", "PolicyArn"),
    "AWS::IAM::User": ("User", "UserName"),
    "AWS::IAM::InstanceProfile": ("InstanceProfile", "InstanceProfileName"),
}


def install() -> None:
    """Add a lookup and an adoption for each."""
    from ministack.services.cloudformation import changesets, provisioners  # noqa: PLC0415 - on first use

    for kind, (record_kind, identifier) in _TYPES.items():
        changesets._IMPORT_LOOKUPS[kind] = ((identifier,), _lookup(record_kind))  # noqa: SLF001 - its table
        provisioners._RESOURCE_HANDLERS[kind]["import"] = _adoption(record_kind, identifier)  # noqa: SLF001 - the same


def _lookup(kind: str) -> Callable[[str], str | None]:
    def problem(name: str) -> str | None:
        if name in store(kind):
            return None
        return f"The {kind.lower()} with name {name} cannot be found. (Service: Iam, Status Code: 404)"

    return problem


def _adoption(kind: str, identifier: str) -> Callable[[dict[str, str]], Made]:
    def adopt(identifiers: dict[str, str]) -> Made:
        name = identifiers[identifier]
        record: dict[str, Any] = store(kind)[name]
        return name, {"Arn": record.get("Arn", name), "PolicyArn": name}

    return adopt
