"""IAM's users, keys, devices, service-linked roles, and whom a trust policy goes on meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.refusals import code_of
from support.stack_samples import document, statement, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

IAM = "https://docs.aws.amazon.com/IAM/latest"
TRUST, DOCUMENT = json.dumps(trust()), json.dumps(document())


@pytest.fixture
def iam(aws: LocalAccount) -> Any:
    return aws.client("iam")


def as_user(aws: LocalAccount, user: str, service: str) -> Any:
    """A client with a key of the user."""
    key = aws.client("iam").create_access_key(UserName=user)["AccessKey"]
    session: Any = aws.session()
    return session.client(
        service, endpoint_url=aws.url, aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )  # fmt: skip


@pytest.mark.aws(f"{IAM}/APIReference/API_UpdateUser.html", behaviour="a user is renamed with all that hangs on it")
def test_a_user_is_renamed_with_all_it_has(iam: Any) -> None:
    iam.create_user(UserName="old")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="old")
    iam.put_user_policy(UserName="old", PolicyName="own", PolicyDocument=DOCUMENT)
    iam.update_user(UserName="old", NewUserName="new", NewPath="/x/")
    assert iam.get_user(UserName="new")["User"]["Arn"].endswith(":user/x/new")
    assert [user["UserName"] for user in iam.get_group(GroupName="g")["Users"]] == ["new"]
    assert iam.list_user_policies(UserName="new")["PolicyNames"] == ["own"]
    iam.create_user(UserName="other")
    assert code_of(iam.update_user, UserName="other", NewUserName="NEW") == "EntityAlreadyExists"


@pytest.mark.aws(f"{IAM}/APIReference/API_GetUser.html", behaviour="without a name, the caller's own user")
@pytest.mark.aws(
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    behaviour="a user's key is of the user's account",
)
def test_a_user_sees_itself(iam: Any, aws: LocalAccount) -> None:
    iam.create_user(UserName="ann", Path="/x/")
    assert as_user(aws, "ann", "iam").get_user()["User"]["UserName"] == "ann"
    identity = as_user(aws, "ann", "sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{aws.account_id}:user/x/ann"
    assert identity["Account"] == aws.account_id


@pytest.mark.aws(
    f"{IAM}/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entities", behaviour="two keys a user"
)
@pytest.mark.aws(f"{IAM}/APIReference/API_DeleteUser.html", behaviour="keys and devices go first")
@pytest.mark.aws(f"{IAM}/APIReference/API_DeleteVirtualMFADevice.html", behaviour="deactivated before it is deleted")
def test_a_user_goes_after_its_keys_and_devices(iam: Any, aws: LocalAccount) -> None:
    iam.create_user(UserName="ann")
    keys = [iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"] for _ in range(2)]
    assert code_of(iam.create_access_key, UserName="ann") == "LimitExceeded"
    assert code_of(iam.delete_user, UserName="ann") == "DeleteConflict"
    for key in keys:
        iam.delete_access_key(UserName="ann", AccessKeyId=key)
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="ann")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName="ann", SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    assert code_of(iam.delete_user, UserName="ann") == "DeleteConflict"
    assert code_of(iam.delete_virtual_mfa_device, SerialNumber=serial) == "DeleteConflict"
    iam.deactivate_mfa_device(UserName="ann", SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.delete_user(UserName="ann")


@pytest.mark.aws(f"{IAM}/APIReference/API_PutRolePolicy.html", behaviour="UnmodifiableEntity for service-linked roles")
@pytest.mark.aws(f"{IAM}/APIReference/API_CreateServiceLinkedRole.html", behaviour="InvalidInput where there is one")
def test_a_service_linked_role_is_its_services(iam: Any) -> None:
    service = "elasticbeanstalk.amazonaws.com"
    made = iam.create_service_linked_role(AWSServiceName=service)["Role"]
    assert made["Path"] == f"/aws-service-role/{service}/"
    call = {"RoleName": made["RoleName"], "PolicyName": "x", "PolicyDocument": DOCUMENT}
    assert code_of(iam.put_role_policy, **call) == "UnmodifiableEntity"
    assert code_of(iam.delete_role, RoleName=made["RoleName"]) == "UnmodifiableEntity"
    assert code_of(iam.create_service_linked_role, AWSServiceName=service) == "InvalidInput"
    iam.update_role(RoleName=made["RoleName"], Description="may be described")


@pytest.mark.aws(f"{IAM}/APIReference/API_ListAttachedRolePolicies.html", behaviour="filtered by the policies' path")
@pytest.mark.parametrize("kind", ["role", "group", "user"])
def test_attached_policies_are_listed_by_path(iam: Any, aws: LocalAccount, kind: str) -> None:
    name = {f"{kind.title()}Name": "one"}
    getattr(iam, f"create_{kind}")(**name, **({"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}))
    for path in ("/", "/x/"):
        iam.create_policy(PolicyName=f"p{len(path)}", Path=path, PolicyDocument=DOCUMENT)
        arn = f"arn:aws:iam::{aws.account_id}:policy{path}p{len(path)}"
        getattr(iam, f"attach_{kind}_policy")(**name, PolicyArn=arn)
    listed = getattr(iam, f"list_attached_{kind}_policies")(**name, PathPrefix="/x/")["AttachedPolicies"]
    assert [one["PolicyName"] for one in listed] == ["p3"]


@pytest.mark.aws(f"{IAM}/APIReference/API_ListPolicyVersions.html", behaviour="the newest version first")
def test_versions_are_listed_newest_first(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document(statement("s3:X"))), SetAsDefault=True)
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [(one["VersionId"], one["IsDefaultVersion"]) for one in versions] == [("v2", True), ("v1", False)]
    details = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])["Policies"][0]
    assert [one["VersionId"] for one in details["PolicyVersionList"]] == ["v2", "v1"]


@pytest.mark.aws(f"{IAM}/APIReference/API_UpdateRole.html", behaviour="an empty description takes it away")
def test_a_description_is_taken_away(iam: Any) -> None:
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST, Description="old")
    iam.update_role(RoleName="r", MaxSessionDuration=7200)
    assert iam.get_role(RoleName="r")["Role"]["Description"] == "old"
    iam.update_role(RoleName="r", Description="")
    assert not iam.get_role(RoleName="r")["Role"].get("Description")


@pytest.mark.aws(
    f"{IAM}/UserGuide/reference_policies_elements_principal.html#principal-roles",
    behaviour="a deleted role stays as its id, and a new one of the same name is not meant",
)
@pytest.mark.parametrize("listed", [True, False])
def test_trust_in_a_deleted_role_is_broken(iam: Any, aws: LocalAccount, listed: bool) -> None:
    arn = f"arn:aws:iam::{aws.account_id}:role/trusted"

    def principal() -> Any:
        return iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]

    role_id = iam.create_role(RoleName="trusted", AssumeRolePolicyDocument=TRUST)["Role"]["RoleId"]
    stated = [arn, "111122223333"] if listed else arn
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust({"AWS": stated})))
    assert principal() == stated
    iam.delete_role(RoleName="trusted")
    iam.create_role(RoleName="trusted", AssumeRolePolicyDocument=TRUST)
    assert principal() == ([role_id, "111122223333"] if listed else role_id)


@pytest.mark.aws(
    f"{IAM}/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
    behaviour="a new role is not known everywhere at once (switch `principal_delay`)",
)
def test_a_new_role_may_be_unknown_as_a_principal_for_a_moment(iam: Any, aws: LocalAccount, faults: Any) -> None:
    arn = iam.create_role(RoleName="new", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    trusting = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(trust({"AWS": arn}))}
    faults.settings(principal_delay=30.0)
    assert code_of(iam.create_role, **trusting) == "MalformedPolicyDocument"
    faults.settings(principal_delay=0.0)
    iam.create_role(**trusting)
