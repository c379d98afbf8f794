"""Change sets of both types, their values, their pages and what becomes of the stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from support.stack_samples import NAMED, Stacks, document, group, parameter, policy, role, statement, template

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
API = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference"


def changes(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in described["Changes"]}


@pytest.mark.aws(f"{API}/API_CreateChangeSet.html", behaviour="CREATE leaves an empty stack in REVIEW_IN_PROGRESS")
def test_a_create_change_set_leaves_an_empty_stack(stacks: Stacks) -> None:
    described = stacks.change_set(template(Group=group()), ChangeSetType="CREATE", Description="first")
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert described["Description"] == "first"
    assert stacks.one()["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert stacks.events() == [("stack", "REVIEW_IN_PROGRESS")]
    stacks.api.delete_change_set(ChangeSetName=described["ChangeSetId"])
    assert stacks.one()["StackStatus"] == "REVIEW_IN_PROGRESS"


@pytest.mark.aws(f"{API}/API_CreateChangeSet.html", behaviour="more CREATE change sets hang on the same empty stack")
def test_a_second_create_change_set_keeps_the_stack(stacks: Stacks) -> None:
    first = stacks.change_set(template(Group=group()), ChangeSetType="CREATE")
    second = stacks.change_set(template(Role=role()), change_set="other", ChangeSetType="CREATE")
    assert first["StackId"] == second["StackId"] == stacks.one()["StackId"]
    listed = stacks.api.list_change_sets(StackName=first["StackId"])["Summaries"]
    assert [one["ChangeSetName"] for one in listed] == ["change", "other"]
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="other")
    assert stacks.settled() == "CREATE_COMPLETE"
    assert [name for name, _ in stacks.events()].count("Role") == 3


@pytest.mark.aws(f"{GUIDE}/using-cfn-updating-stacks-changesets-execute.html", behaviour="executing makes what it says")
def test_executing_a_change_set_of_each_type(stacks: Stacks, aws: LocalAccount) -> None:
    made = stacks.change_set(template(Group=group()), ChangeSetType="CREATE")
    stacks.api.execute_change_set(ChangeSetName=made["ChangeSetId"], ClientRequestToken="one")
    assert stacks.settled() == "CREATE_COMPLETE"
    assert stacks.one()["ChangeSetId"] == made["ChangeSetId"]
    stacks.change_set(template(Group=group(Path="/x/")), change_set="second")
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="second", ClientRequestToken="two")
    assert stacks.settled() == "UPDATE_COMPLETE"
    assert aws.client("iam").get_group(GroupName="readers")["Group"]["Path"] == "/x/"
    events = stacks.api.describe_stack_events(StackName="stack")["StackEvents"]
    assert events[0]["ClientRequestToken"] == "two"
    described = stacks.api.describe_change_set(StackName="stack", ChangeSetName="second")
    assert described["ExecutionStatus"] == "EXECUTE_COMPLETE"
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        stacks.api.execute_change_set(StackName="stack", ChangeSetName="second")


@pytest.mark.aws(f"{API}/API_ResourceChange.html", behaviour="before and after of each resource")
@pytest.mark.aws(f"{API}/API_ResourceTargetDefinition.html", behaviour="before and after of each property")
def test_property_values_stand_where_they_are_asked_for(stacks: Stacks) -> None:
    stacks.create(template(Role=role(Description="old"), Gone=parameter()))
    described = stacks.change_set(template(Role=role(Description="new"), Group=group()))
    found = changes(described)
    assert {name: one["Action"] for name, one in found.items()} == {"Gone": "Remove", "Group": "Add", "Role": "Modify"}
    assert json.loads(found["Group"]["AfterContext"])["Properties"] == {"GroupName": "readers"}
    assert json.loads(found["Gone"]["BeforeContext"])["Properties"]["Name"] == "/app/one"
    target = found["Role"]["Details"][0]["Target"]
    assert target == {
        "Attribute": "Properties", "Name": "Description", "RequiresRecreation": "Never",
        "Path": "/Properties/Description", "BeforeValue": "old", "AfterValue": "new", "AttributeChangeType": "Modify",
    }  # fmt: skip
    plain = changes(stacks.api.describe_change_set(StackName="stack", ChangeSetName="change"))
    assert "BeforeContext" not in plain["Role"]
    assert "BeforeValue" not in plain["Role"]["Details"][0]["Target"]
    assert found["Role"]["Replacement"] == "False"
    assert found["Role"]["Scope"] == ["Properties"]


@pytest.mark.aws(f"{API}/API_ResourceChange.html", behaviour="what is not known yet is said to be so")
def test_a_value_that_nobody_knows_yet_is_marked(stacks: Stacks) -> None:
    value = {"Fn::GetAtt": ["Group", "Arn"]}
    described = stacks.change_set(template(Group=group(), P=parameter(value=value)), ChangeSetType="CREATE")
    after = json.loads(changes(described)["P"]["AfterContext"])["Properties"]
    assert after["Value"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    assert after["Name"] == "/app/one"


@pytest.mark.aws(f"{API}/API_ResourceChange.html", behaviour="a change of name is a replacement")
def test_a_replacement_is_said_to_be_one(stacks: Stacks) -> None:
    stacks.create(template(Group=group("old"), Policy=policy("old"), P=parameter("/old")))
    described = stacks.change_set(template(Group=group("new"), Policy=policy("new"), P=parameter("/new")))
    assert {one["Replacement"] for one in changes(described).values()} == {"True"}
    assert changes(described)["Group"]["PhysicalResourceId"] == "old"


@pytest.mark.aws(f"{GUIDE}/using-cfn-updating-stacks-changesets-create.html", behaviour="no changes: FAILED, and why")
def test_a_change_set_without_changes_fails(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    stacks.api.create_change_set(
        StackName="stack", ChangeSetName="none", TemplateBody=template(Group=group(), metadata={"v": 2}),
        Capabilities=NAMED,
    )  # fmt: skip
    described = stacks.api.describe_change_set(StackName="stack", ChangeSetName="none")
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"].startswith("The submitted information didn't contain changes.")


@pytest.mark.aws(f"{API}/API_GetTemplate.html", behaviour="the template of a change set")
def test_the_template_of_a_change_set_can_be_read(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    body = template(Group=group(Path="/x/"))
    stacks.change_set(body)
    found = stacks.api.get_template(StackName="stack", ChangeSetName="change")["TemplateBody"]
    assert json.loads(json.dumps(found)) == json.loads(body)


@pytest.mark.aws(f"{API}/API_DescribeChangeSet.html", behaviour="changes are paged")
def test_changes_are_paged(stacks: Stacks) -> None:
    many = template(**{f"P{number}": parameter(f"/app/{number}") for number in range(130)})
    first = stacks.change_set(many, ChangeSetType="CREATE")
    assert len(first["Changes"]) == 100
    second = stacks.api.describe_change_set(StackName="stack", ChangeSetName="change", NextToken=first["NextToken"])
    assert len(second["Changes"]) == 30
    assert "NextToken" not in second


@pytest.mark.aws(f"{API}/API_CreateChangeSet.html", behaviour="type, stack and name must fit together")
def test_change_sets_that_make_no_sense_are_refused(stacks: Stacks) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        stacks.change_set(template(Group=group()), name="missing")
    stacks.create(template(Group=group()))
    with pytest.raises(ClientError, match="already exists"):
        stacks.change_set(template(Group=group()), ChangeSetType="CREATE")
    stacks.change_set(template(Group=group(Path="/x/")))
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        stacks.change_set(template(Group=group(Path="/x/")))
    with pytest.raises(ClientError, match="changeSetName"):
        stacks.change_set(template(Group=group(Path="/x/")), change_set="under_score")
    with pytest.raises(ClientError, match="CAPABILITY_NAMED_IAM"):
        stacks.api.create_change_set(StackName="stack", ChangeSetName="x", TemplateBody=template(Group=group("y")))
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        stacks.api.describe_change_set(StackName="stack", ChangeSetName="nope")


@pytest.mark.aws(f"{GUIDE}/using-cfn-updating-stacks-changesets-execute.html", behaviour="execution drops the others")
def test_other_change_sets_are_gone_after_an_execution(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    stacks.change_set(template(Group=group(Path="/x/")), change_set="one")
    stacks.change_set(template(Group=group(Path="/y/")), change_set="two")
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="one")
    stacks.settled()
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        stacks.api.execute_change_set(StackName="stack", ChangeSetName="two")


@pytest.mark.aws(
    f"{GUIDE}/using-cfn-updating-stacks-changesets.html", behaviour="a stack that changed makes it obsolete"
)
def test_a_change_set_is_obsolete_once_the_stack_was_updated(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    stacks.change_set(template(Group=group(Path="/x/")))
    stacks.update(template(Group=group(Path="/y/")))
    described = stacks.api.describe_change_set(StackName="stack", ChangeSetName="change")
    assert described["ExecutionStatus"] == "OBSOLETE"
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")


@pytest.mark.aws(f"{GUIDE}/validate-stack-deployments.html", behaviour="early validation fails the change set")
def test_a_change_set_with_a_wrong_property_fails_and_tells_through_events(stacks: Stacks) -> None:
    stacks.api.create_change_set(
        StackName="stack", ChangeSetName="bad", ChangeSetType="CREATE", Capabilities=NAMED,
        TemplateBody=template(Group=group(Pth="/x/")),
    )  # fmt: skip
    described = stacks.api.describe_change_set(StackName="stack", ChangeSetName="bad")
    assert described["Status"] == "FAILED"
    assert "DescribeEvents" in described["StatusReason"]
    events = stacks.api.describe_events(StackName="stack", ChangeSetName="bad")["OperationEvents"]
    assert events[0]["ValidationPath"].startswith("/Resources/Group/Properties")
    assert "extraneous key [Pth]" in events[0]["ValidationStatusReason"]


@pytest.mark.aws(f"{API}/API_DeploymentConfig.html", behaviour="endpoints that do not know the mode refuse it")
def test_express_mode_is_refused_where_it_is_switched_off(stacks: Stacks, faults: Any) -> None:
    faults.settings(express=False)
    with pytest.raises(ClientError, match="DeploymentConfig") as refused:
        stacks.change_set(template(Group=group()), ChangeSetType="CREATE", DeploymentConfig={"Mode": "EXPRESS"})
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_the_gaps_that_users_met_can_be_switched_on(stacks: Stacks, faults: Any) -> None:
    """https://github.com/aws/aws-cdk-cli/issues/1780: with values, JSON-typed changes are missing."""
    stacks.create(template(Policy=policy(), Role=role()))
    faults.settings(change_set_gaps=True)
    new = template(Policy=policy(body=document(statement("s3:X"))), Role=role(Description="new"))
    assert list(changes(stacks.change_set(new))) == ["Role"]
    without = stacks.api.describe_change_set(StackName="stack", ChangeSetName="change")
    assert list(changes(without)) == ["Policy", "Role"]


