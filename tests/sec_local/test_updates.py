"""Every property that changes in place: rows of `cases/sec_local/updates.yaml`, forth, back, and rolled back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jmespath
import pytest
import yaml

from support.stack_samples import Stacks, document, group, parameter, policy, role, statement, template, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

CASES = Path(__file__).parents[1] / "cases" / "sec_local" / "updates.yaml"
VALUES = {
    "READ_ONLY": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "AUDIT": "arn:aws:iam::aws:policy/SecurityAudit",
    "OTHER_TRUST": trust({"Service": "ec2.amazonaws.com"}),
    "OTHER_DOCUMENT": document(statement("s3:ListBucket")),
    "INLINE_A": {"PolicyName": "a", "PolicyDocument": document()},
    "INLINE_B": {"PolicyName": "b", "PolicyDocument": document()},
}
# Type -> the resource, and how the readers name it.
RESOURCES: dict[str, tuple[Any, dict[str, str]]] = {
    "Role": (role, {"RoleName": "runner"}),
    "Group": (group, {"GroupName": "readers"}),
    "ManagedPolicy": (policy, {"PolicyArn": "arn:aws:iam::{account}:policy/level"}),
    "Parameter": (parameter, {"Name": "/app/one"}),
    "User": (
        lambda **stated: {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann", **stated}},
        {"UserName": "ann"},
    ),
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "iam.get_account_authorization_details": {"Filter": ["LocalManagedPolicy"]},
    "ssm.describe_parameters": {},
    "ssm.list_tags_for_resource": {"ResourceType": "Parameter", "ResourceId": "/app/one"},
}


def rows() -> list[Any]:
    return [
        pytest.param(
            row,
            marks=pytest.mark.aws(section["page"], behaviour="a property that changes without interruption, and back"),
            id=f"{row['type']}-{'-'.join({**row['before'], **row['after']})}-{number}",
        )
        for section in yaml.safe_load(CASES.read_text(encoding="utf-8"))
        for number, row in enumerate(section["rows"])
    ]


def filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: filled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    return VALUES.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("row", rows())
def test_a_property_changes_and_goes_back(stacks: Stacks, aws: LocalAccount, row: dict[str, Any]) -> None:
    resource, named = RESOURCES[row["type"]]
    iam = aws.client("iam")
    iam.create_group(GroupName="holder")
    service, _, method = row["read"].partition(".")
    call = getattr(aws.client(service), method)
    name = {key: value.replace("{account}", aws.account_id) for key, value in named.items()}
    parameters = OTHERWISE.get(row["read"], name)

    def live() -> Any:
        return jmespath.search(row["path"], call(**parameters))

    before, after = (template(X=resource(**filled(row[when]))) for when in ("before", "after"))
    # A group whose name is taken fails the update once X has changed.
    failing = template(X=resource(**filled(row["after"])), Z={**group("holder"), "DependsOn": "X"})
    stacks.create(before)
    first = live()
    assert stacks.update(failing) == "UPDATE_ROLLBACK_COMPLETE"
    assert live() == first
    assert stacks.update(after) == "UPDATE_COMPLETE"
    assert live() == filled(row["found"]) != first
    assert stacks.update(before) == "UPDATE_COMPLETE"
    assert live() == first
