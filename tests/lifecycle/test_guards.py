"""Nothing is done to the wrong account, or to what belongs to somebody else."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest

from sec_local.faults import Fault
from sec_provisioner.aws import stack as stacks
from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.lifecycle.prepare_change import prepared_change
from support.small_stack import (
    STACK,
    client,
    deploy,
    deployment_from,
    large_config,
    run_here,
    small_config,
    stack_statuses,
)

READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
PARAMETER = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}


def prepare(text: str) -> None:
    with prepared_change(run_here(), deployment_from(text)):
        pass


def test_another_account_is_refused_before_anything_else(local_aws: Any, account_id: str) -> None:
    local_aws.faults.add(Fault("error", service="cloudformation", times=0, code="Touched", status=400))
    local_aws.faults.add(Fault("error", service="iam", times=0, code="Touched", status=400))
    with pytest.raises(RefusedError, match="999999999999") as caught:
        prepare(small_config("999999999999"))
    assert account_id in caught.value.message


def test_a_group_made_outside_any_stack_is_not_taken_over(account_id: str) -> None:
    client("iam").create_group(GroupName=READERS)
    with pytest.raises(RefusedError, match=f"outside any stack of this region.*{READERS}"):
        prepare(small_config(account_id))
    assert stack_statuses() == {}


def test_a_name_in_other_letter_case_is_the_same_name(account_id: str) -> None:
    client("iam").create_group(GroupName=READERS.upper())
    with pytest.raises(RefusedError, match="outside any stack"):
        prepare(small_config(account_id))


def test_a_role_of_another_regions_stack_is_known_by_its_tag(account_id: str) -> None:
    client("iam").create_role(
        RoleName=WORKER,
        AssumeRolePolicyDocument=TRUST,
        Tags=[{"Key": "stem", "Value": "edge-prod-b001-eu-west-1-startup-sec"}],
    )
    with pytest.raises(RefusedError, match="belongs to edge-prod-b001-eu-west-1-startup-sec"):
        prepare(small_config(account_id))


def test_a_group_of_another_stack_of_the_region_is_named_with_it(
    account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client("iam").create_group(GroupName=READERS)
    monkeypatch.setattr(stacks, "fetch_owner", lambda _, name: "other" if name == READERS else None)
    with pytest.raises(RefusedError, match="the stack other of this region"):
        prepare(small_config(account_id))


def test_a_stack_of_another_stem_is_left_alone(account_id: str) -> None:
    cloudformation = client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps({"Resources": {"P": PARAMETER}}),
        Tags=[{"Key": "stem", "Value": "someone-else"}],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    with pytest.raises(RefusedError, match="belongs to someone-else"):
        prepare(small_config(account_id))


def test_the_own_stacks_names_are_no_conflict(account_id: str) -> None:
    deploy(deployment_from(small_config(account_id)))
    prepare(small_config(account_id, groups=("analysts", "readers", "writers")))


def large(account_id: str, deployment: str = "") -> str:
    return small_config(account_id, groups=tuple(f"group-{n}" for n in range(60)), levels="", deployment=deployment)


def test_a_configured_bucket_that_is_missing_is_named_with_its_mend(account_id: str) -> None:
    with pytest.raises(AwsError, match=r"my-templates.* does not exist") as caught:
        prepare(large_config(account_id, "template_bucket: my-templates"))
    assert "--create-bucket" in caught.value.hint


def test_somebody_elses_bucket_gets_nothing(account_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111111111111")
    client("s3").create_bucket(Bucket="my-templates", CreateBucketConfiguration={"LocationConstraint": "us-west-1"})
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", account_id)
    with pytest.raises((RefusedError, AwsError), match=r"my-templates.*(another account|somebody else)"):
        prepare(large_config(account_id, "template_bucket: my-templates"))


def test_a_bucket_of_another_region_is_named_with_its_region(account_id: str) -> None:
    there: Any = botocore.session.Session().create_client("s3", region_name="eu-west-1")
    there.create_bucket(Bucket="my-templates", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with pytest.raises(AwsError, match="is in the region eu-west-1, not in us-west-1"):
        prepare(large_config(account_id, "template_bucket: my-templates"))
