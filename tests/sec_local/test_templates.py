"""What templates may say and what it comes to: parameters, exports, summaries, imports, policies of resources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from support.stack_samples import NAMED, Stacks, group, parameter, policy, role, template, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
API = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference"
TYPES = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
EXPORTS = f"{GUIDE}/using-cfn-stack-exports.html"


def with_parts(body: str, **parts: Any) -> str:
    return json.dumps({**json.loads(body), **parts})


def exporting(name: str = "/one", value: str = "v") -> str:
    return template({"O": {"Value": value, "Export": {"Name": "shared"}}}, P=parameter(name))


def importing(name: str = "/two") -> str:
    return template(P=parameter(name, {"Fn::ImportValue": "shared"}))


@pytest.mark.aws(EXPORTS, behaviour="an exported value is imported, and whose it is can be asked")
def test_a_value_goes_from_stack_to_stack(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(exporting())
    assert stacks.create(importing(), "user") == "CREATE_COMPLETE"
    assert aws.client("ssm").get_parameter(Name="/two")["Parameter"]["Value"] == "v"
    assert [one["Name"] for one in stacks.api.list_exports()["Exports"]] == ["shared"]
    assert stacks.api.list_imports(ExportName="shared")["Imports"] == ["user"]
    with pytest.raises(ClientError, match="Export shared cannot be deleted as it is in use by user"):
        stacks.api.delete_stack(StackName="stack")


@pytest.mark.aws(EXPORTS, behaviour="an export that is in use neither changes nor goes")
@pytest.mark.parametrize("new", [exporting(value="w"), template(P=parameter("/one", "2"))], ids=["changed", "gone"])
def test_an_export_in_use_is_kept(stacks: Stacks, new: str) -> None:
    stacks.create(exporting())
    stacks.create(importing(), "user")
    assert stacks.update(new) == "UPDATE_ROLLBACK_COMPLETE"
    assert "in use by user" in stacks.one()["StackStatusReason"]
    assert stacks.api.list_exports()["Exports"][0]["Value"] == "v"


@pytest.mark.aws(EXPORTS, behaviour="a name is exported once, a dropped one is free again, a missing one fails")
def test_an_export_name_is_taken_until_it_is_dropped(stacks: Stacks) -> None:
    stacks.create(exporting())
    assert stacks.create(exporting("/other"), "other") == "ROLLBACK_COMPLETE"
    assert "already exported by stack stack" in stacks.one("other")["StackStatusReason"]
    stacks.update(template(P=parameter("/one", "2")))
    assert stacks.api.list_exports()["Exports"] == []
    assert stacks.create(importing(), "user") == "ROLLBACK_COMPLETE"
    assert "No export named shared found" in stacks.reasons("CREATE_FAILED", "user")


@pytest.mark.aws(f"{GUIDE}/parameters-section-structure.html", behaviour="missing values are named; NoEcho is hidden")
def test_parameters_are_named_where_missing_and_hidden_where_secret(stacks: Stacks) -> None:
    secret = {"S": {"Type": "String", "NoEcho": True}, "T": {"Type": "String"}}
    body = with_parts(template(P=parameter(value={"Ref": "S"})), Parameters=secret)
    with pytest.raises(ClientError, match=r"Parameters: \[S, T\] must have values"):
        stacks.create(body)
    given = [{"ParameterKey": key, "ParameterValue": "hush"} for key in secret]
    described = stacks.change_set(body, ChangeSetType="CREATE", Parameters=given)
    assert "hush" not in json.dumps(described["Changes"])
    assert {"ParameterKey": "S", "ParameterValue": "****"} in described["Parameters"]
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    stacks.settled()
    assert {"ParameterKey": "S", "ParameterValue": "****"} in stacks.one()["Parameters"]


@pytest.mark.aws(f"{API}/API_Parameter.html", behaviour="a parameter that names an SSM parameter shows both")
def test_an_ssm_parameter_type_shows_its_name_and_its_value(stacks: Stacks, aws: LocalAccount) -> None:
    aws.client("ssm").put_parameter(Name="/cfg", Value="behind", Type="String")
    kind = {"K": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cfg"}}
    stacks.create(with_parts(template(P=parameter(value={"Ref": "K"})), Parameters=kind))
    assert stacks.one()["Parameters"] == [
        {"ParameterKey": "K", "ParameterValue": "/cfg", "ResolvedValue": "behind"}
    ]  # fmt: skip
    assert aws.client("ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "behind"


@pytest.mark.aws(f"{API}/API_GetTemplateSummary.html", behaviour="version, metadata, constraints, identifiers")
def test_a_template_is_summed_up(stacks: Stacks) -> None:
    size = {"Size": {"Type": "Number", "Default": 1, "AllowedValues": [1, 2], "Description": "how big"}}
    body = with_parts(template(G=group(), P=parameter()), Parameters=size, Description="d", Metadata={"k": "v"})
    found = stacks.api.get_template_summary(TemplateBody=body)
    assert found["Version"] == "2010-09-09"
    assert json.loads(found["Metadata"]) == {"k": "v"}
    assert found["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert found["Parameters"] == [
        {
            "ParameterKey": "Size", "DefaultValue": "1", "ParameterType": "Number", "NoEcho": False,
            "Description": "how big", "ParameterConstraints": {"AllowedValues": ["1", "2"]},
        }
    ]  # fmt: skip
    assert {
        "ResourceType": "AWS::IAM::Group", "LogicalResourceIds": ["G"], "ResourceIdentifiers": ["GroupName"],
    } in found["ResourceIdentifierSummaries"]  # fmt: skip
    stacks.create(template(P=parameter()))
    assert stacks.api.get_template_summary(StackName="stack")["ResourceTypes"] == ["AWS::SSM::Parameter"]


@pytest.mark.aws(f"{GUIDE}/resource-import-supported-resources.html", behaviour="roles, groups, policies are imported")
def test_what_exists_is_imported(stacks: Stacks, aws: LocalAccount) -> None:
    iam, account = aws.client("iam"), aws.account_id
    iam.create_role(RoleName="runner", AssumeRolePolicyDocument=json.dumps(trust()))
    iam.create_group(GroupName="readers")
    iam.create_policy(PolicyName="level", PolicyDocument=json.dumps(policy()["Properties"]["PolicyDocument"]))
    kept = {
        name: {**one, "DeletionPolicy": "Retain"}
        for name, one in (("R", role()), ("G", group()), ("P", policy()))
    }  # fmt: skip
    named = {
        "R": {"RoleName": "runner"}, "G": {"GroupName": "readers"},
        "P": {"PolicyArn": f"arn:aws:iam::{account}:policy/level"},
    }  # fmt: skip
    wanted = [
        {"ResourceType": kept[key]["Type"], "LogicalResourceId": key, "ResourceIdentifier": named[key]} for key in kept
    ]
    described = stacks.change_set(template(**kept), ChangeSetType="IMPORT", ResourcesToImport=wanted)
    assert {one["ResourceChange"]["Action"] for one in described["Changes"]} == {"Import"}
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    assert stacks.settled() == "IMPORT_COMPLETE"
    assert stacks.delete() == "DELETE_COMPLETE"
    assert iam.get_group(GroupName="readers")


@pytest.mark.aws(f"{API}/API_CreateChangeSet.html", behaviour="ImportExistingResources takes what has the name")
def test_existing_resources_are_taken_over_by_name(stacks: Stacks, aws: LocalAccount) -> None:
    aws.client("iam").create_group(GroupName="readers")
    body = template(G={**group(), "DeletionPolicy": "Retain"}, P=parameter())
    described = stacks.change_set(body, ChangeSetType="CREATE", ImportExistingResources=True)
    actions = {
        one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]["Action"] for one in described["Changes"]
    }
    assert actions == {"G": "Import", "P": "Add"}
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    assert stacks.settled() == "CREATE_COMPLETE"


@pytest.mark.aws(
    f"{TYPES}/aws-attribute-deletionpolicy.html", behaviour="Retain keeps, RetainExceptOnCreate at creation not"
)
def test_a_deletion_policy_decides_what_stays(stacks: Stacks, aws: LocalAccount) -> None:
    ssm = aws.client("ssm")
    body = template(
        A={**parameter("/kept"), "DeletionPolicy": "Retain"},
        B={**parameter("/mostly"), "DeletionPolicy": "RetainExceptOnCreate"},
        G={**group(), "DependsOn": ["A", "B"]},
    )
    aws.client("iam").create_group(GroupName="readers")
    assert stacks.create(body) == "ROLLBACK_COMPLETE"
    assert [one["Name"] for one in ssm.describe_parameters()["Parameters"]] == ["/kept"]
    assert ("A", "DELETE_SKIPPED") in stacks.events()


@pytest.mark.aws(f"{TYPES}/aws-attribute-updatereplacepolicy.html", behaviour="what is replaced stays where it says so")
def test_a_replaced_resource_stays_where_it_is_retained(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(P={**parameter("/a"), "UpdateReplacePolicy": "Retain"}))
    stacks.update(template(P={**parameter("/b"), "UpdateReplacePolicy": "Retain"}))
    names = {one["Name"] for one in aws.client("ssm").describe_parameters()["Parameters"]}
    assert names == {"/a", "/b"}


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-accesskey.html", behaviour="Ref is the key's id, GetAtt the secret")
def test_an_access_key_is_a_resource(stacks: Stacks, aws: LocalAccount) -> None:
    user = {"Type": "AWS::IAM::User", "Properties": {"UserName": "bot"}}

    def key(status: str) -> dict[str, Any]:
        return {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": {"Ref": "U"}, "Status": status}}

    outputs = {"Id": {"Value": {"Ref": "K"}}, "Secret": {"Value": {"Fn::GetAtt": "K.SecretAccessKey"}}}
    stacks.create(template(outputs, U=user, K=key("Active")))
    made = {one["OutputKey"]: one["OutputValue"] for one in stacks.one()["Outputs"]}
    assert made["Id"].startswith("AKIA")
    assert made["Secret"]
    assert stacks.update(template(outputs, U=user, K=key("Inactive"))) == "UPDATE_COMPLETE"
    listed = aws.client("iam").list_access_keys(UserName="bot")["AccessKeyMetadata"]
    assert [(one["AccessKeyId"], one["Status"]) for one in listed] == [(made["Id"], "Inactive")]
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(f"{TYPES}/aws-resource-ssm-parameter.html", behaviour="without a name, one of its own each time")
def test_an_unnamed_parameter_gets_a_name(stacks: Stacks, aws: LocalAccount) -> None:
    unnamed = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "1"}}
    stacks.create(template(P=unnamed))
    name = aws.client("ssm").describe_parameters()["Parameters"][0]["Name"]
    assert name.startswith("CFN-P-")
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(f"{API}/API_DescribeStackResources.html", behaviour="a resource is found by its physical id")
def test_a_resource_leads_to_its_stack(stacks: Stacks) -> None:
    stacks.create(template(P=parameter()))
    found = stacks.api.describe_stack_resources(PhysicalResourceId="/app/one")["StackResources"]
    assert [(one["StackName"], one["LogicalResourceId"]) for one in found] == [("stack", "P")]


@pytest.mark.aws(f"{API}/API_DescribeStackResources.html", behaviour="the first hundred; ListStackResources has all")
def test_only_a_hundred_resources_are_described(stacks: Stacks) -> None:
    stacks.create(template(**{f"P{number}": parameter(f"/p/{number}") for number in range(101)}))
    assert len(stacks.api.describe_stack_resources(StackName="stack")["StackResources"]) == 100
    one = stacks.api.describe_stack_resources(StackName="stack", LogicalResourceId="P100")["StackResources"]
    assert [each["PhysicalResourceId"] for each in one] == ["/p/100"]
    pages = stacks.api.get_paginator("list_stack_resources").paginate(StackName="stack")
    assert sum(len(page["StackResourceSummaries"]) for page in pages) == 101


@pytest.mark.aws(f"{API}/API_StackEvent.html", behaviour="events name their operation and what was asked")
@pytest.mark.aws(f"{API}/API_DescribeEvents.html", behaviour="the events of one operation, failures alone")
def test_events_tell_of_their_operation(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(P=parameter()))
    first = stacks.api.describe_stack_events(StackName="stack")["StackEvents"]
    of_resource = [event for event in first if event["LogicalResourceId"] == "P"]
    assert {json.loads(event["ResourceProperties"])["Value"] for event in of_resource} == {"1"}
    aws.client("iam").create_group(GroupName="readers")
    stacks.update(template(P=parameter(value="2"), G={**group(), "DependsOn": "P"}))
    last = stacks.one()["LastOperations"][0]
    assert last["OperationType"] == "UPDATE_STACK"
    of_update = stacks.api.describe_events(OperationId=last["OperationId"])["OperationEvents"]
    assert {event["LogicalResourceId"] for event in of_update} == {"stack", "P", "G"}
    failed = stacks.api.describe_events(StackName="stack", Filters={"FailedEvents": True})["OperationEvents"]
    assert {event["LogicalResourceId"] for event in failed} == {"G"}


@pytest.mark.aws(f"{API}/API_Stack.html", behaviour="time-out and notification ARNs are kept")
def test_a_stack_keeps_what_it_was_made_with(stacks: Stacks, aws: LocalAccount) -> None:
    topic = f"arn:aws:sns:us-west-1:{aws.account_id}:topic"
    stacks.api.create_stack(
        StackName="stack", TemplateBody=template(P=parameter()), TimeoutInMinutes=5, NotificationARNs=[topic],
        Capabilities=NAMED,
    )  # fmt: skip
    stacks.settled()
    assert (stacks.one()["TimeoutInMinutes"], stacks.one()["NotificationARNs"]) == (5, [topic])


@pytest.mark.aws(
    f"{GUIDE}/stack-failure-options.html", behaviour="a create that failed without a rollback is gone on with"
)
@pytest.mark.parametrize("by", ["update", "change set"])
def test_a_failed_create_is_gone_on_with(stacks: Stacks, aws: LocalAccount, by: str) -> None:
    iam = aws.client("iam")
    iam.create_group(GroupName="readers")
    body = template(P=parameter(), G={**group(), "DependsOn": "P"})
    assert stacks.create(body, DisableRollback=True) == "CREATE_FAILED"
    iam.delete_group(GroupName="readers")
    if by == "update":
        stacks.update(body, DisableRollback=True)
    else:
        stacks.change_set(body)
        stacks.api.execute_change_set(StackName="stack", ChangeSetName="change", DisableRollback=True)
    assert stacks.settled() == "UPDATE_COMPLETE"
    assert iam.get_group(GroupName="readers")
    assert aws.client("ssm").get_parameter(Name="/app/one")["Parameter"]["Version"] == 1
    assert stacks.delete() == "DELETE_COMPLETE"
