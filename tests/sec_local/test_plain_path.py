from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from support.local_aws import LocalAccount, start_server

if TYPE_CHECKING:
    from pathlib import Path

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def template(**resources: Any) -> str:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})


def group(name: str = "readers", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Group", "Properties": {"GroupName": name, **more}}


def role(name: str = "runner", **more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": name, "AssumeRolePolicyDocument": TRUST, **more},
    }


def create(aws: LocalAccount, body: str, name: str = "stack") -> str:
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    return str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])


def test_a_group_with_everything_on_it_is_made(aws: LocalAccount) -> None:
    properties: dict[str, Any] = {
        "Policies": [{"PolicyName": "own", "PolicyDocument": DOCUMENT}],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "Path": "/teams/",
    }
    assert create(aws, template(Group=group(**properties))) == "CREATE_COMPLETE"
    iam = aws.client("iam")
    assert iam.get_group(GroupName="readers")["Group"]["Arn"].endswith(":group/teams/readers")
    assert iam.get_group_policy(GroupName="readers", PolicyName="own")["PolicyDocument"] == DOCUMENT
    attached = iam.list_attached_group_policies(GroupName="readers")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["ReadOnlyAccess"]


def test_a_taken_name_rolls_the_whole_stack_back(aws: LocalAccount) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName="Runner", AssumeRolePolicyDocument=json.dumps(TRUST))
    body = template(Group=group(), Role=role("Runner"))
    assert create(aws, body) == "ROLLBACK_COMPLETE"
    assert iam.list_groups()["Groups"] == []
    assert [found["RoleName"] for found in iam.list_roles()["Roles"]] == ["Runner"]


def test_a_failed_update_puts_everything_back(aws: LocalAccount) -> None:
    create(aws, template(Group=group(), Role=role(Description="before")))
    bad = template(
        Group=group(ManagedPolicyArns=["arn:aws:iam::aws:policy/SecurityAudit"]),
        Role=role(Description="after", ManagedPolicyArns=["arn:aws:iam::aws:policy/NoSuchPolicyAtAll"]),
    )
    cloudformation = aws.client("cloudformation")
    cloudformation.update_stack(StackName="stack", TemplateBody=bad, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    iam = aws.client("iam")
    assert iam.get_role(RoleName="runner")["Role"]["Description"] == "before"
    assert iam.list_attached_group_policies(GroupName="readers")["AttachedPolicies"] == []


def test_a_group_with_members_is_not_deleted(aws: LocalAccount) -> None:
    create(aws, template(Group=group()))
    iam, cloudformation = aws.client("iam"), aws.client("cloudformation")
    iam.create_user(UserName="ann")
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    cloudformation.delete_stack(StackName="stack")
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "DELETE_FAILED"
    iam.remove_user_from_group(GroupName="readers", UserName="ann")
    cloudformation.delete_stack(StackName="stack")
    assert iam.list_groups()["Groups"] == []


def test_named_iam_needs_its_capability(aws: LocalAccount) -> None:
    with pytest.raises(ClientError, match="CAPABILITY_NAMED_IAM"):
        aws.client("cloudformation").create_stack(StackName="stack", TemplateBody=template(Group=group()))


@pytest.mark.parametrize(
    "form", ["https://tpl.s3.us-west-1.amazonaws.com/a/b.json", "https://s3.amazonaws.com/tpl/a/b.json"]
)
def test_a_template_is_read_from_a_bucket_in_both_forms_of_url(aws: LocalAccount, form: str) -> None:
    s3 = aws.client("s3")
    name = f"tpl-{aws.account_id}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.put_object(Bucket=name, Key="a/b.json", Body=template(Group=group()))
    url = form.replace("tpl", name, 1)
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateURL=url, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_a_bucket_of_another_account_is_denied(aws: LocalAccount) -> None:
    s3 = aws.client("s3")
    name = f"owned-{aws.account_id}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    assert s3.head_bucket(Bucket=name, ExpectedBucketOwner=aws.account_id)
    with pytest.raises(ClientError, match="403"):
        s3.head_bucket(Bucket=name, ExpectedBucketOwner="111111111111")


def test_state_outlives_the_server(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    for _ in range(2):
        server = start_server(tmp_path, state_dir=state_dir)
        account = LocalAccount(server.url, "123456789012", "us-west-1", {})
        if _ == 0:
            assert create(account, template(Group=group())) == "CREATE_COMPLETE"
        assert account.client("cloudformation").describe_stacks()["Stacks"][0]["StackName"] == "stack"
        assert account.client("iam").get_group(GroupName="readers")
        assert server.stop() == 0
        output, errors = server.process.communicate()
        assert output == f"Local AWS at {server.url}\n"
        assert errors == ""


def test_in_process_nothing_leaves_the_process(local_aws: Any) -> None:
    session = boto3.Session()
    cloudformation = session.client("cloudformation")
    cloudformation.create_stack(
        StackName="stack", TemplateBody=template(Group=group()), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    s3 = session.client("s3")
    s3.create_bucket(Bucket="here", CreateBucketConfiguration={"LocationConstraint": "us-west-1"})
    s3.put_object(Bucket="here", Key="a", Body=b"text")
    assert s3.get_object(Bucket="here", Key="a")["Body"].read() == b"text"
    assert local_aws.faults.listed() == []
