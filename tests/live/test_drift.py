"""A template, resolved, and an account -> what differs; no AWS in sight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sec_provisioner.live.deployed import LiveParameter, LiveState, RoleSettings
from sec_provisioner.live.drift import ResourceDrift, find_drift
from sec_provisioner.live.identity import LiveAccount, LiveGroup, LivePolicy, LiveRole, LiveUser
from support.configs import built, master
from support.live_states import live_as_deployed, resources_of

ARN = "arn:aws:iam::123456789012"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def document(*actions: str, **more: Any) -> dict[str, Any]:
    statement = {"Sid": "One", "Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
GROUP_PROPERTIES: dict[str, Any] = {
    "GroupName": "readers",
    "Path": "/",
    "ManagedPolicyArns": [AUDIT],
    "Policies": [{"PolicyName": "permissions", "PolicyDocument": document("s3:GetObject", "s3:ListBucket")}],
}
ROLE_PROPERTIES: dict[str, Any] = {
    "RoleName": "worker",
    "Description": "Works",
    "AssumeRolePolicyDocument": TRUST,
    "MaxSessionDuration": 3600,
    "PermissionsBoundary": AUDIT,
    "Tags": [{"Key": "owner", "Value": "security"}],
}
RESOURCES: dict[str, Any] = {
    "Group": {"Type": "AWS::IAM::Group", "Properties": GROUP_PROPERTIES},
    "Role": {"Type": "AWS::IAM::Role", "Properties": ROLE_PROPERTIES},
    "Policy": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"ManagedPolicyName": "level", "PolicyDocument": document("s3:GetObject")},
    },
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/security/x/a", "Value": "v"}},
}
GROUP = LiveGroup(
    "readers",
    f"{ARN}:group/readers",
    inline={"permissions": document("s3:GetObject", "s3:ListBucket")},
    attached=(AUDIT,),
)
ROLE = LiveRole("worker", f"{ARN}:role/worker", trust=TRUST, boundary=AUDIT, tags={"owner": "security", "stem": "x"})
POLICY = LivePolicy("level", f"{ARN}:policy/level", document=document("s3:GetObject"))
SETTINGS = RoleSettings("Works", 3600)
STACK_TAGS = {"stem": "x"}


def drift(  # noqa: PLR0913 - each a part of the account, all by name
    *,
    resources: dict[str, Any] | None = None,
    group: LiveGroup | None = GROUP,
    role: LiveRole | None = ROLE,
    policy: LivePolicy | None = POLICY,
    settings: RoleSettings | None = SETTINGS,
    value: str | None = "v",
    kind: str = "String",
    users: tuple[LiveUser, ...] = (),
) -> dict[str, ResourceDrift]:
    account = LiveAccount(
        groups=(group,) if group else (),
        roles=(role,) if role else (),
        users=users,
        policies=(policy,) if policy else (),
    )
    parameters = () if value is None else (LiveParameter("/security/x/a", kind, value),)
    live = LiveState(account, {"worker": settings} if settings else {}, parameters)
    return {one.logical_id: one for one in find_drift(resources or RESOURCES, live, STACK_TAGS)}


def differing(**account: Any) -> list[tuple[str, str, str, str]]:
    return [
        (one.logical_id, one.status, each.property, each.kind)
        for one in drift(**account).values()
        for each in one.differences
    ]


def test_an_account_as_deployed_is_in_sync() -> None:
    assert {one.status for one in drift().values()} == {"in_sync"}


@pytest.mark.parametrize(
    "same",
    [
        document("s3:ListBucket", "s3:GetObject"),
        document("S3:getobject", "s3:LISTBUCKET"),
        document("s3:GetObject", "s3:ListBucket", "s3:GetObject"),
        document("s3:GetObject", "s3:ListBucket", Resource=["*"]),
        {**document(), "Statement": document("s3:GetObject", "s3:ListBucket")["Statement"][0]},
    ],
    ids=["order", "letter case", "repeats", "a list of one", "one statement"],
)
def test_a_document_that_says_the_same_is_no_drift(same: dict[str, Any]) -> None:
    assert differing(group=replace(GROUP, inline={"permissions": same})) == []


GROUP_EDITS: list[tuple[dict[str, Any], str, str]] = [
    ({"inline": {"permissions": document("s3:*")}}, "Policies[permissions]", "changed"),
    ({"inline": {"permissions": {"odd": 1}}}, "Policies[permissions]", "changed"),
    ({"inline": {}}, "Policies[permissions]", "missing"),
    ({"inline": {**GROUP.inline, "more": document("s3:*")}}, "Policies[more]", "extra"),
    ({"attached": ()}, "ManagedPolicyArns", "missing"),
    ({"attached": (AUDIT, "arn:x")}, "ManagedPolicyArns", "extra"),
    ({"path": "/elsewhere/"}, "Path", "changed"),
]


@pytest.mark.parametrize(("edit", "name", "kind"), GROUP_EDITS)
def test_what_was_done_to_a_group_is_found(edit: dict[str, Any], name: str, kind: str) -> None:
    assert differing(group=replace(GROUP, **edit)) == [("Group", "changed", name, kind)]


ROLE_EDITS: list[tuple[dict[str, Any], str, str]] = [
    ({"trust": document("sts:AssumeRole")}, "AssumeRolePolicyDocument", "changed"),
    ({"inline": {"more": document("s3:*")}}, "Policies[more]", "extra"),
    ({"attached": ("arn:x",)}, "ManagedPolicyArns", "extra"),
    ({"boundary": None}, "PermissionsBoundary", "missing"),
    ({"boundary": "arn:x"}, "PermissionsBoundary", "changed"),
    ({"path": "/elsewhere/"}, "Path", "changed"),
    ({"tags": {"stem": "x"}}, "Tags[owner]", "missing"),
    ({"tags": {**ROLE.tags, "stem": "y"}}, "Tags[stem]", "changed"),
    ({"tags": {**ROLE.tags, "note": ""}}, "Tags[note]", "extra"),
]


@pytest.mark.parametrize(("edit", "name", "kind"), ROLE_EDITS)
def test_what_was_done_to_a_role_is_found(edit: dict[str, Any], name: str, kind: str) -> None:
    assert differing(role=replace(ROLE, **edit)) == [("Role", "changed", name, kind)]


def test_tags_that_aws_puts_on_are_no_drift() -> None:
    assert differing(role=replace(ROLE, tags={**ROLE.tags, "aws:cloudformation:stack-name": "x"})) == []


@pytest.mark.parametrize(
    ("settings", "name", "kind"),
    [
        (RoleSettings("Other", 3600), "Description", "changed"),
        (RoleSettings("", 3600), "Description", "missing"),
        (RoleSettings("Works", 43200), "MaxSessionDuration", "changed"),
    ],
)
def test_settings_of_a_role_are_compared(settings: RoleSettings, name: str, kind: str) -> None:
    assert differing(settings=settings) == [("Role", "changed", name, kind)]


def test_a_role_that_the_list_did_not_have_is_partly_not_checked() -> None:
    found = drift(settings=None)["Role"]
    assert (found.status, [one.property for one in found.not_checked]) == (
        "not_checked",
        ["Description", "MaxSessionDuration"],
    )
    assert all(one.reason for one in found.not_checked)


def test_policies_and_parameters_are_compared() -> None:
    changed = replace(POLICY, document=document("s3:*"))
    assert differing(policy=changed, value="w") == [
        ("Policy", "changed", "PolicyDocument", "changed"),
        ("Parameter", "changed", "Value", "changed"),
    ]


def test_what_is_gone_is_missing() -> None:
    found = drift(group=None, role=None, policy=None, value=None)
    assert {one.status for one in found.values()} == {"missing"}


def test_a_policy_attached_to_somebody_outside_is_told_apart_from_what_deploy_would_set_back() -> None:
    outsider = LiveUser("anna", f"{ARN}:user/anna", attached=(POLICY.arn,))
    found = drift(users=(outsider,))["Policy"]
    assert (found.status, found.differences) == ("in_sync", ())
    told = found.with_outside()
    assert (told.status, [(one.property, one.kind, one.severity) for one in told.differences]) == (
        "changed",
        [("AttachedTo[user/anna]", "extra", "error")],
    )


def test_what_only_aws_knows_and_other_types_are_not_checked_with_a_reason() -> None:
    unknown = {"Fn::ImportValue": "x"}
    resources = {
        "Group": {"Type": "AWS::IAM::Group", "Properties": {**GROUP_PROPERTIES, "ManagedPolicyArns": [unknown]}},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Nameless": {"Type": "AWS::IAM::Role", "Properties": {}},
    }
    found = drift(resources=resources)
    assert {one.status for one in found.values()} == {"not_checked"}
    assert all(each.reason for one in found.values() for each in one.not_checked)


def test_a_name_in_other_letter_case_is_a_change_of_the_name_alone() -> None:
    renamed = replace(GROUP, name="Readers", arn=f"{ARN}:group/Readers")
    assert differing(group=renamed) == [("Group", "changed", "GroupName", "changed")]
    named = {**RESOURCES["Parameter"], "Properties": {"Name": "/security/x/A", "Value": "v"}}
    assert drift(resources={"Parameter": named})["Parameter"].status == "missing"


def test_another_type_of_parameter_is_found_and_what_is_encrypted_is_not_compared() -> None:
    assert differing(kind="StringList") == [("Parameter", "changed", "Type", "changed")]
    encrypted = drift(kind="SecureString", value="AQICAH")["Parameter"]
    assert [one.property for one in encrypted.differences] == ["Type"]
    assert [one.property for one in encrypted.not_checked] == ["Value"]
    assert "AQICAH" not in repr(encrypted)


def test_a_principal_that_was_deleted_is_explained() -> None:
    gone = {"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEID1234567"}, "Action": "sts:AssumeRole"}
    found = drift(role=replace(ROLE, trust={**TRUST, "Statement": [gone]}))["Role"]
    assert [one.property for one in found.differences] == ["AssumeRolePolicyDocument"]
    assert any("AROAEXAMPLEID1234567" in note and "role that was deleted" in note for note in found.notes)


def test_an_instance_profile_that_has_a_role_is_noted() -> None:
    found = drift(role=replace(ROLE, instance_profiles=("web",)))["Role"]
    assert (found.status, found.notes) == ("in_sync", ("in the instance profile web, which is not of this stack",))


DENYING = document("s3:*", Effect="Deny")
SEVERITIES: list[tuple[dict[str, Any], str]] = [
    ({"group": None}, "error"),
    ({"group": replace(GROUP, inline={**GROUP.inline, "more": document("s3:*")})}, "error"),
    ({"group": replace(GROUP, inline={})}, "warning"),
    ({"group": replace(GROUP, attached=(AUDIT, "arn:x"))}, "error"),
    ({"group": replace(GROUP, attached=())}, "warning"),
    ({"role": replace(ROLE, boundary=None)}, "error"),
    ({"role": replace(ROLE, tags={"stem": "x"})}, "warning"),
    ({"settings": RoleSettings("Works", 43200)}, "error"),
    ({"settings": RoleSettings("Works", 900)}, "warning"),
    ({"settings": RoleSettings("Other", 3600)}, "info"),
    ({"value": "w"}, "warning"),
]


@pytest.mark.parametrize(("edit", "severity"), SEVERITIES)
def test_what_lets_somebody_do_more_is_worse_than_what_takes_away(edit: dict[str, Any], severity: str) -> None:
    (found,) = [each for one in drift(**edit).values() for each in one.differences]
    assert found.severity == severity


def test_a_denial_that_is_gone_lets_somebody_do_more() -> None:
    inline = {"PolicyName": "limits", "PolicyDocument": DENYING}
    resources = {"Group": {**RESOURCES["Group"], "Properties": {**GROUP_PROPERTIES, "Policies": [inline]}}}
    found = drift(resources=resources)["Group"].differences
    assert {(one.property, one.severity) for one in found} == {
        ("Policies[limits]", "error"),
        ("Policies[permissions]", "error"),
    }
    attached = {**GROUP_PROPERTIES, "ManagedPolicyArns": [AUDIT, POLICY.arn]}
    (lost,) = drift(
        resources={"Group": {**RESOURCES["Group"], "Properties": attached}}, policy=replace(POLICY, document=DENYING)
    )["Group"].differences
    assert (lost.kind, lost.severity) == ("missing", "error")


def test_whom_a_policy_holds_back_is_noted() -> None:
    bounded = LiveUser("anna", f"{ARN}:user/people/anna", boundary=POLICY.arn)
    found = drift(users=(bounded,))["Policy"]
    assert (found.status, found.notes) == ("in_sync", ("it is the permissions boundary of user/anna",))


@pytest.mark.parametrize("tier", ["startup", "medium", "enterprise"])
def test_a_masters_template_and_its_account_are_in_sync(tier: str) -> None:
    of = built(master(tier))
    found = find_drift(resources_of(of), live_as_deployed(of), of.model.tags)
    assert {one.status for one in found} == {"in_sync"}
    assert not any(one.notes or one.outside for one in found)
