"""Who asks: access keys, sessions, roles and their trust, MFA. Every refusal has an allowed twin."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.enforcement import Someone, administrator, allow, refusal, user, with_credentials
from support.local_aws import LocalAccount, ServerControl, new_account, start_server
from support.stack_samples import document, statement, trust

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
STS = "https://docs.aws.amazon.com/STS/latest/APIReference"
MAY_ASSUME = statement("sts:AssumeRole")
MAY_LIST = statement("iam:List*")


def role(account: LocalAccount, who: Any, *statements: dict[str, Any], name: str = "runner", **condition: Any) -> str:
    """A role that trusts `who`, with one inline policy; its ARN."""
    iam = administrator(account).client("iam")
    conditions = {"Condition": condition} if condition else {}
    trusted = json.dumps(trust({"AWS": who}, **conditions))
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document(*statements)))
    return arn


def root(account: LocalAccount) -> str:
    return f"arn:aws:iam::{account.account_id}:root"


def code(call: Any, /, **parameters: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return str(error.value.response["Error"]["Code"])


# --- access keys and sessions -----------------------------------------------------------------------


@pytest.mark.aws(f"{GUIDE}/id_credentials_access-keys.html", behaviour="keys that nobody has, or that are inactive")
def test_a_key_that_nobody_has_is_invalid(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", MAY_LIST)
    iam = administrator(enforced).client("iam")
    assert ann.client("iam").list_users()["Users"]
    key = iam.list_access_keys(UserName="ann")["AccessKeyMetadata"][0]["AccessKeyId"]
    nobody = with_credentials(enforced, {"AccessKeyId": "AKIANOBODYNOBODYNOB0", "SecretAccessKey": "x"})
    assert code(nobody.client("iam").list_users) == "InvalidClientTokenId"
    assert code(nobody.client("sts").get_caller_identity) == "InvalidClientTokenId"
    assert code(nobody.client("ssm").describe_parameters) == "UnrecognizedClientException"
    assert code(nobody.client("s3").list_buckets) == "InvalidAccessKeyId"
    iam.update_access_key(UserName="ann", AccessKeyId=key, Status="Inactive")
    assert code(ann.client("iam").list_users) == "InvalidClientTokenId"


@pytest.mark.aws(f"{GUIDE}/id_credentials_temp_use-resources.html", behaviour="a session's key goes with its token")
def test_a_sessions_key_needs_its_token(enforced: LocalAccount) -> None:
    arn = role(enforced, root(enforced), MAY_LIST)
    ann = user(enforced, "ann", MAY_ASSUME)
    given = ann.client("sts").assume_role(RoleArn=arn, RoleSessionName="work")["Credentials"]
    assert with_credentials(enforced, given).client("iam").list_users()
    forged = with_credentials(enforced, {**given, "SessionToken": "another"})
    assert code(forged.client("iam").list_users) == "InvalidClientTokenId"


@pytest.mark.aws(f"{GUIDE}/id_roles_manage_delete.html", behaviour="a deleted role's sessions may do nothing")
def test_a_deleted_roles_session_has_no_rights_of_its_successor(enforced: LocalAccount) -> None:
    arn = role(enforced, root(enforced), MAY_LIST)
    session = user(enforced, "ann", MAY_ASSUME).assume(arn)
    assert refusal(session.client("iam").list_users) is None
    iam = administrator(enforced).client("iam")
    iam.delete_role_policy(RoleName="runner", PolicyName="own")
    iam.delete_role(RoleName="runner")
    role(enforced, root(enforced), MAY_LIST)
    assert refusal(session.client("iam").list_users)


@pytest.mark.aws(f"{STS}/API_GetCallerIdentity.html", behaviour="GetCallerIdentity can't be denied")
def test_who_one_is_can_not_be_denied(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", {**statement("*"), "Effect": "Deny"})
    assert ann.client("sts").get_caller_identity()["Arn"].endswith(":user/ann")
    assert "with an explicit deny in an identity-based policy" in str(refusal(ann.client("iam").list_users))


@pytest.mark.aws(f"{GUIDE}/id_root-user.html", behaviour="the account itself may do everything in it")
def test_the_accounts_number_is_its_administrator(enforced: LocalAccount) -> None:
    assert administrator(enforced).client("iam").list_users() is not None
    assert refusal(user(enforced, "ann").client("iam").list_users)


@pytest.mark.aws(
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html",
    behaviour="without a name a call is about the user who signed it",
)
def test_a_call_without_a_name_is_about_its_caller(enforced: LocalAccount) -> None:
    own = f"arn:aws:iam::{enforced.account_id}:user/${{aws:username}}"
    ann = user(enforced, "ann", statement(["iam:*AccessKey*", "iam:GetUser"], own)).client("iam")
    user(enforced, "bob")
    assert ann.create_access_key()["AccessKey"]["UserName"] == "ann"
    assert len(ann.list_access_keys()["AccessKeyMetadata"]) == 2
    assert ann.get_user()["User"]["UserName"] == "ann"
    assert refusal(ann.create_access_key, UserName="bob")


# --- switching it on --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["flag", "environment"])
def test_a_server_enforces_where_it_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    if by == "environment":
        monkeypatch.setenv("AUTH", "true")
    server = start_server(tmp_path, arguments=("--enforce",) if by == "flag" else ())
    try:
        account = new_account(server.url)
        assert refusal(user(account, "ann").client("iam").list_users)
        assert refusal(administrator(account).client("iam").list_users) is None
        ServerControl(server.url).reset()
        assert refusal(user(account, "ann").client("iam").list_users), "as it was at the start"
    finally:
        server.stop()
        for stream in (server.process.stdout, server.process.stderr):
            if stream is not None:
                stream.close()


# --- policies of users ------------------------------------------------------------------------------


@pytest.mark.aws(f"{GUIDE}/access_policies.html", behaviour="inline, attached and group policies; AWS's own among them")
def test_every_way_to_have_a_policy(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    ann = user(enforced, "ann", statement("iam:GetUser"))
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    iam.put_group_policy(
        GroupName="readers", PolicyName="own", PolicyDocument=json.dumps(document(statement("iam:ListUsers")))
    )
    iam.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert refusal(ann.client("iam").get_user) is None
    assert refusal(ann.client("iam").list_users) is None
    assert refusal(ann.client("s3").list_buckets) is None
    assert refusal(ann.client("iam").list_roles)
    iam.remove_user_from_group(GroupName="readers", UserName="ann")
    assert refusal(ann.client("iam").list_users)
    assert refusal(ann.client("s3").list_buckets)


@pytest.mark.aws(
    f"{GUIDE}/access_policies_managed-versioning.html", behaviour="the default version is the one in force"
)
def test_the_default_version_counts(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    ann = user(enforced, "ann")
    first = json.dumps(document(statement("iam:ListUsers")))
    arn = iam.create_policy(PolicyName="level", PolicyDocument=first)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    assert refusal(ann.client("iam").list_users) is None
    second = json.dumps(document(statement("iam:ListRoles")))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=second, SetAsDefault=True)
    assert refusal(ann.client("iam").list_users)
    assert refusal(ann.client("iam").list_roles) is None


@pytest.mark.aws(f"{GUIDE}/access_policies_boundaries.html", behaviour="a user's boundary narrows what it may do")
def test_a_users_boundary_narrows(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    text = json.dumps(document(statement("iam:ListUsers")))
    bound = iam.create_policy(PolicyName="bound", PolicyDocument=text)["Policy"]["Arn"]
    ann = user(enforced, "ann", statement("iam:List*"), PermissionsBoundary=bound)
    assert refusal(ann.client("iam").list_users) is None
    assert "because no permissions boundary allows the iam:ListRoles action" in str(
        refusal(ann.client("iam").list_roles)
    )
    iam.delete_user_permissions_boundary(UserName="ann")
    assert refusal(ann.client("iam").list_roles) is None


@pytest.mark.aws(f"{GUIDE}/access_policies_boundaries.html", behaviour="a role's boundary narrows its sessions")
def test_a_roles_boundary_narrows_its_sessions(enforced: LocalAccount) -> None:
    arn = role(enforced, root(enforced), statement("iam:List*"))
    iam = administrator(enforced).client("iam")
    text = json.dumps(document(statement("iam:ListUsers")))
    bound = iam.create_policy(PolicyName="bound", PolicyDocument=text)["Policy"]["Arn"]
    session = user(enforced, "ann", MAY_ASSUME).assume(arn)
    assert refusal(session.client("iam").list_roles) is None
    iam.put_role_permissions_boundary(RoleName="runner", PermissionsBoundary=bound)
    assert refusal(session.client("iam").list_roles)
    assert refusal(session.client("iam").list_users) is None


@pytest.mark.aws(f"{GUIDE}/access_tags.html", behaviour="${aws:username}, ${aws:PrincipalTag/...} and aws:ResourceTag")
def test_variables_and_tags_of_the_caller(enforced: LocalAccount) -> None:
    everything = f"arn:aws:iam::{enforced.account_id}"
    own = statement("iam:ListAccessKeys", f"{everything}:user/${{aws:username}}")
    team = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    ann = user(enforced, "ann", own, statement("iam:GetRole", Condition=team), Tags=[{"Key": "team", "Value": "red"}])
    user(enforced, "bob")
    iam = administrator(enforced).client("iam")
    for name in ("red", "blue"):
        iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps(trust()), Tags=[{"Key": "team", "Value": name}]
        )
    asked = ann.client("iam")
    assert refusal(asked.list_access_keys, UserName="ann") is None
    assert refusal(asked.list_access_keys, UserName="bob")
    assert refusal(asked.get_role, RoleName="red") is None
    assert refusal(asked.get_role, RoleName="blue")


@pytest.mark.aws(
    f"{GUIDE}/reference_policies_condition-keys.html", behaviour="address, region, time and TLS of the request"
)
@pytest.mark.parametrize(
    ("condition", "is_allowed"),
    [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "us-west-1"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/bob"}}, False),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"Bool": {"aws:ViaAWSService": "true"}}, False),
    ],
)
def test_keys_that_every_request_has(enforced: LocalAccount, condition: dict[str, Any], is_allowed: bool) -> None:
    ann = user(enforced, "ann", statement("ssm:DescribeParameters", Condition=condition))
    assert (refusal(ann.client("ssm").describe_parameters) is None) == is_allowed


# --- trust ------------------------------------------------------------------------------------------


@pytest.mark.aws(f"{GUIDE}/id_roles_create_for-user.html", behaviour="a role that trusts the account takes both sides")
def test_trusting_the_account_leaves_it_to_its_policies(enforced: LocalAccount) -> None:
    arn = role(enforced, root(enforced), MAY_LIST)
    ann, bob = user(enforced, "ann", statement("sts:AssumeRole", arn)), user(enforced, "bob")
    assert ann.assume(arn).client("iam").list_users()
    told = refusal(bob.client("sts").assume_role, RoleArn=arn, RoleSessionName="work")
    assert f"user/bob is not authorized to perform: sts:AssumeRole on resource: {arn}" in str(told)
    assert refusal(ann.client("iam").list_users)


@pytest.mark.aws(
    f"{GUIDE}/reference_policies_elements_principal.html", behaviour="a role that trusts a user itself needs no more"
)
def test_trusting_a_user_suffices_but_for_a_deny(enforced: LocalAccount) -> None:
    ann, bob = user(enforced, "ann"), user(enforced, "bob", MAY_ASSUME)
    arn = role(enforced, f"arn:aws:iam::{enforced.account_id}:user/ann", MAY_LIST)
    assert refusal(ann.client("sts").assume_role, RoleArn=arn, RoleSessionName="work") is None
    told = refusal(bob.client("sts").assume_role, RoleArn=arn, RoleSessionName="work")
    assert "because no role trust policy allows the sts:AssumeRole action" in str(told)
    allow(enforced, "ann", {**MAY_ASSUME, "Effect": "Deny"})
    assert refusal(ann.client("sts").assume_role, RoleArn=arn, RoleSessionName="work")


@pytest.mark.aws(f"{GUIDE}/id_roles_terms-and-concepts.html", behaviour="roles through roles")
def test_a_role_assumes_the_next(enforced: LocalAccount) -> None:
    first = role(enforced, root(enforced), name="first")
    second = role(enforced, first, MAY_LIST, name="second")
    third = role(enforced, root(enforced), MAY_LIST, name="third")
    session = user(enforced, "ann", MAY_ASSUME).assume(first)
    assert session.assume(second).client("iam").list_users()
    assert refusal(session.client("sts").assume_role, RoleArn=third, RoleSessionName="work")


@pytest.mark.aws(f"{STS}/API_AssumeRole.html", behaviour="a role that does not exist, or is a service's, is refused")
def test_what_nobody_may_assume(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", MAY_ASSUME)
    iam = administrator(enforced).client("iam")
    arn = iam.create_role(RoleName="service", AssumeRolePolicyDocument=json.dumps(trust()))["Role"]["Arn"]
    for name in (arn, arn.replace("service", "nothing")):
        assert refusal(ann.client("sts").assume_role, RoleArn=name, RoleSessionName="work")
    third = role(enforced, root(enforced), name="third")
    assert refusal(ann.client("sts").assume_role, RoleArn=third, RoleSessionName="work") is None


@pytest.mark.aws(f"{GUIDE}/id_roles_common-scenarios_third-party.html", behaviour="the external id of another account")
def test_another_account_takes_both_sides_and_the_external_id(enforced: LocalAccount) -> None:
    other = new_account(enforced.url)
    arn = role(enforced, root(other), MAY_LIST, StringEquals={"sts:ExternalId": "secret-1"})
    ann = user(other, "ann", statement("sts:AssumeRole", arn))
    session = ann.assume(arn, ExternalId="secret-1")
    assert session.client("sts").get_caller_identity()["Account"] == enforced.account_id
    assert session.client("iam").list_roles()["Roles"][0]["Arn"] == arn
    assume = ann.client("sts").assume_role
    assert refusal(assume, RoleArn=arn, RoleSessionName="work")
    assert refusal(assume, RoleArn=arn, RoleSessionName="work", ExternalId="secret-2")
    allow(other, "ann", statement("sts:AssumeRole", f"{arn}-other"))
    assert refusal(assume, RoleArn=arn, RoleSessionName="work", ExternalId="secret-1")
    third = user(new_account(enforced.url), "ann", MAY_ASSUME)
    assert refusal(third.client("sts").assume_role, RoleArn=arn, RoleSessionName="work", ExternalId="secret-1")


@pytest.mark.aws(f"{GUIDE}/id_session-tags.html", behaviour="session tags take sts:TagSession on both sides")
def test_session_tags_take_a_permission_and_count_as_the_principals(enforced: LocalAccount) -> None:
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    both = ["sts:AssumeRole", "sts:TagSession"]
    arn = role(enforced, root(enforced), statement("iam:ListUsers", Condition=tagged))
    iam = administrator(enforced).client("iam")
    text = json.dumps(trust({"AWS": root(enforced)})).replace('"sts:AssumeRole"', json.dumps(both))
    ann = user(enforced, "ann", statement(both))
    tags = [{"Key": "team", "Value": "red"}]
    assert refusal(ann.client("sts").assume_role, RoleArn=arn, RoleSessionName="work", Tags=tags)
    iam.update_assume_role_policy(RoleName="runner", PolicyDocument=text)
    assert refusal(ann.assume(arn, Tags=tags).client("iam").list_users) is None
    assert refusal(ann.assume(arn).client("iam").list_users)


@pytest.mark.aws(f"{GUIDE}/access_policies.html#policies_session", behaviour="session policies, inline and managed")
def test_session_policies_narrow_a_session(enforced: LocalAccount) -> None:
    arn = role(enforced, root(enforced), statement(["iam:*", "s3:*"]))
    ann = user(enforced, "ann", MAY_ASSUME)
    inline = ann.assume(arn, Policy=json.dumps(document(statement(["iam:ListUsers", "sqs:*"]))))
    assert refusal(inline.client("iam").list_users) is None
    assert "because no session policy allows the iam:ListRoles action" in str(refusal(inline.client("iam").list_roles))
    assert refusal(inline.client("sqs").list_queues)
    assume = ann.client("sts").assume_role
    assert code(assume, RoleArn=arn, RoleSessionName="work", Policy="{no") == "MalformedPolicyDocument"
    managed = ann.assume(arn, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}])
    assert refusal(managed.client("s3").list_buckets) is None
    assert refusal(managed.client("iam").list_users)


@pytest.mark.aws(f"{STS}/API_AssumeRoleWithWebIdentity.html", behaviour="a token's issuer and claims are asked")
def test_a_web_identity_is_whom_its_token_names(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    provider = f"arn:aws:iam::{enforced.account_id}:oidc-provider/tokens.example"
    by_web = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider}}
    audience = {"StringEquals": {"tokens.example:aud": "us"}}
    trusted = {"Version": "2012-10-17", "Statement": [{**by_web, "Condition": audience}]}
    arn = iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(trusted))["Role"]["Arn"]
    assume = user(enforced, "ann").client("sts").assume_role_with_web_identity

    def told(**claims: str) -> str | None:
        return refusal(assume, RoleArn=arn, RoleSessionName="work", WebIdentityToken=token(**claims))

    assert told(iss="https://tokens.example", aud="us") is None
    assert told(iss="https://tokens.example", aud="others")
    assert told(iss="https://elsewhere.example", aud="us")


def token(**claims: str) -> str:
    """A JSON web token that nobody signed."""
    parts = (
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in ({"alg": "none"}, claims)
    )
    return ".".join([*parts, ""])


# --- MFA --------------------------------------------------------------------------------------------


def device(account: LocalAccount, name: str) -> str:
    """A virtual device that is enabled for a user; its serial number."""
    iam = administrator(account).client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{name}-phone")
    serial: str = made["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName=name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    return serial


@pytest.mark.aws(f"{GUIDE}/id_credentials_mfa_configure-api-require.html", behaviour="a trust policy that demands MFA")
@pytest.mark.parametrize(
    "condition",
    [{"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}],
)
def test_a_role_may_demand_a_second_factor(enforced: LocalAccount, condition: Any) -> None:
    ann = user(enforced, "ann", MAY_ASSUME)
    user(enforced, "bob")
    arn = role(enforced, root(enforced), MAY_LIST, **condition)
    own, others = device(enforced, "ann"), device(enforced, "bob")
    assert ann.assume(arn, SerialNumber=own, TokenCode="123456").client("iam").list_users()
    assume = ann.client("sts").assume_role
    assert refusal(assume, RoleArn=arn, RoleSessionName="work")
    told = refusal(assume, RoleArn=arn, RoleSessionName="work", SerialNumber=others, TokenCode="123456")
    assert "MultiFactorAuthentication failed" in str(told)


@pytest.mark.aws(f"{STS}/API_GetSessionToken.html", behaviour="what a user's session without MFA can't be used for")
def test_a_users_session_calls_iam_only_with_a_second_factor(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", statement(["iam:*", "sts:*", "ssm:*"]))
    serial = device(enforced, "ann")
    plain = with_credentials(enforced, ann.client("sts").get_session_token()["Credentials"])
    given = ann.client("sts").get_session_token(SerialNumber=serial, TokenCode="123456")["Credentials"]
    assert refusal(plain.client("iam").list_users)
    assert refusal(plain.client("ssm").describe_parameters) is None
    assert refusal(plain.client("sts").get_federation_token, Name="guest")
    assert refusal(with_credentials(enforced, given).client("iam").list_users) is None


@pytest.mark.aws(f"{GUIDE}/id_credentials_mfa_configure-api-require.html", behaviour="MFA of a user's session lasts")
def test_the_second_factor_stays_in_a_users_session_and_not_in_a_roles(enforced: LocalAccount) -> None:
    with_mfa: dict[str, Any] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    ann = user(enforced, "ann", MAY_ASSUME, statement("ssm:*", Condition=with_mfa))
    arn = role(enforced, root(enforced), statement("ssm:*", Condition=with_mfa), **with_mfa)
    serial = device(enforced, "ann")
    given = ann.client("sts").get_session_token(SerialNumber=serial, TokenCode="123456")["Credentials"]
    session = with_credentials(enforced, given)
    assert refusal(ann.client("ssm").describe_parameters)
    assert refusal(session.client("ssm").describe_parameters) is None
    assert refusal(session.assume(arn).client("ssm").describe_parameters)


@pytest.mark.aws(f"{STS}/API_GetFederationToken.html", behaviour="a federated user has what user and session allow")
def test_a_federated_user_may_do_what_both_allow(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", statement(["sts:GetFederationToken", "ssm:*", "iam:*"]))

    def guest(**more: Any) -> Someone:
        given = ann.client("sts").get_federation_token(Name="guest", **more)["Credentials"]
        return with_credentials(enforced, given)

    both = json.dumps(document(statement(["ssm:*", "iam:*", "s3:*"])))
    assert refusal(guest(Policy=both).client("ssm").describe_parameters) is None
    assert refusal(guest(Policy=both).client("s3").list_buckets)
    assert refusal(guest(Policy=both).client("iam").list_users)
    assert refusal(guest().client("ssm").describe_parameters)


@pytest.mark.aws(f"{STS}/API_AssumeRole.html", behaviour="a role's session makes no user's sessions")
def test_a_roles_session_makes_no_other_kind(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", MAY_ASSUME)
    session = ann.assume(role(enforced, root(enforced), statement("*")))
    assert refusal(session.client("sts").get_session_token)
    assert refusal(session.client("iam").list_users) is None


@pytest.mark.aws(f"{GUIDE}/id_credentials_temp.html", behaviour="temporary credentials expire")
def test_an_old_session_has_expired(local_aws: Any) -> None:
    import boto3  # noqa: PLC0415 - not before the environment is clean
    from ministack.services import sts  # noqa: PLC0415 - the local AWS in this process

    local_aws.settings.enforce = True
    account = LocalAccount("", boto3.client("sts").get_caller_identity()["Account"], "us-west-1", {})
    iam: Any = boto3.client("iam")
    trusted = json.dumps(trust({"AWS": root(account)}))
    arn = iam.create_role(RoleName="runner", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    given = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="work")["Credentials"]
    sts._sessions[given["AccessKeyId"]]["Expiration"] = time.time() - 1  # noqa: SLF001 - nobody waits 15 minutes
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    assert code(session.client("sts").get_caller_identity) == "ExpiredToken"
