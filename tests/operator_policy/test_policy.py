"""The operator's policy reaches this config's names and no others, fits, and nobody finds fault with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sec_provisioner.exports import export_text
from sec_provisioner.iam.checks.base import Context
from sec_provisioner.iam.checks.driver import check_document
from sec_provisioner.iam.size import document_size
from sec_provisioner.naming import Names
from sec_provisioner.operator_policy.build import build_operator_policy
from sec_provisioner.operator_policy.needs import EXTRAS, acting
from sec_provisioner.pipeline import Built
from support.configs import built, master
from support.plain_evaluator import is_allowed

ACCOUNT = "123456789012"
IAM = f"arn:aws:iam::{ACCOUNT}"
CLOUDFORMATION = f"arn:aws:cloudformation:us-west-1:{ACCOUNT}"
TIERS = ("startup", "medium", "enterprise")
PARTITIONS = {"us-west-1": "aws", "us-gov-west-1": "aws-us-gov", "cn-northwest-1": "aws-cn"}
# The longest prefix that the limits of role names leave, with the longest env.
LONGEST = "e" * 22
BOUNDARY = "security/permissions-cap"
KEY = f"arn:aws:kms:us-west-1:{ACCOUNT}:key/00000000-0000-4000-8000-000000000000"
SERVICE_ROLE = f"{IAM}:role/cloudformation-works"


def config(tier: str = "startup", deployment: str = "", **settings: str) -> Built:
    text = master(tier, **settings)
    assert "\ndeployment:\n" in text
    return built(text.replace("\ndeployment:\n", f"\ndeployment:\n{deployment}", 1))


def statements(of: Built, *actions: str, extras: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = build_operator_policy(of, actions, extras)["Statement"]
    return found


def permissions(found: list[dict[str, Any]]) -> set[str]:
    return {action for one in found for action in one["Action"]}


def may(found: list[dict[str, Any]], action: str, resource: str, **context: str) -> bool:
    keys = {"policy": "iam:PolicyARN", "boundary": "iam:PermissionsBoundary", "service": "iam:PassedToService"}
    return is_allowed(found, action, resource, {keys[name]: value for name, value in context.items()})


# --- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("suffix", [None, "abc123"])
def test_every_name_of_the_config_and_of_its_test_stacks_is_in_reach(tier: str, suffix: str | None) -> None:
    found = statements(config(tier))
    real = built(master(tier), suffix)
    for resource in real.template.resources.values():
        properties = real.resolver.resolve(resource["Properties"])
        match resource["Type"]:
            case "AWS::IAM::Group":
                assert may(found, "iam:CreateGroup", f"{IAM}:group/{properties['GroupName']}")
            case "AWS::IAM::Role":
                assert may(found, "iam:CreateRole", f"{IAM}:role/{properties['RoleName']}")
            case "AWS::IAM::ManagedPolicy":
                assert may(found, "iam:CreatePolicy", f"{IAM}:policy/{properties['ManagedPolicyName']}")
            case _:
                arn = f"arn:aws:ssm:us-west-1:{ACCOUNT}:parameter{properties['Name']}"
                assert may(found, "ssm:PutParameter", arn)
    assert may(found, "cloudformation:CreateChangeSet", f"{CLOUDFORMATION}:stack/{real.names.stack}/*")


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("suffix", [None, "abc123"])
def test_every_attachment_of_the_config_is_allowed(tier: str, suffix: str | None) -> None:
    found = statements(config(tier))
    real = built(master(tier), suffix)
    for resource in real.template.resources.values():
        properties = real.resolver.resolve(resource["Properties"])
        name = properties.get("GroupName") or properties.get("RoleName")
        kind = "group" if "GroupName" in properties else "role"
        for arn in properties.get("ManagedPolicyArns", []):
            assert may(found, f"iam:Attach{kind.title()}Policy", f"{IAM}:{kind}/{name}", policy=arn), (name, arn)


OUTSIDE = [
    ("iam:PutGroupPolicy", f"{IAM}:group/edge-prod-b002-group-sta-data-scientists"),
    ("iam:PutGroupPolicy", f"{IAM}:group/edge-prod-b001-group-med-data-scientists"),
    ("iam:PutGroupPolicy", f"{IAM}:group/admins"),
    ("iam:PutGroupPolicy", "arn:aws:iam::999999999999:group/edge-prod-b001-group-sta-data-scientists"),
    ("iam:PutRolePolicy", f"{IAM}:role/edge-prod-b0012-role-sta-x"),
    ("iam:CreatePolicyVersion", f"{IAM}:policy/edge-prod-b001-boundary"),
    ("cloudformation:DeleteStack", f"{CLOUDFORMATION}:stack/edge-prod-b001-us-west-1-startup-sec-other-stack/1"),
    ("cloudformation:DeleteStack", f"{CLOUDFORMATION}:stack/edge-prod-b001-us-west-1-startup-sec-test-abc-stack/1"),
    ("cloudformation:DeleteStack", f"{CLOUDFORMATION}:stack/edge-prod-b001-us-west-1-medium-sec-stack/1"),
    ("cloudformation:DescribeStackResources", f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/a/1"),
    ("ssm:PutParameter", f"arn:aws:ssm:us-west-1:{ACCOUNT}:parameter/security/other/group-x"),
    ("s3:PutObject", "arn:aws:s3:::sec-templates-123456789012-us-west-1/other/template.json"),
    ("s3:PutObject", "arn:aws:s3:::edge-prod-b001-reports/edge-prod-b001-us-west-1-startup-sec/x.json"),
    ("iam:PassRole", f"{IAM}:role/edge-prod-b001-role-sta-lambda-execution"),
    ("iam:AttachUserPolicy", f"{IAM}:user/eve"),
]


@pytest.mark.parametrize(("action", "resource"), OUTSIDE)
def test_other_names_accounts_and_regions_are_out_of_reach(action: str, resource: str) -> None:
    assert not may(statements(config()), action, resource)


# --- what may be attached ---------------------------------------------------------------------------

ADMINISTRATORS = f"{IAM}:group/edge-prod-b001-group-sta-platform-administrators"
SCIENTISTS = f"{IAM}:group/edge-prod-b001-group-sta-data-scientists"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.mark.parametrize(
    ("group", "allowed"),
    [(ADMINISTRATORS, True), (f"{ADMINISTRATORS}-abc123", True), (f"{ADMINISTRATORS}-2", False), (SCIENTISTS, False)],
)
def test_administrator_access_goes_only_to_the_group_that_names_it(group: str, allowed: bool) -> None:
    found = statements(config())
    assert may(found, "iam:AttachGroupPolicy", group, policy=ADMINISTRATOR_ACCESS) is allowed


def test_where_nobody_names_administrator_access_nobody_gets_it() -> None:
    text = master("startup").replace("managed_policies: [AdministratorAccess]", "managed_policies: [SecurityAudit]")
    assert "AdministratorAccess]" not in text
    found = statements(built(text))
    role = f"{IAM}:role/edge-prod-b001-role-sta-aml-engineer"
    assert not may(found, "iam:AttachRolePolicy", role, policy=ADMINISTRATOR_ACCESS)
    assert not may(found, "iam:AttachGroupPolicy", ADMINISTRATORS, policy=ADMINISTRATOR_ACCESS)
    assert may(found, "iam:AttachGroupPolicy", ADMINISTRATORS, policy="arn:aws:iam::aws:policy/SecurityAudit")


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        (f"{IAM}:policy/edge-prod-b001-policy-sta-s3-project-buckets-only", True),
        (f"{IAM}:policy/edge-prod-b001-policy-sta-s3-project-buckets-only-abc123", True),
        (f"{IAM}:policy/anything", False),
        ("arn:aws:iam::aws:policy/PowerUserAccess", False),
    ],
)
def test_only_policies_of_the_config_are_attached(policy: str, allowed: bool) -> None:
    found = statements(config())
    assert may(found, "iam:AttachGroupPolicy", SCIENTISTS, policy=policy) is allowed
    role = f"{IAM}:role/edge-prod-b001-role-sta-aml-engineer"
    assert may(found, "iam:AttachRolePolicy", role, policy=policy) is allowed


def test_from_others_only_policies_of_the_config_are_taken_away() -> None:
    found = statements(config(), "delete-stack")
    own, other = f"{IAM}:policy/edge-prod-b001-policy-sta-s3-read", f"{IAM}:policy/guardrail"
    for action, who in {"User": "user/bob", "Role": "role/ops", "Group": "group/ops"}.items():
        assert may(found, f"iam:Detach{action}Policy", f"{IAM}:{who}", policy=own)
        assert not may(found, f"iam:Detach{action}Policy", f"{IAM}:{who}", policy=other)
    assert may(found, "iam:DeleteUserPermissionsBoundary", f"{IAM}:user/bob", boundary=own)
    assert not may(found, "iam:DeleteUserPermissionsBoundary", f"{IAM}:user/bob", boundary=other)


# --- boundary, service role, bucket -----------------------------------------------------------------

ROLE = f"{IAM}:role/edge-prod-b001-role-sta-lambda-execution"


@pytest.mark.parametrize("given", ["cap", f"{IAM}:policy/cap"])
def test_with_a_boundary_roles_get_nothing_without_it_and_never_lose_it(given: str) -> None:
    found = statements(config(deployment=f"  permissions_boundary: {given}\n"))
    own = f"{IAM}:policy/edge-prod-b001-policy-sta-s3-read"
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary", "iam:AttachRolePolicy"):
        assert may(found, action, ROLE, boundary=f"{IAM}:policy/cap", policy=own)
        assert not may(found, action, ROLE, boundary=f"{IAM}:policy/looser", policy=own)
        assert not may(found, action, ROLE, policy=own)
    assert not may(found, "iam:DeleteRolePermissionsBoundary", ROLE, boundary=f"{IAM}:policy/cap")


def test_without_a_boundary_none_is_put_on_and_an_old_one_may_go() -> None:
    found = statements(config())
    assert may(found, "iam:CreateRole", ROLE)
    assert "iam:PutRolePermissionsBoundary" not in permissions(found)
    assert may(found, "iam:DeleteRolePermissionsBoundary", ROLE, boundary=f"{IAM}:policy/old")


def test_with_a_service_role_the_caller_passes_it_and_writes_no_iam_to_deploy() -> None:
    with_role = config(deployment=f"  cloudformation_role_arn: {SERVICE_ROLE}\n")
    found = statements(with_role, "deploy")
    assert may(found, "iam:PassRole", SERVICE_ROLE, service="cloudformation.amazonaws.com")
    assert not may(found, "iam:PassRole", SERVICE_ROLE, service="lambda.amazonaws.com")
    assert {one for one in permissions(found) if one.startswith(("iam:", "ssm:"))} == {
        "iam:GetAccountAuthorizationDetails",
        "iam:ListRoles",
        "iam:PassRole",
        "iam:SimulatePrincipalPolicy",
        "ssm:GetParametersByPath",
    }
    # What delete-stack clears away before CloudFormation begins is its own work.
    assert may(statements(with_role, "delete-stack"), "iam:RemoveUserFromGroup", SCIENTISTS)


def test_a_bucket_of_the_config_takes_the_place_of_the_default_one() -> None:
    default, named = statements(config()), statements(config(deployment="  template_bucket: ours\n"))
    assert may(default, "s3:CreateBucket", "arn:aws:s3:::sec-templates-123456789012-us-west-1")
    assert may(named, "s3:CreateBucket", "arn:aws:s3:::ours")
    assert not may(named, "s3:CreateBucket", "arn:aws:s3:::sec-templates-123456789012-us-west-1")


def test_the_key_of_the_config_is_usable_by_its_arn_or_by_its_alias() -> None:
    assert "kms:Decrypt" not in permissions(statements(config()))
    by_arn = statements(config(deployment=f"  template_bucket_kms_key: {KEY}\n"))
    assert may(by_arn, "kms:GenerateDataKey", KEY)
    assert not may(by_arn, "kms:GenerateDataKey", KEY.replace("key/0", "key/1"))
    alias = f"arn:aws:kms:us-west-1:{ACCOUNT}:alias/templates"
    (key,) = [
        one
        for one in statements(config(deployment=f"  template_bucket_kms_key: {alias}\n"))
        if one["Sid"] == "TemplateBucketKey"
    ]
    assert key["Resource"] == [f"arn:aws:kms:us-west-1:{ACCOUNT}:key/*"]
    assert key["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/templates"}}


# --- narrower, wider --------------------------------------------------------------------------------


def test_for_one_action_there_is_what_it_needs() -> None:
    restore = permissions(statements(config(), "restore-members"))
    assert restore == {"iam:GetGroup", "iam:AddUserToGroup"}
    preview, deploy, delete = (
        permissions(statements(config(), one)) for one in ("show-changes", "deploy", "delete-stack")
    )
    assert preview < deploy
    assert not {one for one in preview if one.startswith(("iam:Create", "iam:Put", "iam:Attach", "ssm:Put"))}
    assert "cloudformation:ExecuteChangeSet" not in preview | delete
    assert "iam:RemoveUserFromGroup" not in deploy
    assert not {one for one in delete if one.startswith(("iam:Create", "iam:Put", "iam:Attach", "s3:", "ssm:Put"))}


def test_all_actions_together_are_the_default() -> None:
    assert statements(config()) == statements(config(), *acting())


def test_cloudtrail_is_there_only_when_asked_for() -> None:
    assert "cloudtrail:LookupEvents" not in permissions(statements(config()))
    for actions in ((), ("restore-members",)):
        assert "cloudtrail:LookupEvents" in permissions(statements(config(), *actions, extras=("cloudtrail",)))


# --- as a whole -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("region", PARTITIONS)
def test_the_longest_names_fit_and_no_check_finds_anything(tier: str, region: str) -> None:
    partition = PARTITIONS[region]
    extra = (
        f"  permissions_boundary: arn:{partition}:iam::{ACCOUNT}:policy/{BOUNDARY}\n"
        f"  template_bucket_kms_key: {KEY.replace('arn:aws:', f'arn:{partition}:').replace('us-west-1', region)}\n"
    )
    settings = {
        "client__company_prefix": LONGEST,
        "environment__env": "staging",
        "environment__region": region,
    }
    of = config(tier, extra, **settings)
    document = build_operator_policy(of, (), EXTRAS)
    assert document_size(document) <= 6_144
    assert check_document(document, Context(partition=partition, account_id=ACCOUNT)) == ()
    arns = [value for one in document["Statement"] for value in one["Resource"] if value != "*"]
    assert {arn.split(":")[1] for arn in arns} == {partition}
    sids = [one["Sid"] for one in document["Statement"]]
    assert len(sids) == len(set(sids))
    starts = ("IAMManagement", "CloudFormationManagement", "TemplateBucket", "SSMParameters", "ReadIdentity")
    assert {next(start for start in starts if sid.startswith(start)) for sid in sids} == set(starts)


def test_the_policy_has_not_moved(request: pytest.FixtureRequest) -> None:
    """Shows that nothing moved, not that it is right; `--update-goldens` writes it anew."""
    golden = Path(__file__).with_name("startup-iam-policy.json")
    now = export_text(build_operator_policy(config(), (), EXTRAS))
    if request.config.getoption("--update-goldens"):
        golden.write_bytes(now)
    assert now.decode() == golden.read_text(encoding="utf-8")


def test_names_are_those_of_the_real_stack_even_if_a_test_stack_was_built() -> None:
    text = master("startup")
    assert build_operator_policy(built(text, "abc123")) == build_operator_policy(built(text))
    assert Names(built(text).names.identity).suffix is None
