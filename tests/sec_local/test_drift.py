"""CloudFormation's drift detection, blind spots included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.stack_samples import Stacks, document, group, parameter, policy, role, statement, template, trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.local_aws import LocalAccount

PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
EC2_TRUST = json.dumps(trust({"Service": "ec2.amazonaws.com"}))
OTHER = json.dumps(document(statement("s3:ListBucket")))


def detect(stacks: Stacks) -> tuple[str, dict[str, str]]:
    started = stacks.api.detect_stack_drift(StackName="stack")["StackDriftDetectionId"]
    status = stacks.api.describe_stack_drift_detection_status(StackDriftDetectionId=started)
    assert status["DetectionStatus"] == "DETECTION_COMPLETE"
    drifts = stacks.api.describe_stack_resource_drifts(StackName="stack")["StackResourceDrifts"]
    return status["StackDriftStatus"], {one["LogicalResourceId"]: one["StackResourceDriftStatus"] for one in drifts}


@pytest.fixture
def deployed(stacks: Stacks, aws: LocalAccount) -> Callable[[str], Any]:
    inline = [{"PolicyName": "own", "PolicyDocument": document()}]
    stated = role(
        Policies=inline,
        ManagedPolicyArns=[READ_ONLY],
        MaxSessionDuration=3600,
        PermissionsBoundary=READ_ONLY,
        Tags=[{"Key": "team", "Value": "ml"}],
    )
    body = template(Role=stated, Bare=role("bare"), Policy=policy(), Parameter=parameter(), Group=group())
    stacks.create(body)
    return aws.client


@pytest.mark.aws(PAGE, behaviour="what was not touched is in sync; groups are not checked")
def test_nothing_drifted_yet(stacks: Stacks, deployed: Any) -> None:
    assert detect(stacks) == (
        "IN_SYNC", {"Role": "IN_SYNC", "Bare": "IN_SYNC", "Policy": "IN_SYNC", "Parameter": "IN_SYNC"},
    )  # fmt: skip
    listed = stacks.api.list_stack_resources(StackName="stack")["StackResourceSummaries"]
    found = next(one for one in listed if one["LogicalResourceId"] == "Group")
    assert found["DriftInformation"]["StackResourceDriftStatus"] == "NOT_CHECKED"


@pytest.mark.aws(PAGE, behaviour="a stated property that was changed is MODIFIED")
@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("update_role", {"RoleName": "runner", "MaxSessionDuration": 7200}),
        ("update_assume_role_policy", {"RoleName": "runner", "PolicyDocument": EC2_TRUST}),
        ("put_role_policy", {"RoleName": "runner", "PolicyName": "own", "PolicyDocument": OTHER}),
        ("delete_role_policy", {"RoleName": "runner", "PolicyName": "own"}),
        ("detach_role_policy", {"RoleName": "runner", "PolicyArn": READ_ONLY}),
        ("delete_role_permissions_boundary", {"RoleName": "runner"}),
        ("tag_role", {"RoleName": "runner", "Tags": [{"Key": "by-hand", "Value": "1"}]}),
    ],
)  # fmt: skip
def test_a_change_of_what_is_stated_is_drift(
    stacks: Stacks, deployed: Any, action: str, parameters: dict[str, Any]
) -> None:
    getattr(deployed("iam"), action)(**parameters)
    status, drifts = detect(stacks)
    assert (status, drifts["Role"]) == ("DRIFTED", "MODIFIED")


@pytest.mark.aws(PAGE, behaviour="documents and values are compared")
def test_a_policy_and_a_parameter_drift(stacks: Stacks, deployed: Any, aws: LocalAccount) -> None:
    arn = f"arn:aws:iam::{aws.account_id}:policy/level"
    deployed("iam").create_policy_version(PolicyArn=arn, PolicyDocument=OTHER, SetAsDefault=True)
    deployed("ssm").put_parameter(Name="/app/one", Value="2", Overwrite=True)
    status, drifts = detect(stacks)
    assert (status, drifts["Policy"], drifts["Parameter"]) == ("DRIFTED", "MODIFIED", "MODIFIED")
    filtered = stacks.api.describe_stack_resource_drifts(
        StackName="stack", StackResourceDriftStatusFilters=["MODIFIED"]
    )["StackResourceDrifts"]
    found = next(one for one in filtered if one["LogicalResourceId"] == "Parameter")
    assert found["PropertyDifferences"] == [
        {"PropertyPath": "/Value", "ExpectedValue": "1", "ActualValue": "2", "DifferenceType": "NOT_EQUAL"}
    ]


@pytest.mark.aws(PAGE, behaviour="what is gone is DELETED")
def test_a_role_that_is_gone_is_deleted(stacks: Stacks, deployed: Any) -> None:
    deployed("iam").delete_role(RoleName="bare")
    assert detect(stacks)[1]["Bare"] == "DELETED"


@pytest.mark.aws(PAGE, behaviour="what the template does not state is not compared")
@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("update_role", {"RoleName": "bare", "MaxSessionDuration": 7200}),
        ("put_role_policy", {"RoleName": "runner", "PolicyName": "extra", "PolicyDocument": OTHER}),
        ("attach_role_policy", {"RoleName": "runner", "PolicyArn": "arn:aws:iam::aws:policy/SecurityAudit"}),
        ("put_group_policy", {"GroupName": "readers", "PolicyName": "extra", "PolicyDocument": OTHER}),
    ],
)
def test_the_blind_spots_are_blind(stacks: Stacks, deployed: Any, action: str, parameters: dict[str, Any]) -> None:
    getattr(deployed("iam"), action)(**parameters)
    assert detect(stacks)[0] == "IN_SYNC"


@pytest.mark.aws(PAGE, behaviour="an update with the same template does not undo a change by hand")
def test_drift_stays_through_an_update_of_something_else(stacks: Stacks, deployed: Any) -> None:
    deployed("ssm").put_parameter(Name="/app/one", Value="2", Overwrite=True)
    body = json.loads(json.dumps(stacks.api.get_template(StackName="stack")["TemplateBody"]))
    body["Resources"]["Group"]["Properties"]["Path"] = "/x/"
    stacks.update(json.dumps(body))
    assert deployed("ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "2"
    assert detect(stacks)[1]["Parameter"] == "MODIFIED"
