"""deploy sets back what was changed by hand: listed first, then done, and check-drift finds nothing any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from sec_local.faults import Fault
from sec_provisioner.aws.properties import write_property
from sec_provisioner.errors import RefusedError
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.repair import Repairer
from sec_provisioner.live.findings import Difference
from support.console_edits import FOREIGN, delete_group, delete_role, document, trust
from support.small_stack import STEM, client, deploy, deployment_from, run_here, small_config
from support.tool import Ran, Tool

CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"
BOUNDARY = "permissions_boundary: 'arn:aws:iam::aws:policy/PowerUserAccess'"


@pytest.fixture
def tool(tool: Tool, account_id: str) -> Tool:
    tool.write_config(small_config(account_id, deployment=BOUNDARY))
    return tool


@pytest.fixture
def deployed(tool: Tool, account_id: str) -> Tool:
    deploy(deployment_from(small_config(account_id, deployment=BOUNDARY)))
    return tool


def run(tool: Tool, action: str, *flags: str) -> Ran:
    return tool(action, "--config", CONFIG, *flags)


def is_clean(tool: Tool) -> bool:
    return run(tool, "check-drift").code == 0


def restored(ran: Ran) -> list[tuple[str, str, str]]:
    """Name, property and kind of everything that is or would be set back."""
    return sorted(
        (one["name"], each["property"], each["kind"])
        for one in ran.document["result"]["restores"]
        for each in one["differences"]
    )


# --- edits by hand ------------------------------------------------------------------------------------


def group_policies() -> list[str]:
    found = client("iam").list_attached_group_policies(GroupName=READERS)["AttachedPolicies"]
    return [str(one["PolicyArn"]) for one in found]


def delete_policy() -> None:
    iam = client("iam")
    (arn,) = group_policies()
    for one in iam.list_entities_for_policy(PolicyArn=arn)["PolicyGroups"]:
        iam.detach_group_policy(GroupName=one["GroupName"], PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


def widen_policy() -> None:
    (arn,) = group_policies()
    client("iam").create_policy_version(PolicyArn=arn, PolicyDocument=document("s3:*"), SetAsDefault=True)


def fill_versions() -> None:
    for _ in range(4):
        widen_policy()


PARAMETER = f"/security/{STEM}/group-readers"
POLICY = "edge-prod-b001-policy-sta-s3-project-buckets-only"
EDITS: dict[str, tuple[Callable[[], Any], list[tuple[str, str, str]]]] = {
    "an inline policy added": (
        lambda: client("iam").put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=document("sns:*")),
        [(READERS, "Policies[more]", "extra")],
    ),
    "an inline policy rewritten": (
        lambda: client("iam").put_group_policy(
            GroupName=READERS, PolicyName="permissions", PolicyDocument=document("sns:*")
        ),
        [(READERS, "Policies[permissions]", "changed")],
    ),
    "an inline policy removed": (
        lambda: client("iam").delete_group_policy(GroupName=READERS, PolicyName="permissions"),
        [(READERS, "Policies[permissions]", "missing")],
    ),
    "a policy attached": (
        lambda: client("iam").attach_group_policy(GroupName=READERS, PolicyArn=FOREIGN),
        [(READERS, "ManagedPolicyArns", "extra")],
    ),
    "a policy detached": (
        lambda: client("iam").detach_group_policy(GroupName=READERS, PolicyArn=group_policies()[0]),
        [(READERS, "ManagedPolicyArns", "missing")],
    ),
    "a group's path": (
        lambda: client("iam").update_group(GroupName=READERS, NewPath="/elsewhere/"),
        [(READERS, "Path", "changed")],
    ),
    "a trust policy": (
        lambda: client("iam").update_assume_role_policy(RoleName=WORKER, PolicyDocument=trust("ec2.amazonaws.com")),
        [(WORKER, "AssumeRolePolicyDocument", "changed")],
    ),
    "a session and a description": (
        lambda: client("iam").update_role(RoleName=WORKER, MaxSessionDuration=43200, Description="By hand"),
        [(WORKER, "Description", "changed"), (WORKER, "MaxSessionDuration", "changed")],
    ),
    "a boundary removed": (
        lambda: client("iam").delete_role_permissions_boundary(RoleName=WORKER),
        [(WORKER, "PermissionsBoundary", "missing")],
    ),
    "another boundary": (
        lambda: client("iam").put_role_permissions_boundary(RoleName=WORKER, PermissionsBoundary=FOREIGN),
        [(WORKER, "PermissionsBoundary", "changed")],
    ),
    "a tag added": (
        lambda: client("iam").tag_role(RoleName=WORKER, Tags=[{"Key": "note", "Value": "x"}]),
        [(WORKER, "Tags[note]", "extra")],
    ),
    "a tag removed": (
        lambda: client("iam").untag_role(RoleName=WORKER, TagKeys=["owner"]),
        [(WORKER, "Tags[owner]", "missing")],
    ),
    "another default version": (widen_policy, [(POLICY, "PolicyDocument", "changed")]),
    "as many versions as there can be": (fill_versions, [(POLICY, "PolicyDocument", "changed")]),
    "a parameter's value": (
        lambda: client("ssm").put_parameter(Name=PARAMETER, Value="x", Overwrite=True),
        [(PARAMETER, "Value", "changed")],
    ),
    "a parameter's type": (
        lambda: client("ssm").put_parameter(Name=PARAMETER, Value="x", Type="SecureString", Overwrite=True),
        [(PARAMETER, "Type", "changed")],
    ),
    "a parameter deleted": (lambda: client("ssm").delete_parameter(Name=PARAMETER), [(PARAMETER, "", "missing")]),
    "a group deleted": (lambda: delete_group(client("iam"), READERS), [(READERS, "", "missing")]),
    "a role deleted": (lambda: delete_role(client("iam"), WORKER), [(WORKER, "", "missing")]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_listed_by_the_preview_and_set_back_by_deploy(deployed: Tool, edit: str) -> None:
    change, expected = EDITS[edit]
    change()
    shown = run(deployed, "show-changes", "--output", "json")
    assert (shown.code, shown.document["result"]["operation"]) == (0, "none")
    assert restored(shown) == expected
    done = run(deployed, "deploy", "--force", "--expect", shown.document["result"]["digest"], "--output", "json")
    assert done.code == 0, done.stderr
    assert restored(done) == expected
    assert done.document["result"]["set_back"]
    assert is_clean(deployed)
    again = run(deployed, "deploy", "--force", "--output", "json")
    assert (again.code, restored(again), again.document["result"]["set_back"]) == (0, [], [])


def test_a_deleted_policy_is_made_again_and_attached_to_those_who_had_it(deployed: Tool) -> None:
    before = group_policies()
    delete_policy()
    assert run(deployed, "deploy", "--force").code == 0
    assert group_policies() == before
    assert is_clean(deployed)


def test_with_keep_drift_nothing_is_set_back_and_what_stays_is_shown(deployed: Tool) -> None:
    EDITS["an inline policy added"][0]()
    ran = run(deployed, "deploy", "--force", "--keep-drift", "--output", "json")
    assert (ran.code, restored(ran)) == (0, [])
    assert [one["name"] for one in ran.document["result"]["kept_drift"]] == [READERS]
    assert not is_clean(deployed)
    text = run(deployed, "show-changes", "--keep-drift").stdout
    assert "stays as it is" in text
    assert "Policies[more]" in text


@pytest.mark.usefixtures("deployed")
def test_a_description_is_set_back_without_touching_the_session_and_the_other_way_round() -> None:
    aws, iam = run_here().aws, client("iam")
    iam.update_role(RoleName=WORKER, MaxSessionDuration=7200, Description="By hand")
    write_property(aws, "AWS::IAM::Role", WORKER, Difference("Description", "changed", "Works", "By hand"), {})
    assert iam.get_role(RoleName=WORKER)["Role"]["MaxSessionDuration"] == 7200
    write_property(aws, "AWS::IAM::Role", WORKER, Difference("MaxSessionDuration", "changed", 3600, 7200), {})
    role = iam.get_role(RoleName=WORKER)["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("Works", 3600)


# --- nothing is lost, nothing is written over ---------------------------------------------------------


def test_what_is_removed_is_on_disk_before_it_is_removed(deployed: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    EDITS["an inline policy added"][0]()
    kept: list[Any] = []

    def look(**_: Any) -> None:
        (file,) = (deployed.home / "reports").glob("*-deploy-*.json")
        kept.append(json.loads(file.read_text(encoding="utf-8")))

    listen(monkeypatch, "before-call.iam.DeleteGroupPolicy", look)
    ran = run(deployed, "deploy", "--force")
    assert ran.code == 0, ran.stderr
    expected = {"kind": "group", "principal": READERS, "policy": "more", "document": json.loads(document("sns:*"))}
    assert [one["result"]["removed_policies"] for one in kept] == [[expected]]
    assert kept[0]["status"] == "interrupted"
    assert (ran.report["status"], ran.report["result"]["removed_policies"]) == ("ok", [expected])


def listen(monkeypatch: pytest.MonkeyPatch, event: str, listener: Callable[..., Any]) -> None:
    """Hear of every request that is made from now on."""
    make = botocore.session.Session.create_client

    def heard(self: Any, *args: Any, **kwargs: Any) -> Any:
        made = make(self, *args, **kwargs)
        made.meta.events.register(event, listener)
        return made

    monkeypatch.setattr(botocore.session.Session, "create_client", heard)


def test_where_reports_can_t_be_written_nothing_is_removed(deployed: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    EDITS["an inline policy added"][0]()

    def vanish(**_: Any) -> None:
        for one in (deployed.home / "reports").iterdir():
            one.unlink()
        (deployed.home / "reports").rmdir()

    listen(monkeypatch, "before-call.iam.ListRoles", vanish)
    ran = run(deployed, "deploy", "--force")
    assert ran.code == 3
    assert "reports" in ran.stderr
    assert client("iam").get_group_policy(GroupName=READERS, PolicyName="more")


def edited_since(account_id: str, before: str, since: Callable[[], Any]) -> Repairer:
    """Edits by hand before the preview, and then one between preview and repair."""
    deployment = deployment_from(small_config(account_id, deployment=BOUNDARY))
    EDITS[before][0]()
    with prepared_change(run_here(), deployment) as (connected, plan):
        since()
    return Repairer(connected, plan.writes)


@pytest.mark.usefixtures("deployed")
def test_what_somebody_changed_since_the_preview_is_not_written_over(account_id: str) -> None:
    iam = client("iam")
    other = json.loads(document("sqs:*"))
    repairer = edited_since(
        account_id,
        "an inline policy added",
        lambda: iam.put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=json.dumps(other)),
    )
    with pytest.raises(RefusedError, match=r"somebody has changed the Group .*readers: Policies\[more\]"):
        repairer.before_update()
    assert iam.get_group_policy(GroupName=READERS, PolicyName="more")["PolicyDocument"] == other


@pytest.mark.usefixtures("deployed")
def test_what_has_become_right_since_the_preview_is_left_alone(account_id: str) -> None:
    repairer = edited_since(
        account_id,
        "a tag added",
        lambda: client("iam").untag_role(RoleName=WORKER, TagKeys=["note"]),
    )
    repairer.before_update()
    assert repairer.done == []


@pytest.mark.usefixtures("deployed")
def test_what_was_made_again_since_the_preview_is_looked_at_anew(account_id: str) -> None:
    repairer = edited_since(account_id, "a group deleted", lambda: client("iam").create_group(GroupName=READERS))
    with pytest.raises(RefusedError, match="somebody has changed the Group"):
        repairer.before_update()


# --- others, and together with an update --------------------------------------------------------------


def test_nothing_is_taken_from_anybody_outside_the_stack(deployed: Tool) -> None:
    iam = client("iam")
    iam.create_user(UserName="anna")
    (arn,) = group_policies()
    iam.attach_user_policy(UserName="anna", PolicyArn=arn)
    EDITS["a tag added"][0]()
    ran = run(deployed, "deploy", "--force")
    assert ran.code == 0
    assert "attached to user/anna, outside the stack" in ran.stderr
    assert [one["PolicyArn"] for one in iam.list_attached_user_policies(UserName="anna")["AttachedPolicies"]] == [arn]


def test_an_update_that_fails_gives_nothing_back_and_the_next_deploy_does(
    local_aws: Any, deployed: Tool, account_id: str
) -> None:
    EDITS["an inline policy removed"][0]()
    EDITS["a tag added"][0]()
    deployed.write_config(small_config(account_id, groups=("analysts", "readers", "writers"), deployment=BOUNDARY))
    local_aws.faults.add(Fault("resource", operation="create", resource="GroupWriters", message="No more groups"))
    ran = run(deployed, "deploy", "--force", "--output", "json")
    assert ran.code == 3
    assert [one for one in ran.document["result"]["set_back"] if "Tags[note]" in one]
    assert "Not set back, since the update failed" in ran.stderr
    assert client("iam").list_group_policies(GroupName=READERS)["PolicyNames"] == []
    assert run(deployed, "deploy", "--force").code == 0
    assert is_clean(deployed)


def test_what_was_deleted_and_is_changed_is_made_in_its_new_form(deployed: Tool, account_id: str) -> None:
    delete_group(client("iam"), READERS)
    delete_role(client("iam"), WORKER)
    text = small_config(account_id, deployment="").replace("sns:ListTopics", "sns:GetTopicAttributes")
    deployed.write_config(text.replace("description: Works", "description: Toils").replace("level1", "level2"))
    assert run(deployed, "deploy", "--force", "--keep-drift").code == 4
    ran = run(deployed, "deploy", "--force")
    assert ran.code == 0, ran.stderr
    assert is_clean(deployed)
    assert "PermissionsBoundary" not in client("iam").get_role(RoleName=WORKER)["Role"]


def test_without_a_question_answered_nothing_is_set_back(deployed: Tool) -> None:
    EDITS["a tag added"][0]()
    assert run(deployed, "deploy").code == 4
    assert run(deployed, "deploy", "--force", "--dry-run").code == 0
    shown = run(deployed, "deploy", "--dry-run")
    assert "changed by hand, will be set back" in shown.stdout
    assert "Tags[note]" in shown.stdout
    assert not is_clean(deployed)