@pytest.mark.aws(f"{API}/API_CreateChangeSet.html", behaviour="outputs alone are a change")
def test_a_change_of_outputs_alone_can_be_executed(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    stacks.change_set(template({"Name": {"Value": {"Ref": "Group"}}}, Group=group()))
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    assert stacks.settled() == "UPDATE_COMPLETE"
    assert stacks.one()["Outputs"][0]["OutputValue"] == "readers"


@pytest.mark.aws(f"{GUIDE}/aws-properties-resource-tags.html", behaviour="stack tags touch only what takes tags")
def test_a_change_of_tags_touches_only_what_takes_tags(stacks: Stacks) -> None:
    everything = template(R=role(), P=parameter(), M=policy(), G=group())
    stacks.create(everything, Tags=[{"Key": "k", "Value": "1"}])
    found = changes(stacks.change_set(everything, Tags=[{"Key": "k", "Value": "2"}]))
    assert set(found) == {"R", "P"}
    assert found["R"]["Scope"] == ["Tags"]


@pytest.mark.aws(
    f"{GUIDE}/using-cfn-updating-stacks-changesets-samples.html", behaviour="a resource's tags are an attribute"
)
def test_a_change_of_a_resources_tags_names_no_property(stacks: Stacks) -> None:
    stacks.create(template(R=role(Description="a", Tags=[{"Key": "k", "Value": "1"}])))
    new = template(R=role(Description="b", Tags=[{"Key": "k", "Value": "2"}]))
    found = changes(stacks.change_set(new))["R"]
    assert found["Scope"] == ["Properties", "Tags"]
    tags = next(one["Target"] for one in found["Details"] if one["Target"]["Attribute"] == "Tags")
    assert tags == {
        "Attribute": "Tags",
        "RequiresRecreation": "Never",
        "Path": "/Properties/Tags",
        "BeforeValue": '[{"Key": "k", "Value": "1"}]',
        "AfterValue": '[{"Key": "k", "Value": "2"}]',
        "AttributeChangeType": "Modify",
    }


@pytest.mark.aws(f"{API}/API_ResourceChange.html", behaviour="what becomes of what is removed or replaced")
def test_the_policies_of_resources_show_in_a_change_set(stacks: Stacks) -> None:
    kept = {**parameter("/c1"), "UpdateReplacePolicy": "Retain"}
    stacks.create(template(A={**parameter("/a"), "DeletionPolicy": "Retain"}, B=parameter("/b1"), C=kept))
    new = {**parameter("/c2"), "UpdateReplacePolicy": "Retain"}
    found = changes(stacks.change_set(template(B=parameter("/b2"), C=new, D=parameter("/d"))))
    shown = {name: one.get("PolicyAction") for name, one in found.items()}
    assert shown == {"A": "Retain", "B": "ReplaceAndDelete", "C": "ReplaceAndRetain", "D": None}
    assert (found["D"]["Scope"], found["D"]["Details"]) == ([], [])


@pytest.mark.aws(f"{GUIDE}/drift-aware-change-sets.html", behaviour="REVERT_DRIFT puts right what detection sees")
def test_a_drift_aware_change_set_puts_things_right(stacks: Stacks, aws: LocalAccount) -> None:
    body = template(P=parameter(), R=role(MaxSessionDuration=3600), Q=parameter("/gone"), G=group())
    stacks.create(body)
    iam, ssm = aws.client("iam"), aws.client("ssm")
    ssm.put_parameter(Name="/app/one", Value="by hand", Overwrite=True)
    ssm.delete_parameter(Name="/gone")
    iam.update_role(RoleName="runner", MaxSessionDuration=7200)
    iam.update_group(GroupName="readers", NewPath="/x/")
    described = stacks.change_set(body, DeploymentMode="REVERT_DRIFT")
    found = changes(described)
    assert {name: one["Action"] for name, one in found.items()} == {"P": "Modify", "R": "Modify", "Q": "Add"}
    assert (described["DeploymentMode"], described["StackDriftStatus"]) == ("REVERT_DRIFT", "DRIFTED")
    assert found["R"]["ResourceDriftStatus"] == "MODIFIED"
    target = found["P"]["Details"][0]["Target"]
    assert (target["BeforeValue"], target["AfterValue"]) == ("by hand", "1")
    assert (target["Drift"]["PreviousValue"], target["Drift"]["ActualValue"]) == ("1", "by hand")
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    assert stacks.settled() == "UPDATE_COMPLETE"
    assert iam.get_role(RoleName="runner")["Role"]["MaxSessionDuration"] == 3600
    assert {one["Value"] for one in ssm.get_parameters(Names=["/app/one", "/gone"])["Parameters"]} == {"1"}
    assert iam.get_group(GroupName="readers")["Group"]["Path"] == "/x/"


@pytest.mark.aws(f"{GUIDE}/drift-aware-change-sets.html", behaviour="and does so with the previous template")
def test_a_drift_aware_change_set_takes_the_previous_template(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(P=parameter()))
    aws.client("ssm").put_parameter(Name="/app/one", Value="by hand", Overwrite=True)
    made = stacks.api.create_change_set(
        StackName="stack", ChangeSetName="change", UsePreviousTemplate=True, DeploymentMode="REVERT_DRIFT"
    )
    stacks.api.execute_change_set(ChangeSetName=made["Id"])
    assert stacks.settled() == "UPDATE_COMPLETE"
    assert aws.client("ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "1"


@pytest.mark.aws(f"{GUIDE}/drift-aware-change-sets.html", behaviour="a stack that did not drift has nothing to revert")
def test_a_drift_aware_change_set_of_a_stack_in_sync_is_empty(stacks: Stacks) -> None:
    stacks.create(template(P=parameter()))
    stacks.api.create_change_set(
        StackName="stack", ChangeSetName="none", TemplateBody=template(P=parameter()), DeploymentMode="REVERT_DRIFT"
    )
    assert stacks.api.describe_change_set(StackName="stack", ChangeSetName="none")["Status"] == "FAILED"
    with pytest.raises(ClientError, match="REVERT_DRIFT"):
        stacks.change_set(template(P=parameter()), "other", ChangeSetType="CREATE", DeploymentMode="REVERT_DRIFT")
