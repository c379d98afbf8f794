"""What is kept, for how long, and by whom."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sec_local import MINISTACK_VERSION
from sec_local.in_process import LocalAws
from sec_local.pin import pin_problem
from sec_local.state import StateInUseError, remove
from support.local_aws import LocalAccount, ServerControl, start_server
from support.stack_samples import NAMED, Stacks, group, parameter, role, template

if TYPE_CHECKING:
    from pathlib import Path


def client(local: LocalAws, service: str) -> Any:
    session: Any = boto3.Session(
        aws_access_key_id="123456789012", aws_secret_access_key="local", region_name="us-west-1"
    )
    local.install(session)
    return session.client(service)


def test_in_process_everything_is_there_again_the_next_time(tmp_path: Path, loopback_only: None) -> None:
    with LocalAws(tmp_path) as local:
        client(local, "s3").create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "us-west-1"})
        client(local, "s3").put_object(Bucket="kept", Key="a/b", Body=b"text")
        client(local, "cloudformation").create_stack(
            StackName="s", TemplateBody=template(Group=group(), P=parameter()), Capabilities=NAMED
        )
        client(local, "iam").create_role(
            RoleName="r",
            AssumeRolePolicyDocument='{"Statement":{"Effect":"Allow",'
            '"Principal":"*","Action":"sts:AssumeRole"},"Version":"2012-10-17"}',
        )
    with LocalAws(tmp_path) as local:
        assert client(local, "s3").get_object(Bucket="kept", Key="a/b")["Body"].read() == b"text"
        stack = client(local, "cloudformation").describe_stacks(StackName="s")["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        assert client(local, "iam").get_role(RoleName="r")
        assert client(local, "ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "1"
        client(local, "cloudformation").delete_stack(StackName="s")
    assert remove(tmp_path)
    with LocalAws(tmp_path) as local:
        assert client(local, "iam").list_roles()["Roles"] == []
        assert client(local, "s3").list_buckets()["Buckets"] == []


def test_after_a_reset_aws_has_its_managed_policies_still(local_aws: LocalAws) -> None:
    iam = boto3.Session().client("iam")
    iam.create_group(GroupName="g")
    local_aws.reset()
    assert iam.list_groups()["Groups"] == []
    iam.create_group(GroupName="g")
    iam.attach_group_policy(GroupName="g", PolicyArn="arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")


def test_without_a_folder_nothing_is_written_where_an_earlier_one_kept_its_state(
    tmp_path: Path, loopback_only: None
) -> None:
    here = {"LocationConstraint": "us-west-1"}
    with LocalAws(tmp_path) as local:
        client(local, "s3").create_bucket(Bucket="kept", CreateBucketConfiguration=here)
    before = {path.name for path in tmp_path.rglob("*")}
    with LocalAws() as local:
        client(local, "s3").create_bucket(Bucket="passing", CreateBucketConfiguration=here)
        client(local, "s3").put_object(Bucket="passing", Key="a", Body=b"text")
    assert {path.name for path in tmp_path.rglob("*")} == before


def test_two_do_not_work_on_one_folder(tmp_path: Path) -> None:
    server = start_server(tmp_path, state_dir=tmp_path / "state")
    with pytest.raises(StateInUseError, match="in use"), LocalAws(tmp_path / "state"):
        pass
    with pytest.raises(StateInUseError):
        remove(tmp_path / "state")
    server.stop()
    server.process.communicate()
    with LocalAws(tmp_path / "state"):
        pass


def test_a_server_that_is_stopped_ends_its_operations_first(tmp_path: Path) -> None:
    server = start_server(tmp_path, state_dir=tmp_path / "state")
    stacks = Stacks(LocalAccount(server.url, "123456789012", "us-west-1", {}))
    ServerControl(server.url).settings(delay=0.2)
    body = template(Group=group(), Role={**role(), "DependsOn": "Group"})
    stacks.api.create_stack(StackName="stack", TemplateBody=body, Capabilities=NAMED)
    server.stop()
    server.process.communicate()
    server = start_server(tmp_path, state_dir=tmp_path / "state")
    stacks = Stacks(LocalAccount(server.url, "123456789012", "us-west-1", {}))
    assert stacks.one()["StackStatus"] == "CREATE_COMPLETE"
    server.stop()
    server.process.communicate()


def test_reset_removes_the_state_and_nothing_else(tmp_path: Path) -> None:
    server = start_server(tmp_path, state_dir=tmp_path)
    LocalAccount(server.url, "1" * 12, "us-west-1", {}).client("iam").create_group(GroupName="g")
    server.stop()
    server.process.communicate()
    (tmp_path / "mine.json").write_text("{}")
    command = [sys.executable, "-m", "sec_local", "reset", "--state-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("removed ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "port"]


def test_a_taken_port_is_said_to_be_taken(local_server: Any) -> None:
    port = local_server.url.rpartition(":")[2]
    command = [sys.executable, "-m", "sec_local", "serve", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert port in done.stderr
    assert done.stdout == ""


def test_the_pin_is_met() -> None:
    assert pin_problem() is None


def test_another_version_than_the_pinned_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sec_local.pin.MINISTACK_VERSION", "9.9.9")
    assert f"MiniStack {MINISTACK_VERSION} is installed, but the local AWS was made for 9.9.9" in (pin_problem() or "")


def test_a_missing_ministack_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sec_local.pin.find_spec", lambda _: None)
    assert "not installed" in (pin_problem() or "")


def test_an_empty_stack_under_review_can_be_deleted(stacks: Stacks) -> None:
    stacks.change_set(template(Group=group()), ChangeSetType="CREATE")
    assert stacks.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="does not exist"):
        stacks.one()


def test_an_update_that_failed_without_rollback_can_be_tried_again(stacks: Stacks, faults: Any) -> None:
    stacks.create(template(P=parameter()))
    faults.add(kind="resource", service="AWS::SSM::Parameter", operation="update")
    assert stacks.update(template(P=parameter(value="2")), DisableRollback=True) == "UPDATE_FAILED"
    assert stacks.update(template(P=parameter(value="3"))) == "UPDATE_COMPLETE"


@pytest.mark.aws(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html",
    behaviour="what is not ASCII becomes a question mark",
)
def test_text_beyond_ascii_is_lost(stacks: Stacks, aws: LocalAccount) -> None:
    body = template(R=role("r", Description="für")).replace("\\u00fc", "ü")
    assert "ü" in body
    stacks.create(body)
    assert aws.client("iam").get_role(RoleName="r")["Role"]["Description"] == "f?r"


@pytest.mark.aws(
    "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    behaviour="4,096 characters in the standard tier, fifteen levels, 1,011 characters of name",
)
@pytest.mark.parametrize(
    "wrong",
    [
        {"Value": "x" * 4097},
        {"Name": "/a" * 16},
        {"Name": "/" + "x" * 1011},
        {"Name": "/with space"},
        {"AllowedPattern": "^[0-9]+$", "Value": "text"},
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(aws: LocalAccount, wrong: dict[str, str]) -> None:
    with pytest.raises(ClientError):
        aws.client("ssm").put_parameter(**{"Name": "/a", "Value": "1", "Type": "String", **wrong})


@pytest.mark.aws(
    "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html",
    behaviour="ten a page, one level without Recursive",
)
def test_parameters_by_path_come_ten_a_page(aws: LocalAccount) -> None:
    ssm = aws.client("ssm")
    for number in range(12):
        ssm.put_parameter(Name=f"/app/{number:02}", Value="1", Type="String")
    ssm.put_parameter(Name="/app/deep/er", Value="1", Type="String")
    first = ssm.get_parameters_by_path(Path="/app/")
    assert len(first["Parameters"]) == 10
    assert len(ssm.get_parameters_by_path(Path="/app/", NextToken=first["NextToken"])["Parameters"]) == 2
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path="/app", Recursive=True)
    assert sum(len(page["Parameters"]) for page in pages) == 13


@pytest.mark.aws(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html",
    behaviour="an existing name fails the resource",
)
def test_a_parameter_that_exists_fails_its_stack(stacks: Stacks, aws: LocalAccount) -> None:
    aws.client("ssm").put_parameter(Name="/app/one", Value="mine", Type="String")
    assert stacks.create(template(P=parameter(), G=group())) == "ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: AlreadyExists" in stacks.reasons("CREATE_FAILED")[0]
    assert aws.client("ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "mine"
