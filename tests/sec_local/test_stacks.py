"""Stack operations: create, update, roll back, delete, and what is shown of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from support.stack_samples import NAMED, Stacks, document, group, parameter, policy, role, statement, template, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
API = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference"
TYPES = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"


@pytest.mark.aws(f"{GUIDE}/view-stack-events.html", behaviour="a resource is in progress, initiated, complete")
def test_creation_events_come_in_order(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    assert stacks.events() == [
        ("stack", "CREATE_IN_PROGRESS"),
        ("Group", "CREATE_IN_PROGRESS"),
        ("Group", "CREATE_IN_PROGRESS"),
        ("Group", "CREATE_COMPLETE"),
        ("stack", "CREATE_COMPLETE"),
    ]
    assert "Resource creation Initiated" in stacks.reasons("CREATE_IN_PROGRESS")
    assert "User Initiated" in stacks.reasons("CREATE_IN_PROGRESS")


@pytest.mark.aws(
    f"{GUIDE}/using-cfn-updating-stacks-update-behaviors.html", behaviour="an update touches only what changed"
)
def test_an_update_has_events_only_for_what_it_changes(stacks: Stacks) -> None:
    stacks.create(template(Group=group(), Role=role(), Old=parameter()))
    before = len(stacks.events())
    new = template(Group=group(Path="/x/"), Role=role(), New=parameter("/app/two"))
    assert stacks.update(new) == "UPDATE_COMPLETE"
    assert stacks.events()[before:] == [
        ("stack", "UPDATE_IN_PROGRESS"),
        ("Group", "UPDATE_IN_PROGRESS"),
        ("Group", "UPDATE_COMPLETE"),
        ("New", "CREATE_IN_PROGRESS"),
        ("New", "CREATE_IN_PROGRESS"),
        ("New", "CREATE_COMPLETE"),
        ("stack", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Old", "DELETE_IN_PROGRESS"),
        ("Old", "DELETE_COMPLETE"),
        ("stack", "UPDATE_COMPLETE"),
    ]
    resources = stacks.api.describe_stack_resources(StackName="stack")["StackResources"]
    assert {one["LogicalResourceId"]: one["ResourceStatus"] for one in resources} == {
        "Group": "UPDATE_COMPLETE",
        "Role": "CREATE_COMPLETE",
        "New": "CREATE_COMPLETE",
    }


@pytest.mark.aws(f"{GUIDE}/stack-failure-options.html", behaviour="a failed create is rolled back, with its cause")
def test_a_failed_create_names_what_failed(stacks: Stacks, aws: LocalAccount) -> None:
    aws.client("iam").create_group(GroupName="READERS")
    assert stacks.create(template(Group=group(), Parameter=parameter())) == "ROLLBACK_COMPLETE"
    assert "failed to create: [Group]" in stacks.reasons("ROLLBACK_IN_PROGRESS")[0]
    reason = stacks.reasons("CREATE_FAILED")[0]
    assert "already exists" in reason
    assert "HandlerErrorCode: AlreadyExists" in reason
    assert "failed to create" in stacks.one()["StackStatusReason"]
    assert aws.client("ssm").describe_parameters()["Parameters"] == []


@pytest.mark.aws(f"{GUIDE}/stack-failure-options.html", behaviour="an update that fails puts every property back")
def test_a_failed_update_puts_back_what_it_had_changed(stacks: Stacks, aws: LocalAccount) -> None:
    good = template(
        A=policy("a"),
        B=role(Policies=[{"PolicyName": "p", "PolicyDocument": document()}], Tags=[{"Key": "k", "Value": "1"}]),
        C=parameter(),
        Z=group(),
    )
    stacks.create(good)
    changed = document(statement("s3:ListBucket"))
    bad = template(
        A=policy("a", changed),
        B=role(Policies=[{"PolicyName": "q", "PolicyDocument": changed}], MaxSessionDuration=7200),
        C=parameter(value="2"),
        Z={**group(ManagedPolicyArns=["arn:aws:iam::aws:policy/NotThere"]), "DependsOn": ["A", "B", "C"]},
        N={**group("new"), "DependsOn": ["A"]},
    )
    assert stacks.update(bad) == "UPDATE_ROLLBACK_COMPLETE"
    iam = aws.client("iam")
    arn = f"arn:aws:iam::{aws.account_id}:policy/a"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"] == document()
    live = iam.get_role(RoleName="runner")["Role"]
    assert live["MaxSessionDuration"] == 3600
    assert {"Key": "k", "Value": "1"} in live["Tags"]
    assert iam.list_role_policies(RoleName="runner")["PolicyNames"] == ["p"]
    assert aws.client("ssm").get_parameter(Name="/app/one")["Parameter"]["Value"] == "1"
    assert [one["GroupName"] for one in iam.list_groups()["Groups"]] == ["readers"]
    assert json.loads(json.dumps(stacks.api.get_template(StackName="stack")["TemplateBody"])) == json.loads(good)


@pytest.mark.aws(
    f"{GUIDE}/using-cfn-updating-stacks-continueupdaterollback.html", behaviour="a rollback can fail, and be continued"
)
def test_a_failed_rollback_is_continued(stacks: Stacks, faults: Any) -> None:
    stacks.create(template(Group=group(), Role=role()))
    faults.add(kind="resource", service="AWS::IAM::Role", operation="update", resource="Role")
    faults.add(kind="resource", service="AWS::IAM::Group", operation="update", resource="Group", nth=2)
    bad = template(Group=group(Path="/x/"), Role={**role(MaxSessionDuration=7200), "DependsOn": "Group"})
    assert stacks.update(bad) == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_FAILED"):
        stacks.update(template(Group=group()))
    stacks.api.continue_update_rollback(StackName="stack")
    assert stacks.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.api.describe_stack_resources(StackName="stack")["StackResources"]


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-group.html", behaviour="a group with members is not deleted")
def test_a_deletion_that_fails_keeps_what_is_left(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(Group=group(Policies=[{"PolicyName": "p", "PolicyDocument": document()}]), Role=role()))
    iam = aws.client("iam")
    iam.create_user(UserName="ann")
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    assert stacks.delete() == "DELETE_FAILED"
    assert "[Group]" in stacks.one()["StackStatusReason"]
    assert iam.list_roles()["Roles"] == []
    assert iam.list_group_policies(GroupName="readers")["PolicyNames"] == ["p"]
    with pytest.raises(ClientError, match="DELETE_FAILED"):
        stacks.update(template(Group=group()))
    assert stacks.delete(RetainResources=["Group"]) == "DELETE_COMPLETE"
    assert iam.get_group(GroupName="readers")


@pytest.mark.aws(f"{API}/API_CreateStack.html", behaviour="a name in use is refused in every state but deleted")
def test_a_stack_that_was_rolled_back_can_only_be_deleted(stacks: Stacks, aws: LocalAccount) -> None:
    aws.client("iam").create_group(GroupName="readers")
    stacks.create(template(Group=group()))
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        stacks.create(template(Role=role()))
    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE"):
        stacks.update(template(Role=role()))
    stack_id = stacks.one()["StackId"]
    stacks.delete()
    assert stacks.create(template(Role=role())) == "CREATE_COMPLETE"
    assert stacks.one(stack_id)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.aws(f"{API}/API_UpdateStack.html", behaviour="nothing to do is a ValidationError")
@pytest.mark.parametrize("more", [{}, {"metadata": {"version": "2"}}], ids=["the same", "metadata alone"])
def test_an_update_without_a_change_is_refused(stacks: Stacks, more: dict[str, object]) -> None:
    stacks.create(template(Group=group()))
    with pytest.raises(ClientError, match="No updates are to be performed") as refused:
        stacks.update(template(Group=group(), **more))
    assert refused.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.aws(f"{GUIDE}/using-cfn-protect-stacks.html", behaviour="a protected stack is not deleted")
def test_termination_protection_keeps_a_stack(stacks: Stacks) -> None:
    stacks.create(template(Group=group()), EnableTerminationProtection=True)
    assert stacks.one()["EnableTerminationProtection"]
    with pytest.raises(ClientError, match="TerminationProtection"):
        stacks.delete()
    stacks.api.update_termination_protection(StackName="stack", EnableTerminationProtection=False)
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(f"{API}/API_StackEvent.html", behaviour="events carry the token of the operation")
def test_events_carry_the_client_request_token(stacks: Stacks) -> None:
    stacks.create(template(Group=group()), ClientRequestToken="token-1")
    stacks.update(template(Group=group(Path="/x/")), ClientRequestToken="token-2")
    events = stacks.api.describe_stack_events(StackName="stack")["StackEvents"]
    assert {event["ClientRequestToken"] for event in events} == {"token-1", "token-2"}


@pytest.mark.aws(f"{GUIDE}/using-iam-servicerole.html", behaviour="the service role stays with the stack")
def test_the_service_role_is_kept(stacks: Stacks, aws: LocalAccount) -> None:
    arn = f"arn:aws:iam::{aws.account_id}:role/cloudformation"
    stacks.create(template(Group=group()), RoleARN=arn)
    assert stacks.one()["RoleARN"] == arn


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-group.html", behaviour="Ref is the name, GetAtt the ARN")
@pytest.mark.aws(f"{TYPES}/aws-resource-iam-role.html", behaviour="GetAtt knows Arn and RoleId")
@pytest.mark.aws(f"{TYPES}/aws-resource-iam-managedpolicy.html", behaviour="Ref is the ARN")
def test_references_give_what_the_type_documents(stacks: Stacks, aws: LocalAccount) -> None:
    outputs = {
        "GroupName": {"Value": {"Ref": "Group"}},
        "GroupArn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}},
        "RoleId": {"Value": {"Fn::GetAtt": "Role.RoleId"}},
        "Policy": {"Value": {"Ref": "Policy"}},
    }
    stacks.create(template(outputs, Group=group(), Role=role(), Policy=policy()))
    made = {one["OutputKey"]: one["OutputValue"] for one in stacks.one()["Outputs"]}
    account = f"arn:aws:iam::{aws.account_id}"
    assert made["GroupName"] == "readers"
    assert made["GroupArn"] == f"{account}:group/readers"
    assert made["Policy"] == f"{account}:policy/level"
    assert made["RoleId"].startswith("AROA")


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-group.html", behaviour="GroupName: replacement")
def test_a_new_name_replaces_a_group(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(Group=group("old")))
    assert stacks.update(template(Group=group("new"))) == "UPDATE_COMPLETE"
    assert [one["GroupName"] for one in aws.client("iam").list_groups()["Groups"]] == ["new"]
    tail = stacks.events()[-4:]
    assert tail == [
        ("stack", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Group", "DELETE_IN_PROGRESS"),
        ("Group", "DELETE_COMPLETE"),
        ("stack", "UPDATE_COMPLETE"),
    ]


@pytest.mark.aws(
    f"{GUIDE}/troubleshooting.html", behaviour="a custom-named resource can't be replaced under its own name"
)
def test_a_named_role_can_not_change_its_path(stacks: Stacks) -> None:
    stacks.create(template(Role=role()))
    assert stacks.update(template(Role=role(Path="/x/"))) == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named resource requires replacing" in stacks.reasons("UPDATE_FAILED")[0]


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-managedpolicy.html", behaviour="a document changes as a new version")
def test_many_updates_of_a_policy_keep_at_most_five_versions(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(Policy=policy()))
    for number in range(7):
        body = document(statement(f"s3:Get{number}"))
        assert stacks.update(template(Policy=policy(body=body))) == "UPDATE_COMPLETE"
    arn = f"arn:aws:iam::{aws.account_id}:policy/level"
    versions = aws.client("iam").list_policy_versions(PolicyArn=arn)["Versions"]
    assert len(versions) == 5
    assert next(one["VersionId"] for one in versions if one["IsDefaultVersion"]) == "v8"
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    behaviour="five versions made by others block an update",
)
def test_versions_made_by_others_block_an_update_and_a_deletion(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(Policy=policy()))
    arn, iam = f"arn:aws:iam::{aws.account_id}:policy/level", aws.client("iam")
    for number in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document(statement(f"s3:Get{number}"))))
    assert stacks.update(template(Policy=policy(body=document(statement("s3:X"))))) == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.delete() == "DELETE_FAILED"


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-role.html", behaviour="PermissionsBoundary is set with the role")
def test_a_boundary_is_there_from_the_start_and_can_be_taken_off(stacks: Stacks, aws: LocalAccount) -> None:
    boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
    stacks.create(template(Role=role(PermissionsBoundary=boundary)))
    iam = aws.client("iam")
    found = iam.get_role(RoleName="runner")["Role"]["PermissionsBoundary"]
    assert found["PermissionsBoundaryArn"] == boundary
    stacks.update(template(Role=role()))
    assert "PermissionsBoundary" not in iam.get_role(RoleName="runner")["Role"]


@pytest.mark.aws(f"{GUIDE}/cfn-console-add-tags.html", behaviour="stack tags reach roles and parameters")
def test_stack_tags_reach_what_takes_tags(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(Role=role(), Parameter=parameter()), Tags=[{"Key": "stem", "Value": "x"}])
    tags = aws.client("iam").list_role_tags(RoleName="runner")["Tags"]
    assert {"Key": "stem", "Value": "x"} in tags
    assert {"Key": "aws:cloudformation:stack-name", "Value": "stack"} in tags
    found = aws.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId="/app/one")["TagList"]
    assert {"Key": "stem", "Value": "x"} in found


@pytest.mark.aws(f"{API}/API_DescribeStackEvents.html", behaviour="events are paged, newest first")
def test_events_are_paged(stacks: Stacks, aws: LocalAccount) -> None:
    stacks.create(template(**{f"P{number}": parameter(f"/app/{number}") for number in range(40)}))
    first = stacks.api.describe_stack_events(StackName="stack")
    assert len(first["StackEvents"]) == 100
    assert first["NextToken"]
    assert len(stacks.events()) == 122
    assert len({event["EventId"] for event in first["StackEvents"]}) == 100


@pytest.mark.aws(f"{API}/API_ListStackResources.html", behaviour="resources are paged")
def test_resources_and_stacks_are_paged(stacks: Stacks) -> None:
    stacks.create(template(**{f"P{number}": parameter(f"/app/{number}") for number in range(120)}))
    first = stacks.api.list_stack_resources(StackName="stack")
    assert len(first["StackResourceSummaries"]) == 100
    pages = stacks.api.get_paginator("list_stack_resources").paginate(StackName="stack")
    assert sum(len(page["StackResourceSummaries"]) for page in pages) == 120


@pytest.mark.aws(f"{GUIDE}/validate-stack-deployments.html", behaviour="properties are checked before anything is made")
@pytest.mark.parametrize(
    ("resource", "found"),
    [
        (group(Polices=[]), "extraneous key [Polices]"),
        (role(MaxSessionDuration=100), "100 is not greater or equal to 3600"),
        ({"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x"}}, "required key [AssumeRolePolicyDocument]"),
        (parameter(Type="SecureString"), "SecureString is not a valid enum value"),
        (group(Path="no-slash"), "pattern"),
        (group(ManagedPolicyArns="arn:aws:iam::aws:policy/ReadOnlyAccess"), "expected type: JSONArray, found: String"),
    ],
)
def test_a_wrong_property_is_refused(stacks: Stacks, resource: dict[str, object], found: str) -> None:
    assert stacks.create(template(Wrong=resource, Right=parameter("/app/right"))) == "ROLLBACK_COMPLETE"
    events = stacks.api.describe_events(StackName="stack")["OperationEvents"]
    validation = [event for event in events if event.get("EventType") == "VALIDATION_ERROR"]
    assert [event["ValidationName"] for event in validation] == ["PROPERTY_VALIDATION"]
    assert found in validation[0]["ValidationStatusReason"]
    assert ("Right", "CREATE_IN_PROGRESS") not in stacks.events()


@pytest.mark.aws(f"{API}/API_DeploymentConfig.html", behaviour="express mode does not roll back unless asked to")
@pytest.mark.parametrize(
    ("config", "status"),
    [
        ({"Mode": "EXPRESS"}, "CREATE_FAILED"),
        ({"Mode": "EXPRESS", "DisableRollback": False}, "ROLLBACK_COMPLETE"),
        ({"Mode": "STANDARD"}, "ROLLBACK_COMPLETE"),
    ],
)
def test_express_mode_leaves_a_failure_as_it_is(
    stacks: Stacks, aws: LocalAccount, config: dict[str, object], status: str
) -> None:
    aws.client("iam").create_group(GroupName="readers")
    body = template(Group=group(), Parameter=parameter())
    assert stacks.create(body, DeploymentConfig=config) == status
    stacks.delete()
    stacks.change_set(body, ChangeSetType="CREATE", DeploymentConfig=config)
    stacks.api.execute_change_set(StackName="stack", ChangeSetName="change")
    assert stacks.settled() == status


@pytest.mark.aws(f"{GUIDE}/cloudformation-limits.html", behaviour="500 resources, 51,200 bytes inline")
def test_a_template_that_is_too_big_is_refused(stacks: Stacks) -> None:
    many = {f"P{number}": {"Type": "AWS::CloudFormation::WaitConditionHandle"} for number in range(501)}
    with pytest.raises(ClientError, match="500"):
        stacks.create(template(**many))
    with pytest.raises(ClientError, match="51200"):
        stacks.api.create_stack(StackName="s", TemplateBody=template(Group=group()) + " " * 52_000, Capabilities=NAMED)


@pytest.mark.aws(f"{API}/API_CreateStack.html", behaviour="a call repeated with its token makes nothing twice")
def test_a_repeated_token_is_the_same_call(stacks: Stacks) -> None:
    call = {"StackName": "stack", "TemplateBody": template(Group=group()), "Capabilities": NAMED}
    first = stacks.api.create_stack(**call, ClientRequestToken="one")["StackId"]
    stacks.settled()
    assert stacks.api.create_stack(**call, ClientRequestToken="one")["StackId"] == first
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        stacks.api.create_stack(**call, ClientRequestToken="two")
    change = {**call, "TemplateBody": template(Group=group(Path="/x/")), "ChangeSetName": "c", "ClientToken": "t"}
    assert stacks.api.create_change_set(**change)["Id"] == stacks.api.create_change_set(**change)["Id"]


@pytest.mark.aws(f"{GUIDE}/stack-failure-options.html", behaviour="a rollback of a create can fail too")
def test_a_create_whose_rollback_fails_keeps_what_is_left(stacks: Stacks, faults: Any) -> None:
    faults.add(kind="resource", service="AWS::IAM::Role", operation="create")
    faults.add(kind="resource", service="AWS::IAM::Group", operation="delete")
    body = template(Group=group(), Role={**role(), "DependsOn": "Group"})
    assert stacks.create(body) == "ROLLBACK_FAILED"
    assert ("Group", "DELETE_FAILED") in stacks.events()
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(f"{API}/API_ContinueUpdateRollback.html", behaviour="a resource can be skipped")
def test_a_rollback_goes_on_without_the_resource_that_blocks_it(stacks: Stacks, faults: Any) -> None:
    def status_of(logical_id: str) -> str:
        (found,) = stacks.api.describe_stack_resources(StackName="stack", LogicalResourceId=logical_id)[
            "StackResources"
        ]
        return str(found["ResourceStatus"])

    stacks.create(template(Group=group(), Role=role()))
    faults.add(kind="resource", service="AWS::IAM::Role", operation="update")
    faults.add(kind="resource", service="AWS::IAM::Group", operation="update", nth=2, times=0)
    bad = template(Group=group(Path="/x/"), Role={**role(MaxSessionDuration=7200), "DependsOn": "Group"})
    assert stacks.update(bad) == "UPDATE_ROLLBACK_FAILED"
    stacks.api.continue_update_rollback(StackName="stack")
    assert stacks.settled() == "UPDATE_ROLLBACK_FAILED"
    assert status_of("Group") == "UPDATE_FAILED"
    stacks.api.continue_update_rollback(StackName="stack", ResourcesToSkip=["Group"])
    assert stacks.settled() == "UPDATE_ROLLBACK_COMPLETE"
    assert status_of("Group") == "UPDATE_COMPLETE"


@pytest.mark.aws(f"{API}/API_DescribeStacks.html", behaviour="a deleted stack is found by its id alone")
def test_a_deleted_stack_is_found_by_its_id(stacks: Stacks) -> None:
    stacks.create(template(Group=group()))
    stack_id = stacks.one()["StackId"]
    stacks.delete()
    assert stacks.events(stack_id)[-1] == ("stack", "DELETE_COMPLETE")
    for call in (stacks.api.describe_stack_events, stacks.api.list_stack_resources, stacks.api.get_template):
        with pytest.raises(ClientError, match="does not exist"):
            call(StackName="stack")
    assert stacks.api.get_template(StackName=stack_id)["TemplateBody"]


@pytest.mark.aws(
    "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html", behaviour="another region's bucket redirects"
)
def test_a_bucket_of_another_region_is_elsewhere(aws: LocalAccount) -> None:
    name = f"here-{aws.account_id}"
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    from botocore.config import Config  # noqa: PLC0415 - as the fixtures do

    other = aws.session().client(
        "s3", endpoint_url=aws.url, region_name="eu-west-1", config=Config(s3={"addressing_style": "path"})
    )
    assert other.head_bucket(Bucket=name)["BucketRegion"] == aws.region
    assert other.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == aws.region


@pytest.mark.aws(f"{GUIDE}/stack-failure-options.html", behaviour="a resource that failed half-way leaves nothing")
@pytest.mark.parametrize(
    "half",
    [
        role(ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/NoSuchOne"]),
        group(Policies=[{"PolicyName": "p", "PolicyDocument": document()}, {"PolicyName": "q", "PolicyDocument": {}}]),
        policy(Groups=["missing"]),
    ],
    ids=["role", "group", "policy"],
)
def test_a_resource_that_fails_half_way_leaves_nothing(
    stacks: Stacks, aws: LocalAccount, half: dict[str, object]
) -> None:
    assert stacks.create(template(Half=half)) == "ROLLBACK_COMPLETE"
    iam = aws.client("iam")
    found = iam.get_account_authorization_details()
    assert (found["RoleDetailList"], found["GroupDetailList"], found["Policies"]) == ([], [], [])


@pytest.mark.aws(f"{API}/API_DeploymentConfig.html", behaviour="express mode does not wait for resources to settle")
def test_express_mode_does_not_wait(stacks: Stacks, faults: Any) -> None:
    faults.settings(delay=5.0)
    assert stacks.create(template(Group=group()), DeploymentConfig={"Mode": "EXPRESS"}) == "CREATE_COMPLETE"
    assert stacks.one()["DeploymentConfig"] == {"Mode": "EXPRESS"}


@pytest.mark.aws(f"{GUIDE}/dynamic-references-ssm.html", behaviour="a trust policy may take a parameter's value")
def test_a_dynamic_reference_is_resolved(stacks: Stacks, aws: LocalAccount) -> None:
    root = f"arn:aws:iam::{aws.account_id}:root"
    aws.client("ssm").put_parameter(Name="/who", Value=root, Type="String")
    one = role(AssumeRolePolicyDocument=trust({"AWS": "{{resolve:ssm:/who}}"}), Path="{{resolve:ssm:/path}}")
    aws.client("ssm").put_parameter(Name="/path", Value="/x/", Type="String")
    assert stacks.create(template(Role=one)) == "CREATE_COMPLETE"
    live = aws.client("iam").get_role(RoleName="runner")["Role"]
    assert live["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": root}
    assert live["Path"] == "/x/"


@pytest.mark.aws(f"{GUIDE}/template-anatomy.html", behaviour="a template that makes no sense makes no stack")
@pytest.mark.parametrize(
    ("body", "found"),
    [
        (template(P=parameter(value={"Ref": "Nope"})), r"Unresolved resource dependencies \[Nope\] in the Resources"),
        (template({"O": {"Value": {"Ref": "Nope"}}}, P=parameter()), r"\[Nope\] in the Outputs block"),
        (template(P={**parameter(), "DependsOn": "Nope"}), r"Unresolved resource dependencies \[Nope\]"),
        (template(A=parameter("/a", {"Ref": "B"}), B=parameter("/b", {"Ref": "A"})), "Circular dependency"),
        ('{"Resources": {}}', "At least one Resources member"),
        ('{"Resourcess": {}, "Resources": {"P": {"Type": "AWS::SNS::Topic"}}}', r"\[Resourcess\]"),
        (template(P={**parameter(), "DeletionPolcy": "Retain"}), "Invalid template resource property 'DeletionPolcy'"),
        (template(P={"Type": "AWS::IAM::Grop"}), r"Unrecognized resource types: \[AWS::IAM::Grop\]"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused(stacks: Stacks, body: str, found: str) -> None:
    with pytest.raises(ClientError, match=found) as refused:
        stacks.create(body)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert stacks.api.describe_stacks()["Stacks"] == []


@pytest.mark.aws(
    f"{GUIDE}/outputs-section-structure.html", behaviour="an output that can't be resolved fails the stack"
)
def test_an_output_of_nothing_rolls_back(stacks: Stacks) -> None:
    body = template({"O": {"Value": {"Fn::GetAtt": ["Group", "Nothing"]}}}, Group=group())
    assert stacks.create(body) == "ROLLBACK_COMPLETE"
    assert "Nothing" in stacks.one()["StackStatusReason"]


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-user.html", behaviour="users and inline policies meet IAM's rules too")
def test_other_iam_types_meet_the_same_rules(stacks: Stacks, aws: LocalAccount) -> None:
    aws.client("iam").create_user(UserName="ANN")
    user = {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann", "Tags": [{"Key": "k", "Value": "v"}]}}
    assert stacks.create(template(User=user)) == "ROLLBACK_COMPLETE"
    assert "already exists" in stacks.reasons("CREATE_FAILED")[0]
    stacks.delete()
    user["Properties"] = {"UserName": "bob"}
    long = document(statement(resource=f"arn:aws:s3:::{'x' * 2100}"))
    inline = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "PolicyDocument": long, "Users": ["bob"]}}
    assert stacks.create(template(User=user, Inline={**inline, "DependsOn": "User"})) == "ROLLBACK_COMPLETE"
    assert "2048" in stacks.reasons("CREATE_FAILED")[0]
    stacks.delete()
    inline["Properties"] = {"PolicyName": "p", "PolicyDocument": document(), "Users": ["bob"]}
    assert stacks.create(template(User=user, Inline={**inline, "DependsOn": "User"})) == "CREATE_COMPLETE"
    assert aws.client("iam").get_user_policy(UserName="bob", PolicyName="p")["PolicyDocument"] == document()
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(f"{TYPES}/aws-resource-iam-usertogroupaddition.html", behaviour="users are put into a group")
@pytest.mark.aws(f"{TYPES}/aws-resource-iam-grouppolicy.html", behaviour="an inline policy as a resource of its own")
def test_policies_and_members_as_resources_of_their_own(stacks: Stacks, aws: LocalAccount) -> None:
    iam = aws.client("iam")
    for name in ("ann", "bob", "cy"):
        iam.create_user(UserName=name)

    def body(users: list[str], action: str) -> str:
        one = {"GroupName": {"Ref": "Group"}, "Users": users}
        own = {"GroupName": {"Ref": "Group"}, "PolicyName": "own", "PolicyDocument": document(statement(action))}
        return template(
            Group=group(),
            Members={"Type": "AWS::IAM::UserToGroupAddition", "Properties": one},
            Policy={"Type": "AWS::IAM::GroupPolicy", "Properties": own},
        )

    def members() -> list[str]:
        return sorted(user["UserName"] for user in iam.get_group(GroupName="readers")["Users"])

    assert stacks.create(body(["ann", "bob"], "s3:GetObject")) == "CREATE_COMPLETE"
    assert members() == ["ann", "bob"]
    assert stacks.update(body(["bob", "cy"], "s3:PutObject")) == "UPDATE_COMPLETE"
    assert members() == ["bob", "cy"]
    live = iam.get_group_policy(GroupName="readers", PolicyName="own")["PolicyDocument"]
    assert live == document(statement("s3:PutObject"))
    assert stacks.update(body(["ann", "missing"], "s3:PutObject")) == "UPDATE_ROLLBACK_COMPLETE"
    assert members() == ["bob", "cy"]
    assert stacks.delete() == "DELETE_COMPLETE"
    assert iam.list_groups()["Groups"] == []
