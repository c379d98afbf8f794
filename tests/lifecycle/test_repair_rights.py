"""Setting drift back as an operator who has the policy for it, or who leaves IAM to CloudFormation's service role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sec_provisioner.operator_policy.build import build_operator_policy
from support.console_edits import FOREIGN, delete_group, document
from support.small_stack import built_from, client, deploy, deployment_from, small_config
from support.tool import Ran, Tool

READERS = "edge-prod-b001-group-sta-readers"
ANALYSTS = "edge-prod-b001-group-sta-analysts"
WORKER = "edge-prod-b001-role-sta-worker"
CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
BOUNDARY = "permissions_boundary: 'arn:aws:iam::aws:policy/PowerUserAccess'"


def run(tool: Tool, *flags: str) -> Ran:
    return tool("deploy", "--config", CONFIG, "--force", *flags)


@contextmanager
def operator(local_aws: Any, folder: Path, policy: dict[str, Any]) -> Iterator[None]:
    """From here on a user with this policy alone is the caller, and policies decide.

    The key comes from a file: that of the environment is the account's own to MiniStack when it is in this process.
    """
    iam = client("iam")
    iam.create_user(UserName="operator")
    arn = iam.create_policy(PolicyName="for-operators", PolicyDocument=json.dumps(policy))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="operator", PolicyArn=arn)
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    file = folder / "credentials"
    pair = f"aws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n"
    file.write_text(f"[default]\n{pair}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ACCESS_KEY_ID")
        patch.delenv("AWS_SECRET_ACCESS_KEY")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
        local_aws.settings.enforce = True
        try:
            yield
        finally:
            local_aws.settings.enforce = False


def edit_by_hand() -> None:
    iam = client("iam")
    iam.put_group_policy(GroupName=READERS, PolicyName="more", PolicyDocument=document("sns:*"))
    iam.attach_group_policy(GroupName=READERS, PolicyArn=FOREIGN)
    iam.tag_role(RoleName=WORKER, Tags=[{"Key": "note", "Value": "by hand"}])


def test_the_operator_s_policy_is_enough_for_setting_everything_back(
    local_aws: Any, account_id: str, tool: Tool
) -> None:
    text = small_config(account_id, deployment=BOUNDARY)
    tool.write_config(text)
    deploy(deployment_from(text))
    edit_by_hand()
    iam = client("iam")
    iam.delete_role_permissions_boundary(RoleName=WORKER)
    iam.update_role(RoleName=WORKER, MaxSessionDuration=7200, Description="By hand")
    for one in iam.list_policies(Scope="Local")["Policies"]:
        for _ in range(4):
            iam.create_policy_version(PolicyArn=one["Arn"], PolicyDocument=document("s3:*"), SetAsDefault=True)
    ssm = client("ssm")
    one, other, *_ = [each["Name"] for each in ssm.describe_parameters()["Parameters"]]
    ssm.delete_parameter(Name=one)
    delete_group(iam, ANALYSTS)
    ssm.put_parameter(Name=other, Value="by hand", Overwrite=True)
    with operator(local_aws, tool.home, build_operator_policy(built_from(text), ["deploy", "check-drift"])):
        ran = run(tool)
        assert ran.code == 0, ran.stderr
        assert tool("check-drift", "--config", CONFIG).code == 0


@pytest.fixture
def served(local_aws: Any, account_id: str, tool: Tool) -> str:
    """A stack that CloudFormation made through a service role, and edits by hand; the config's text."""
    trust = {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = client("iam")
    role = iam.create_role(
        RoleName="cloudformation",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    iam.attach_role_policy(RoleName="cloudformation", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    text = small_config(account_id, deployment=f"cloudformation_role_arn: '{role}'")
    tool.write_config(text)
    deploy(deployment_from(text))
    edit_by_hand()
    return text


LACKING = ("iam:DeleteGroupPolicy", "iam:DetachGroupPolicy", "iam:UntagRole", "--keep-drift")


def test_behind_a_service_role_what_the_caller_lacks_is_listed_before_any_change(
    local_aws: Any, tool: Tool, served: str
) -> None:
    with operator(local_aws, tool.home, build_operator_policy(built_from(served), ["deploy"])):
        ran = run(tool)
        assert ran.code == 4, ran.stderr
        assert all(one in ran.stderr for one in LACKING), ran.stderr
        kept = run(tool, "--keep-drift")
        assert kept.code == 0, kept.stderr
    assert "more" in client("iam").list_group_policies(GroupName=READERS)["PolicyNames"]


def test_where_iam_does_not_tell_the_first_denial_stops_it(local_aws: Any, tool: Tool, served: str) -> None:
    policy = build_operator_policy(built_from(served), ["deploy"])
    for one in policy["Statement"]:
        one["Action"] = [name for name in one["Action"] if name != "iam:SimulatePrincipalPolicy"]
    with operator(local_aws, tool.home, policy):
        ran = run(tool)
    assert ran.code == 4, ran.stderr
    assert "Nothing was set back before that" in ran.stderr
    assert "--keep-drift" in ran.stderr
    assert "more" in client("iam").list_group_policies(GroupName=READERS)["PolicyNames"]


def test_behind_a_service_role_a_caller_who_may_sets_it_back(local_aws: Any, tool: Tool, served: str) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    with operator(local_aws, tool.home, {"Version": "2012-10-17", "Statement": [everything]}):
        assert run(tool).code == 0
        assert tool("check-drift", "--config", CONFIG).code == 0
