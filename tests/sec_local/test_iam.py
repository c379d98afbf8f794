"""IAM: names, quotas, documents, conflicts, versions, tags, pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.refusals import refused
from support.stack_samples import document, statement, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

IAM = "https://docs.aws.amazon.com/IAM/latest"
QUOTAS = f"{IAM}/UserGuide/reference_iam-quotas.html"
GRAMMAR = f"{IAM}/UserGuide/reference_policies_grammar.html"
TRUST, DOCUMENT = json.dumps(trust()), json.dumps(document())
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def iam(aws: LocalAccount) -> Any:
    return aws.client("iam")


def sized(size: int) -> str:
    """A document that counts `size` characters without white space."""
    bare = json.dumps(document(statement(resource="arn:aws:s3:::")), separators=(",", ":"))
    padding = "x" * (size - len(bare))
    return json.dumps(document(statement(resource=f"arn:aws:s3:::{padding}")), indent=4)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-names", behaviour="names are unique without regard to case")
def test_a_name_is_taken_whatever_its_case(iam: Any) -> None:
    iam.create_role(RoleName="runner", AssumeRolePolicyDocument=TRUST)
    iam.create_group(GroupName="readers")
    iam.create_user(UserName="ann")
    iam.create_policy(PolicyName="level", PolicyDocument=DOCUMENT)
    iam.create_instance_profile(InstanceProfileName="profile")
    for call, parameters in (
        (iam.create_role, {"RoleName": "Runner", "AssumeRolePolicyDocument": TRUST}),
        (iam.create_group, {"GroupName": "READERS"}),
        (iam.create_user, {"UserName": "Ann"}),
        (iam.create_policy, {"PolicyName": "LEVEL", "PolicyDocument": DOCUMENT, "Path": "/other/"}),
        (iam.create_instance_profile, {"InstanceProfileName": "Profile"}),
    ):
        assert refused(call, **parameters)[:2] == ("EntityAlreadyExists", 409)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-names", behaviour="characters and lengths of names")
@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("create_role", {"RoleName": "x" * 65, "AssumeRolePolicyDocument": TRUST}),
        ("create_role", {"RoleName": "with space", "AssumeRolePolicyDocument": TRUST}),
        ("create_role", {"RoleName": "ümlaut", "AssumeRolePolicyDocument": TRUST}),
        ("create_group", {"GroupName": "x" * 129}),
        ("create_group", {"GroupName": "a/b"}),
        ("create_policy", {"PolicyName": "x" * 129, "PolicyDocument": DOCUMENT}),
        ("create_group", {"GroupName": "a", "Path": "no-slashes"}),
        ("create_group", {"GroupName": "a", "Path": f"/{'x' * 512}/"}),
        ("create_role", {"RoleName": "a", "AssumeRolePolicyDocument": TRUST, "Description": "x" * 1001}),
        ("create_role", {"RoleName": "a", "AssumeRolePolicyDocument": TRUST, "Description": "dash — dash"}),
        ("create_role", {"RoleName": "a", "AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 3599}),
        ("create_role", {"RoleName": "a", "AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 43201}),
        ("create_policy", {"PolicyName": "a", "PolicyDocument": DOCUMENT.replace("*", "— ")}),
    ],
)
def test_what_does_not_fit_is_a_validation_error(aws: LocalAccount, action: str, parameters: dict[str, Any]) -> None:
    from botocore.config import Config  # noqa: PLC0415 - as the fixtures do

    client = aws.session().client("iam", endpoint_url=aws.url, config=Config(parameter_validation=False))
    assert refused(getattr(client, action), **parameters)[:2] == ("ValidationError", 400)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-names", behaviour="the longest names fit")
def test_the_longest_names_fit(iam: Any) -> None:
    iam.create_role(RoleName="r" * 64, AssumeRolePolicyDocument=TRUST, MaxSessionDuration=43200)
    iam.create_group(GroupName="g" * 128, Path=f"/{'p' * 510}/")
    iam.create_policy(PolicyName="p" * 128, PolicyDocument=DOCUMENT, Description="ä" * 1000)


@pytest.mark.aws(
    f"{QUOTAS}#reference_iam-quotas-entity-length", behaviour="inline policies share a sum without white space"
)
@pytest.mark.parametrize(("kind", "limit"), [("role", 10240), ("group", 5120), ("user", 2048)])
def test_inline_policies_share_their_limit(iam: Any, kind: str, limit: int) -> None:
    name = {f"{kind.title()}Name": "one"}
    extra = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
    getattr(iam, f"create_{kind}")(**name, **extra)
    put = getattr(iam, f"put_{kind}_policy")
    put(**name, PolicyName="a", PolicyDocument=sized(limit - 1000))
    put(**name, PolicyName="b", PolicyDocument=sized(1000))
    assert refused(put, **name, PolicyName="b", PolicyDocument=sized(1001))[:2] == ("LimitExceeded", 409)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-entity-length", behaviour="a managed policy holds 6,144 characters")
def test_a_managed_policy_has_its_size(iam: Any) -> None:
    iam.create_policy(PolicyName="fits", PolicyDocument=sized(6144))
    assert refused(iam.create_policy, PolicyName="big", PolicyDocument=sized(6145))[:2] == ("LimitExceeded", 409)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-entity-length", behaviour="a trust policy holds 2,048 by default")
def test_a_trust_policy_has_its_size(iam: Any, faults: Any) -> None:
    padding = {"Condition": {"StringEquals": {"aws:PrincipalTag/x": "y" * 1800}}}
    iam.create_role(RoleName="fits", AssumeRolePolicyDocument=json.dumps(trust(**padding)))
    padding = {"Condition": {"StringEquals": {"aws:PrincipalTag/x": "y" * 2048}}}
    long = json.dumps(trust(**padding))
    code, status, message = refused(iam.create_role, RoleName="big", AssumeRolePolicyDocument=long)
    assert (code, status) == ("LimitExceeded", 409)
    assert "ACLSizePerRole: 2048" in message
    faults.settings(quotas={"ACLSizePerRole": 4096})
    iam.create_role(RoleName="big", AssumeRolePolicyDocument=long)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-entities", behaviour="ten managed policies per group and role")
@pytest.mark.parametrize("kind", ["role", "group", "user"])
def test_at_most_ten_policies_are_attached(iam: Any, aws: LocalAccount, kind: str) -> None:
    name = {f"{kind.title()}Name": "one"}
    extra = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
    getattr(iam, f"create_{kind}")(**name, **extra)
    attach = getattr(iam, f"attach_{kind}_policy")
    for number in range(11):
        iam.create_policy(PolicyName=f"p{number}", PolicyDocument=DOCUMENT)
    arns = [f"arn:aws:iam::{aws.account_id}:policy/p{number}" for number in range(11)]
    for arn in arns[:10]:
        attach(**name, PolicyArn=arn)
    attach(**name, PolicyArn=arns[0])
    assert refused(attach, **name, PolicyArn=arns[10])[:2] == ("LimitExceeded", 409)


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-entities", behaviour="a user is in at most ten groups")
def test_a_user_is_in_at_most_ten_groups(iam: Any) -> None:
    iam.create_user(UserName="ann")
    for number in range(11):
        iam.create_group(GroupName=f"g{number}")
    for number in range(10):
        iam.add_user_to_group(UserName="ann", GroupName=f"g{number}")
    assert refused(iam.add_user_to_group, UserName="ann", GroupName="g10")[0] == "LimitExceeded"


@pytest.mark.aws(f"{QUOTAS}#reference_iam-quotas-entities", behaviour="how many groups an account has")
def test_an_account_has_its_number_of_groups(iam: Any, faults: Any) -> None:
    faults.settings(quotas={"GroupsPerAccount": 2})
    iam.create_group(GroupName="a")
    iam.create_group(GroupName="b")
    assert refused(iam.create_group, GroupName="c")[0] == "LimitExceeded"


@pytest.mark.aws(GRAMMAR, behaviour="a document that breaks the grammar is refused")
@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        json.dumps({"Version": "2012-10-17"}),
        json.dumps({"Version": "2011-01-01", "Statement": [statement()]}),
        json.dumps({"Version": "2012-10-17", "Statement": []}),
        json.dumps({"Version": "2012-10-17", "Statements": [statement()]}),
        json.dumps(document({**statement(), "Effect": "allow"})),
        json.dumps(document({"Effect": "Allow", "Resource": "*"})),
        json.dumps(document({"Effect": "Allow", "Action": "s3:GetObject"})),
        json.dumps(document({**statement(), "NotAction": "s3:*"})),
        json.dumps(document({**statement(), "Extra": 1})),
        json.dumps(document(statement(action="GetObject"))),
        json.dumps(document(statement(resource="my-bucket"))),
        json.dumps(document(statement(Principal="*"))),
        json.dumps(document(statement(Sid="with space"))),
        json.dumps(document(statement(Sid="A"), statement(Sid="A"))),
        json.dumps(document(statement(Condition={"StringSimilar": {"aws:username": "x"}}))),
        json.dumps(document(statement(Condition={"StringEquals": {"username": "x"}}))),
    ],
)
def test_a_malformed_document_is_refused(iam: Any, wrong: str) -> None:
    code, status, _ = refused(iam.create_policy, PolicyName="p", PolicyDocument=wrong)
    assert (code, status) == ("MalformedPolicyDocument", 400)


@pytest.mark.aws(f"{IAM}/UserGuide/reference_policies_elements_principal.html", behaviour="who may be trusted")
@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "arn:aws:iam::{account}:role/missing"},
        {"AWS": "arn:aws:iam::{account}:user/missing"},
        {"AWS": "arn:aws:iam::{account}:group/readers"},
        {"AWS": "somebody"},
        {"Service": "lambda"},
        {"Nobody": "*"},
    ],
)
def test_a_principal_that_can_not_be_is_refused(iam: Any, aws: LocalAccount, principal: dict[str, str]) -> None:
    text = json.dumps(trust(principal)).replace("{account}", aws.account_id)
    assert refused(iam.create_role, RoleName="r", AssumeRolePolicyDocument=text)[0] == "MalformedPolicyDocument"


@pytest.mark.aws(f"{IAM}/UserGuide/reference_policies_elements_principal.html", behaviour="who may be trusted")
def test_principals_that_exist_are_trusted(iam: Any, aws: LocalAccount) -> None:
    iam.create_user(UserName="ann", Path="/team/")
    root = f"arn:aws:iam::{aws.account_id}:root"
    for number, principal in enumerate(
        [
            {"AWS": aws.account_id},
            {"AWS": [root, f"arn:aws:iam::{aws.account_id}:user/team/ann"]},
            {"AWS": "arn:aws:iam::111122223333:role/elsewhere"},
            {"Federated": "cognito-identity.amazonaws.com"},
            "*",
        ]
    ):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument=json.dumps(trust(principal)))


@pytest.mark.aws(f"{IAM}/UserGuide/id_roles_update-role-trust-policy.html", behaviour="a trust policy has no Resource")
def test_a_trust_policy_has_no_resource(iam: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    for wrong in (DOCUMENT, json.dumps(trust(Resource="*")), json.dumps(trust(Action="s3:GetObject"))):
        call = iam.update_assume_role_policy
        assert refused(call, RoleName="r", PolicyDocument=wrong)[0] == "MalformedPolicyDocument"


@pytest.mark.aws(
    f"{IAM}/APIReference/API_AttachRolePolicy.html", behaviour="NoSuchEntity for a policy that is not there"
)
@pytest.mark.aws(f"{IAM}/UserGuide/access_policies_boundaries.html", behaviour="a boundary names a policy that exists")
def test_a_policy_that_is_not_there_is_refused(iam: Any, aws: LocalAccount) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    missing = f"arn:aws:iam::{aws.account_id}:policy/missing"
    assert refused(iam.attach_role_policy, RoleName="r", PolicyArn=missing)[:2] == ("NoSuchEntity", 404)
    call = iam.put_role_permissions_boundary
    assert refused(call, RoleName="r", PermissionsBoundary=missing)[:2] == ("NoSuchEntity", 404)


@pytest.mark.aws(f"{IAM}/APIReference/API_DeleteRole.html", behaviour="policies and instance profiles go first")
@pytest.mark.aws(f"{IAM}/APIReference/API_DeleteGroup.html", behaviour="members and policies go first")
@pytest.mark.aws(f"{IAM}/APIReference/API_DeletePolicy.html", behaviour="attachments, boundaries, versions go first")
@pytest.mark.aws(f"{IAM}/APIReference/API_DeleteUser.html", behaviour="groups and policies go first")
def test_nothing_is_deleted_that_is_in_use(iam: Any, aws: LocalAccount) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    iam.create_instance_profile(InstanceProfileName="i")
    conflict = ("DeleteConflict", 409)
    for start, call, name, end in (
        ("attach_role_policy", iam.delete_role, {"RoleName": "r"}, "detach_role_policy"),
        ("attach_group_policy", iam.delete_group, {"GroupName": "g"}, "detach_group_policy"),
        ("attach_user_policy", iam.delete_user, {"UserName": "u"}, "detach_user_policy"),
    ):
        getattr(iam, start)(**name, PolicyArn=arn)
        assert refused(call, **name)[:2] == conflict
        assert refused(iam.delete_policy, PolicyArn=arn)[:2] == conflict
        getattr(iam, end)(**name, PolicyArn=arn)
    iam.put_role_policy(RoleName="r", PolicyName="x", PolicyDocument=DOCUMENT)
    assert refused(iam.delete_role, RoleName="r")[:2] == conflict
    iam.delete_role_policy(RoleName="r", PolicyName="x")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    assert refused(iam.delete_role, RoleName="r")[:2] == conflict
    assert refused(iam.delete_instance_profile, InstanceProfileName="i")[:2] == conflict
    iam.remove_role_from_instance_profile(InstanceProfileName="i", RoleName="r")
    iam.add_user_to_group(GroupName="g", UserName="u")
    assert refused(iam.delete_group, GroupName="g")[:2] == conflict
    assert refused(iam.delete_user, UserName="u")[:2] == conflict
    iam.put_role_permissions_boundary(RoleName="r", PermissionsBoundary=arn)
    assert refused(iam.delete_policy, PolicyArn=arn)[:2] == conflict
    iam.delete_role_permissions_boundary(RoleName="r")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    assert refused(iam.delete_policy, PolicyArn=arn)[:2] == conflict
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)
    iam.delete_role(RoleName="r")


@pytest.mark.aws(
    f"{IAM}/UserGuide/access_policies_managed-versioning.html", behaviour="five versions, one of them default"
)
def test_versions_of_a_policy(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    assert refused(iam.create_policy_version, PolicyArn=arn, PolicyDocument=DOCUMENT)[0] == "LimitExceeded"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v3")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"
    assert refused(iam.delete_policy_version, PolicyArn=arn, VersionId="v3")[0] == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT, SetAsDefault=True)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v6"


@pytest.mark.aws(
    f"{IAM}/UserGuide/id_tags.html", behaviour="fifty tags, keys equal without regard to case, aws: reserved"
)
def test_tags_of_a_role_and_a_policy(iam: Any) -> None:
    fifty = [{"Key": f"k{number}", "Value": "v more"} for number in range(50)]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST, Tags=fifty)
    assert len(iam.list_role_tags(RoleName="r", MaxItems=100)["Tags"]) == 50
    assert iam.get_role(RoleName="r")["Role"]["Tags"][0]["Value"] == "v more"
    assert refused(iam.tag_role, RoleName="r", Tags=[{"Key": "one-more", "Value": "v"}])[0] == "LimitExceeded"
    iam.tag_role(RoleName="r", Tags=[{"Key": "k1", "Value": "new"}])
    assert refused(iam.tag_role, RoleName="r", Tags=[{"Key": "aws:x", "Value": "v"}])[0] == "InvalidInput"
    twice = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    assert refused(iam.create_policy, PolicyName="p", PolicyDocument=DOCUMENT, Tags=twice)[0] == "InvalidInput"


@pytest.mark.aws(f"{IAM}/APIReference/API_ListRoles.html", behaviour="a hundred a page, or MaxItems")
def test_lists_are_paged(iam: Any) -> None:
    for number in range(105):
        iam.create_group(GroupName=f"g{number:03}")
    first = iam.list_groups()
    assert (len(first["Groups"]), first["IsTruncated"]) == (100, True)
    second = iam.list_groups(Marker=first["Marker"])
    assert (len(second["Groups"]), second["IsTruncated"]) == (5, False)
    pages = list(iam.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": 20}))
    assert [len(page["Groups"]) for page in pages] == [20, 20, 20, 20, 20, 5]
    assert refused(iam.list_groups, Marker="nonsense")[0] == "ValidationError"


@pytest.mark.aws(f"{IAM}/APIReference/API_ListEntitiesForPolicy.html", behaviour="who has a policy, page by page")
def test_entities_of_a_policy_are_paged(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    for number in range(3):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument=TRUST)
        iam.attach_role_policy(RoleName=f"r{number}", PolicyArn=arn)
        iam.create_group(GroupName=f"g{number}")
        iam.attach_group_policy(GroupName=f"g{number}", PolicyArn=arn)
    pages = list(
        iam.get_paginator("list_entities_for_policy").paginate(PolicyArn=arn, PaginationConfig={"PageSize": 2})
    )
    assert len(pages) == 3
    assert sum(len(page["PolicyRoles"]) for page in pages) == 3
    assert sum(len(page["PolicyGroups"]) for page in pages) == 3


@pytest.mark.aws(
    f"{IAM}/APIReference/API_GetAccountAuthorizationDetails.html",
    behaviour="groups, roles with trust, boundary, tags and last use, policies with versions",
)
def test_the_whole_account_in_one_answer(iam: Any, aws: LocalAccount) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    tags = [{"Key": "stem", "Value": "x"}]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=READ_ONLY, Tags=tags)
    iam.put_role_policy(RoleName="r", PolicyName="own", PolicyDocument=DOCUMENT)
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.create_instance_profile(InstanceProfileName="i")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="own", PolicyDocument=DOCUMENT)
    iam.attach_group_policy(GroupName="g", PolicyArn=READ_ONLY)
    iam.create_user(UserName="u")
    iam.add_user_to_group(GroupName="g", UserName="u")
    found = iam.get_account_authorization_details()
    role = found["RoleDetailList"][0]
    assert role["AssumeRolePolicyDocument"] == trust()
    assert role["RolePolicyList"] == [{"PolicyName": "own", "PolicyDocument": document()}]
    assert role["AttachedManagedPolicies"] == [{"PolicyName": "p", "PolicyArn": arn}]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY
    assert role["Tags"] == tags
    assert role["InstanceProfileList"][0]["InstanceProfileName"] == "i"
    assert role["RoleLastUsed"] == {}
    assert found["GroupDetailList"][0]["GroupPolicyList"][0]["PolicyDocument"] == document()
    assert found["UserDetailList"][0]["GroupList"] == ["g"]
    policies = {one["PolicyName"]: one for one in found["Policies"]}
    assert set(policies) == {"p", "ReadOnlyAccess"}
    assert policies["p"]["PolicyVersionList"][0]["Document"] == document()
    assert policies["p"]["AttachmentCount"] == 1
    assert policies["ReadOnlyAccess"]["PermissionsBoundaryUsageCount"] == 1
    only = iam.get_account_authorization_details(Filter=["Group"])
    assert (len(only["GroupDetailList"]), only["RoleDetailList"], only["Policies"]) == (1, [], [])
    pages = list(iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) == 3


@pytest.mark.aws(f"{IAM}/APIReference/API_RoleLastUsed.html", behaviour="when and where a role was last used")
def test_a_role_is_used_once_it_is_assumed(iam: Any, aws: LocalAccount) -> None:
    who = {"AWS": f"arn:aws:iam::{aws.account_id}:root"}
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust(who)))["Role"]["Arn"]
    assert iam.get_role(RoleName="r")["Role"]["RoleLastUsed"] == {}
    aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="session")
    assert iam.get_role(RoleName="r")["Role"]["RoleLastUsed"]["Region"] == "us-west-1"
    details = iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"][0]
    assert details["RoleLastUsed"]["LastUsedDate"]
    assert "RoleLastUsed" not in iam.list_roles()["Roles"][0]


@pytest.mark.aws(f"{IAM}/UserGuide/cloudtrail-integration.html", behaviour="IAM calls are recorded in the home region")
def test_cloudtrail_knows_who_did_it(iam: Any, aws: LocalAccount) -> None:
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="own", PolicyDocument=DOCUMENT)
    home: Any = aws.session().client("cloudtrail", endpoint_url=aws.url, region_name="us-east-1")
    attribute = [{"AttributeKey": "ResourceName", "AttributeValue": "g"}]
    events = home.lookup_events(LookupAttributes=attribute)["Events"]
    assert [event["EventName"] for event in events] == ["PutGroupPolicy", "CreateGroup"]
    assert events[0]["Username"] == "root"
    assert {"ResourceType": "AWS::IAM::Group", "ResourceName": "g"} in events[0]["Resources"]
    detail = json.loads(events[0]["CloudTrailEvent"])
    assert detail["requestParameters"]["policyName"] == "own"
    assert aws.client("cloudtrail").lookup_events(LookupAttributes=attribute)["Events"] == []
    first = home.lookup_events(MaxResults=1)
    assert home.lookup_events(MaxResults=1, NextToken=first["NextToken"])["Events"] != first["Events"]


@pytest.mark.aws(f"{IAM}/APIReference/API_UpdateGroup.html", behaviour="name and path of a group can change")
def test_a_group_is_renamed_with_all_it_has(iam: Any) -> None:
    iam.create_group(GroupName="old")
    iam.put_group_policy(GroupName="old", PolicyName="own", PolicyDocument=DOCUMENT)
    iam.update_group(GroupName="old", NewGroupName="new", NewPath="/x/")
    assert iam.get_group(GroupName="new")["Group"]["Arn"].endswith(":group/x/new")
    assert iam.list_group_policies(GroupName="new")["PolicyNames"] == ["own"]


@pytest.mark.aws(
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
    behaviour="AWS managed policies are there, with their paths",
)
@pytest.mark.parametrize("name", ["AdministratorAccess", "job-function/ViewOnlyAccess", "AWSBillingReadOnlyAccess"])
def test_aws_managed_policies_can_be_attached(iam: Any, name: str) -> None:
    iam.create_group(GroupName="g")
    iam.attach_group_policy(GroupName="g", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    attached = iam.list_attached_group_policies(GroupName="g")["AttachedPolicies"]
    assert attached[0]["PolicyName"] == name.rpartition("/")[2]


@pytest.mark.aws(
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    behaviour="a session lasts at most as long as the role says, one hour when roles are chained",
)
def test_a_session_is_no_longer_than_its_role_allows(iam: Any, aws: LocalAccount) -> None:
    who = {"AWS": f"arn:aws:iam::{aws.account_id}:root"}
    trusting = json.dumps(trust(who))
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trusting, MaxSessionDuration=7200)["Role"]["Arn"]
    sts = aws.client("sts")
    call = {"RoleArn": arn, "RoleSessionName": "session"}
    first = sts.assume_role(**call, DurationSeconds=7200)["Credentials"]
    assert refused(sts.assume_role, **call, DurationSeconds=7201)[0] == "ValidationError"
    chained: Any = aws.session().client(
        "sts", endpoint_url=aws.url, aws_access_key_id=first["AccessKeyId"],
        aws_secret_access_key=first["SecretAccessKey"], aws_session_token=first["SessionToken"],
    )  # fmt: skip
    assert chained.assume_role(**call, DurationSeconds=3600)
    assert refused(chained.assume_role, **call, DurationSeconds=3601)[0] == "ValidationError"


@pytest.mark.aws(f"{IAM}/APIReference/API_ListPolicies.html", behaviour="scope, path, use")
def test_policies_are_listed_by_scope_and_use(iam: Any) -> None:
    iam.create_policy(PolicyName="used", PolicyDocument=DOCUMENT)
    iam.create_policy(PolicyName="unused", PolicyDocument=DOCUMENT, Path="/x/")
    iam.create_group(GroupName="g")
    arn = next(one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"] if one["PolicyName"] == "used")
    iam.attach_group_policy(GroupName="g", PolicyArn=arn)
    names = [one["PolicyName"] for one in iam.list_policies(Scope="Local", OnlyAttached=True)["Policies"]]
    assert names == ["used"]
    assert [one["PolicyName"] for one in iam.list_policies(PathPrefix="/x/")["Policies"]] == ["unused"]
    assert len(iam.list_policies(Scope="AWS", MaxItems=1000)["Policies"]) > 50


@pytest.mark.aws(f"{IAM}/APIReference/API_GetAccountSummary.html", behaviour="what there is, and the quotas")
def test_the_account_is_summed_up(iam: Any, faults: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.create_instance_profile(InstanceProfileName="i")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    found = iam.get_account_summary()["SummaryMap"]
    counted = {name: found[name] for name in ("Users", "Groups", "Roles", "InstanceProfiles", "Policies")}
    assert counted == {"Users": 0, "Groups": 0, "Roles": 1, "InstanceProfiles": 1, "Policies": 1}
    assert (found["PolicyVersionsInUse"], found["MFADevices"], found["Providers"]) == (2, 0, 0)
    sizes = [found[f"{kind}PolicySizeQuota"] for kind in ("User", "Group", "Role", "AssumeRole")]
    assert (sizes, found["PolicySizeQuota"]) == ([2048, 5120, 10240, 2048], 6144)
    faults.settings(quotas={"ACLSizePerRole": 4096})
    assert iam.get_account_summary()["SummaryMap"]["AssumeRolePolicySizeQuota"] == 4096


@pytest.mark.aws(GRAMMAR, behaviour="what the grammar allows is stored")
@pytest.mark.parametrize(
    "right",
    [
        document(statement("*")),
        document(statement("*:*", "arn:*:s3:::*")),
        document(statement(["s3:Get*", "s3-object-lambda:?et*"], ["arn:aws:s3:::a/${aws:username}/*", "*"])),
        {"Version": "2008-10-17", "Id": "x", "Statement": statement(Sid="A1")},
        document({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:iam::*:role/a"}),
        document(statement(Condition={"ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a"]}})),
        document(statement(Condition={"bool": {"aws:MultiFactorAuthPresent": True}, "Null": {"aws:x": "true"}})),
    ],
)
def test_a_well_formed_document_is_stored(iam: Any, right: dict[str, Any]) -> None:
    iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(right, indent=2))
