"""check-drift as an operator types it, on the local AWS: each kind of edit by hand is found."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from sec_local.faults import Fault
from support.console_edits import delete_group
from support.small_stack import STACK, STEM, client, deploy, deployment_from, small_config
from support.tool import Ran, Tool, make_tool

CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"
FOREIGN = "arn:aws:iam::aws:policy/SecurityAudit"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:*", "Resource": "*"}]})


@pytest.fixture
def tool(tmp_path: Path, account_id: str) -> Tool:
    made = make_tool(tmp_path / "sec")
    made.write_config(small_config(account_id))
    return made


@pytest.fixture
def deployed(tool: Tool, account_id: str) -> Tool:
    deploy(deployment_from(small_config(account_id)))
    return tool


def check(tool: Tool, *flags: str) -> Ran:
    return tool("check-drift", "--config", CONFIG, *flags)


def found(tool: Tool) -> list[tuple[str, str, str, str]]:
    """Name, status, property and kind of every difference."""
    ran = check(tool, "--output", "json")
    assert ran.code == 1, ran.stderr
    return [
        (one["name"], one["status"], each["property"], each["kind"])
        for one in ran.document["result"]["resources"]
        for each in one["differences"]
    ]


def test_straight_after_deploy_all_is_in_sync(deployed: Tool) -> None:
    ran = check(deployed, "--output", "json")
    assert ran.code == 0, ran.stdout
    summary = ran.document["result"]["summary"]
    assert summary.pop("in_sync") > 5
    assert set(summary.values()) == {0}


def test_a_stack_that_is_not_there_is_said_so(tool: Tool) -> None:
    ran = check(tool)
    assert ran.code == 4
    assert f"There is no stack {STACK}" in ran.stderr


def policy_arn() -> str:
    policies: list[dict[str, Any]] = client("iam").list_policies(Scope="Local")["Policies"]
    return str(policies[0]["Arn"])


def attach_to_outsider() -> None:
    arn = f"{policy_arn().rpartition('/')[0]}/edge-prod-b001-policy-sta-s3-project-buckets-only"
    client("iam").create_user(UserName="anna")
    client("iam").attach_user_policy(UserName="anna", PolicyArn=arn)


def parameter() -> str:
    return f"/security/{STEM}/group-readers"


EDITS: dict[str, tuple[Callable[[], Any], tuple[str, str, str, str]]] = {
    "an inline policy of a group": (
        lambda: client("iam").put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=DOCUMENT),
        (READERS, "changed", "Policies[more]", "extra"),
    ),
    "an attached policy": (
        lambda: client("iam").attach_group_policy(GroupName=READERS, PolicyArn=FOREIGN),
        (READERS, "changed", "ManagedPolicyArns", "extra"),
    ),
    "a trust policy": (
        lambda: client("iam").update_assume_role_policy(
            RoleName=WORKER,
            PolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            ),
        ),
        (WORKER, "changed", "AssumeRolePolicyDocument", "changed"),
    ),
    "a session duration": (
        lambda: client("iam").update_role(RoleName=WORKER, MaxSessionDuration=43200, Description="Works"),
        (WORKER, "changed", "MaxSessionDuration", "changed"),
    ),
    "a description": (
        lambda: client("iam").update_role(RoleName=WORKER, Description="By hand"),
        (WORKER, "changed", "Description", "changed"),
    ),
    "a boundary": (
        lambda: client("iam").put_role_permissions_boundary(RoleName=WORKER, PermissionsBoundary=FOREIGN),
        (WORKER, "changed", "PermissionsBoundary", "extra"),
    ),
    "a tag": (
        lambda: client("iam").tag_role(RoleName=WORKER, Tags=[{"Key": "note", "Value": "x"}]),
        (WORKER, "changed", "Tags[note]", "extra"),
    ),
    "a parameter": (
        lambda: client("ssm").put_parameter(Name=parameter(), Value="x", Overwrite=True),
        (parameter(), "changed", "Value", "changed"),
    ),
    "a deleted parameter": (
        lambda: client("ssm").delete_parameter(Name=parameter()),
        (parameter(), "missing", "", "missing"),
    ),
}


EDITS |= {
    "a group beside the stack's": (
        lambda: client("iam").create_group(GroupName=f"{READERS}-too"),
        (f"{READERS}-too", "extra", "", "extra"),
    ),
    "a parameter beside the stack's": (
        lambda: client("ssm").put_parameter(Name=f"{parameter()}-too", Value="x", Type="String"),
        (f"{parameter()}-too", "extra", "", "extra"),
    ),
    "a policy of the stack on somebody else": (
        attach_to_outsider,
        ("edge-prod-b001-policy-sta-s3-project-buckets-only", "changed", "AttachedTo[user/anna]", "extra"),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_hand_is_found_and_nothing_else(deployed: Tool, edit: str) -> None:
    change, expected = EDITS[edit]
    change()
    assert found(deployed) == [expected]


def test_another_default_version_of_a_policy_is_found(deployed: Tool) -> None:
    arn = policy_arn()
    client("iam").create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT, SetAsDefault=True)
    assert found(deployed) == [(arn.rsplit("/", 1)[-1], "changed", "PolicyDocument", "changed")]


def test_a_deleted_group_is_missing_and_its_line_is_named(deployed: Tool) -> None:
    delete_group(client("iam"), READERS)
    assert found(deployed) == [(READERS, "missing", "", "missing")]
    text = deployed.files("configs")[CONFIG].splitlines()
    line = next(number for number, one in enumerate(text, 1) if one.strip() == "readers:")
    ran = check(deployed)
    assert f"missing Group {READERS}" in ran.stdout
    assert f"{CONFIG}:{line}" in ran.stdout


def test_a_test_stack_without_a_role_is_no_drift_of_the_real_one(deployed: Tool, account_id: str) -> None:
    grown = small_config(account_id, groups=("writers",)).replace("[worker]", "[]")
    deploy(deployment_from(grown, suffix="abc123"))
    assert check(deployed).code == 0
    client("iam").create_group(GroupName="edge-prod-b001-group-sta-writers-abc124")
    assert found(deployed) == [("edge-prod-b001-group-sta-writers-abc124", "extra", "", "extra")]


def test_it_takes_few_calls_and_only_reads(deployed: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    make = botocore.session.Session.create_client

    def heard(self: Any, *args: Any, **kwargs: Any) -> Any:
        made = make(self, *args, **kwargs)
        made.meta.events.register("before-send", lambda **event: calls.append(event["event_name"]))
        return made

    monkeypatch.setattr(botocore.session.Session, "create_client", heard)
    assert check(deployed).code == 0
    parameters = client("ssm").describe_parameters()["Parameters"]
    calls = [one for one in calls if not one.endswith("DescribeParameters")]
    assert 0 < len(calls) <= 6 + math.ceil(len(parameters) / 10)
    assert all(one.rsplit(".", 1)[-1].startswith(("Get", "List", "Describe")) for one in calls)


# --- what is asked for beside it ----------------------------------------------------------------------


def entries(ran: Ran) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in ran.document["result"]["resources"]}


def test_who_names_the_user_the_event_and_the_time(deployed: Tool) -> None:
    EDITS["a trust policy"][0]()
    EDITS["a parameter"][0]()
    deployed.clock.time = datetime.now(UTC)
    before = deployed.clock.now()
    found = entries(check(deployed, "--who", "--output", "json"))
    by = [each["by"] for name in (WORKER, parameter()) for each in found[name]["differences"]]
    assert [one["event"] for one in by] == ["UpdateAssumeRolePolicy", "PutParameter"]
    assert all(one["user"].startswith("arn:aws:iam::") and one["event_id"] and one["time"] for one in by)
    # One lookup for the role and three for parameters, two a second.
    assert deployed.clock.now() - before == timedelta(seconds=1.5)


def test_who_says_so_where_nobody_is_known_and_asks_nothing_where_nothing_drifted(deployed: Tool) -> None:
    deployed.clock.time = datetime.now(UTC)
    assert check(deployed, "--who").code == 0
    assert deployed.clock.slept == []
    EDITS["a tag"][0]()
    deployed.clock.time += timedelta(days=91)
    (difference,) = entries(check(deployed, "--who", "--output", "json"))[WORKER]["differences"]
    assert difference["by"] is None
    assert "90 days" in difference["by_unknown"]


def test_what_was_found_is_told_even_if_cloudtrail_refuses(deployed: Tool, local_aws: Any) -> None:
    EDITS["a tag"][0]()
    local_aws.faults.add(Fault("error", operation="LookupEvents", status=400, code="AccessDeniedException", times=99))
    ran = check(deployed, "--who", "--output", "json")
    assert ran.code == 3
    assert "the permission cloudtrail:LookupEvents" in ran.stderr
    assert "export-iam-policy --with cloudtrail" in ran.stderr
    assert entries(ran)[WORKER]["status"] == "changed"


def test_members_are_listed_and_no_drift(deployed: Tool) -> None:
    iam = client("iam")
    iam.create_user(UserName="anna")
    iam.add_user_to_group(GroupName=READERS, UserName="anna")
    ran = check(deployed, "--members", "--output", "json")
    assert ran.code == 0
    found = entries(ran)
    assert found[READERS]["members"] == ["anna"]
    assert found[WORKER]["members"] is None
    assert f"{READERS}: anna" in check(deployed, "--members").stdout
    assert entries(check(deployed, "--output", "json"))[READERS]["members"] is None


def test_cloudformation_is_asked_too_and_where_it_disagrees_is_listed(deployed: Tool) -> None:
    EDITS["an attached policy"][0]()
    EDITS["a session duration"][0]()
    client("iam").put_role_policy(RoleName=WORKER, PolicyName="more", PolicyDocument=DOCUMENT)
    found = check(deployed, "--cloudformation", "--output", "json").document["result"]["cloudformation"]
    assert (found["detection_status"], found["stack_drift_status"]) == ("DETECTION_COMPLETE", "DRIFTED")
    assert found["disagreements"] == []
    assert READERS in {one["name"] for one in found["not_checked"]}
    client("iam").update_role(RoleName=WORKER, MaxSessionDuration=3600, Description="Works")
    ran = check(deployed, "--cloudformation", "--output", "json")
    (disagreement,) = ran.document["result"]["cloudformation"]["disagreements"]
    assert (disagreement["name"], disagreement["cloudformation"], disagreement["check_drift"]) == (
        WORKER,
        "IN_SYNC",
        "changed",
    )
    assert "disagrees on" in check(deployed, "--cloudformation").stdout


def test_a_detection_that_is_refused_is_told_and_takes_nothing_away(deployed: Tool, local_aws: Any) -> None:
    fault = Fault("error", operation="DetectStackDrift", status=400, code="ValidationError", times=9)
    local_aws.faults.add(fault)
    ran = check(deployed, "--cloudformation", "--output", "json")
    assert ran.code == 0
    assert ran.document["result"]["cloudformation"]["detection_status"] == "DETECTION_FAILED"
    assert ran.document["result"]["cloudformation"]["reason"]


def test_each_difference_names_the_line_of_the_config(deployed: Tool) -> None:
    iam = client("iam")
    statement = json.loads(DOCUMENT)["Statement"][0]
    own = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_group_policy(GroupName=READERS, PolicyName="permissions", PolicyDocument=json.dumps(own))
    iam.tag_role(RoleName=WORKER, Tags=[{"Key": "owner", "Value": "me"}])
    iam.create_policy_version(PolicyArn=policy_arn(), PolicyDocument=DOCUMENT, SetAsDefault=True)
    text = deployed.files("configs")[CONFIG].splitlines()
    ran = check(deployed, "--output", "json")
    lines = {
        each["property"]: text[each["config"]["line"] - 1].strip()
        for one in ran.document["result"]["resources"]
        for each in one["differences"]
    }
    assert lines["Policies[permissions]"].startswith("- {Sid: OwnTopics")
    assert lines["Tags[owner]"] == "tags: {owner: security}"
    assert lines["PolicyDocument"].startswith(("policy_assignments:", "worker:"))


def test_the_proposed_config_deployed_leaves_no_drift(deployed: Tool) -> None:
    iam = client("iam")
    iam.attach_group_policy(GroupName=READERS, PolicyArn=FOREIGN)
    iam.put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=DOCUMENT)
    iam.update_role(RoleName=WORKER, Description="By hand")
    iam.tag_role(RoleName=WORKER, Tags=[{"Key": "owner", "Value": "me"}])
    ran = check(deployed, "--to-config", "--output", "json")
    proposal = ran.document["result"]["proposal"]
    assert proposal["not_expressible"] == []
    (file,) = [name for name in ran.made if name.endswith(".diff")]
    assert f"reports/{file}" in ran.document["files"]
    assert deployed.files("reports")[file] == proposal["diff"]
    configs = deployed.home / "configs"
    subprocess.run(["patch", "-p1", "-i", f"../reports/{file}"], cwd=configs, check=True, capture_output=True)
    assert deployed("deploy", "--config", CONFIG, "--force").code == 0
    assert check(deployed, "--output", "json").code == 0
    text = check(deployed, "--to-config").stdout
    assert "would accept" not in text


def test_a_proposal_writes_no_config_and_holds_no_external_id(tool: Tool, account_id: str) -> None:
    secret = "keep-this-to-yourself"
    roles = f"""\
  cross_account_roles:
    pipeline:
      trusted_account: "210987654321"
      external_id: {secret}
      description: From outside
"""
    text = (small_config(account_id) + roles).replace(
        "enabled_service_roles: [worker]",
        "enabled_service_roles: [worker]\n    enabled_cross_account_roles: [pipeline]",
    )
    tool.write_config(text)
    deploy(deployment_from(text))
    client("iam").update_role(RoleName="edge-prod-b001-role-sta-pipeline", Description="By hand")
    ran = check(tool, "--to-config")
    assert "+      description: By hand" in ran.stdout
    assert tool.files("configs")[CONFIG] == text
    everywhere = ran.stdout + ran.stderr + "".join(tool.files("reports").values())
    assert secret not in everywhere
