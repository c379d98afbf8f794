"""CloudFormation with the caller's rights, or with its service role's: what the schemas name, by what changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import yaml
from botocore.exceptions import ClientError

from support import stack_samples
from support.enforcement import Someone, administrator, allow, enforcing, filled, refusal, user
from support.local_aws import REGION, LocalAccount, ServerProcess, new_account
from support.stack_samples import NAMED, Stacks, document, group, parameter, statement, template, trust

CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest"
RIGHTS = f"{CFN}/UserGuide/control-access-with-iam.html"
SERVICE_ROLE = f"{CFN}/UserGuide/using-iam-servicerole.html"
SCHEMA = "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html"
STACKS = statement("cloudformation:*")
ROLE = ["iam:CreateRole", "iam:GetRole"]
CASES = Path(__file__).parents[1] / "cases" / "sec_local" / "resource_changes.yaml"


def iam_arn(account: LocalAccount, what: str) -> str:
    return f"arn:aws:iam::{account.account_id}:{what}"


# --- creating and deleting --------------------------------------------------------------------------


@pytest.mark.aws(RIGHTS, behaviour="a resource takes the caller's rights on it, and fails without them")
def test_a_role_is_made_only_by_who_may_make_it(enforced: LocalAccount) -> None:
    ann = user(enforced, "ann", STACKS)
    stacks = Stacks(ann)
    body = template(R=stack_samples.role())
    assert stacks.create(body) == "ROLLBACK_COMPLETE"
    who, what = iam_arn(enforced, "user/ann"), iam_arn(enforced, "role/runner")
    reason = stacks.reasons("CREATE_FAILED")[0]
    assert f"User: {who} is not authorized to perform: iam:CreateRole on resource: {what} because" in reason
    assert "(Service: Iam, Status Code: 403" in reason
    assert "HandlerErrorCode: AccessDenied)" in reason
    stacks.delete()
    allow(enforced, "ann", STACKS, statement(ROLE, what))
    assert stacks.create(body) == "CREATE_COMPLETE"


@pytest.mark.aws(SCHEMA, behaviour="what a creation takes by its properties")
def test_a_creation_takes_what_its_properties_take(enforced: LocalAccount) -> None:
    level = (
        administrator(enforced)
        .client("iam")
        .create_policy(PolicyName="level", PolicyDocument=json.dumps(document()))["Policy"]["Arn"]
    )
    inline = [{"PolicyName": "own", "PolicyDocument": document()}]
    tagged = stack_samples.role(ManagedPolicyArns=[level], Policies=inline, Tags=[{"Key": "a", "Value": "1"}])
    needed = [
        *ROLE,
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
        "iam:GetRolePolicy",
        "iam:TagRole",
        "iam:ListRoleTags",
    ]
    clean = ["iam:Delete*", "iam:Detach*", "iam:List*", "iam:Untag*"]
    stacks = Stacks(user(enforced, "ann"))
    for missing in needed[2:-1]:
        allow(enforced, "ann", STACKS, statement([one for one in needed if one != missing]), statement(clean))
        assert stacks.create(template(R=tagged), missing[4:]) == "ROLLBACK_COMPLETE"
        assert f"perform: {missing} on" in stacks.reasons("CREATE_FAILED", missing[4:])[0]
    allow(enforced, "ann", STACKS, statement(needed))
    assert stacks.create(template(R=tagged)) == "CREATE_COMPLETE"


@pytest.mark.aws(RIGHTS, behaviour="a deletion that the caller may not do")
def test_a_deletion_takes_the_rights_as_well(enforced: LocalAccount) -> None:
    stacks = Stacks(user(enforced, "ann", STACKS, statement(["iam:CreateGroup", "iam:GetGroup"])))
    assert stacks.create(template(G=group())) == "CREATE_COMPLETE"
    assert stacks.delete() == "DELETE_FAILED"
    assert "perform: iam:DeleteGroup on" in stacks.reasons("DELETE_FAILED")[-1]
    allow(enforced, "ann", STACKS, statement(["iam:DeleteGroup", "iam:GetGroup", "iam:List*"]))
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(RIGHTS, behaviour="a rollback works with the same rights")
def test_a_rollback_takes_the_rights_as_well(enforced: LocalAccount) -> None:
    made = statement([*ROLE, "iam:CreateGroup", "iam:GetGroup", "iam:DeleteGroup", "iam:List*"])
    stacks = Stacks(user(enforced, "ann", STACKS, made))
    failing = template(R=stack_samples.role(), G=group(), P={**parameter("/app/one"), "DependsOn": ["R", "G"]})
    assert stacks.create(failing) == "ROLLBACK_FAILED"
    assert "perform: iam:DeleteRole on" in stacks.reasons("DELETE_FAILED")[0]
    allow(enforced, "ann", STACKS, made, statement("iam:DeleteRole"))
    assert stacks.delete() == "DELETE_COMPLETE"
    assert stacks.create(failing) == "ROLLBACK_COMPLETE"


@pytest.mark.aws(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    behaviour="iam:PermissionsBoundary and iam:PolicyARN from the template's properties",
)
def test_conditions_see_what_the_template_says(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    arns = {
        name: iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document()))["Policy"]["Arn"]
        for name in ("bound", "level", "other")
    }
    bounded = {"ArnEquals": {"iam:PermissionsBoundary": arns["bound"]}}
    attached = {"ArnEquals": {"iam:PolicyARN": arns["level"]}}
    stacks = Stacks(
        user(
            enforced, "ann", STACKS, statement(["iam:Get*", "iam:Delete*", "iam:List*"]),
            statement("iam:CreateRole", Condition=bounded), statement("iam:AttachRolePolicy", Condition=attached),
        )
    )  # fmt: skip
    good: dict[str, Any] = {"PermissionsBoundary": arns["bound"], "ManagedPolicyArns": [arns["level"]]}
    for number, bad in enumerate(({"PermissionsBoundary": arns["other"]}, {"ManagedPolicyArns": [arns["other"]]})):
        body = template(R=stack_samples.role(**{**good, **bad}))
        assert stacks.create(body, f"bad-{number}") == "ROLLBACK_COMPLETE"
    unbounded: dict[str, Any] = {"ManagedPolicyArns": [arns["level"]]}
    assert stacks.create(template(R=stack_samples.role(**unbounded)), "unbounded") == "ROLLBACK_COMPLETE"
    assert stacks.create(template(R=stack_samples.role(**good))) == "CREATE_COMPLETE"


@pytest.mark.aws(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html",
    behaviour="an instance profile passes its role to EC2",
)
def test_an_instance_profile_takes_the_passing_of_its_role(enforced: LocalAccount) -> None:
    profile = {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "R"}]}}
    body = template(R=stack_samples.role(), I=profile)
    stacks = Stacks(user(enforced, "ann", STACKS, statement("iam:*"), statement("iam:PassRole", Effect="Deny")))
    assert stacks.create(body) == "ROLLBACK_COMPLETE"
    what = iam_arn(enforced, "role/runner")
    assert f"perform: iam:PassRole on resource: {what}" in stacks.reasons("CREATE_FAILED")[0]
    stacks.delete()
    passing = statement("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
    others = ["iam:Create*", "iam:Get*", "iam:List*", "iam:Delete*", "iam:AddRoleToInstanceProfile"]
    allow(enforced, "ann", STACKS, statement(others), passing)
    assert stacks.create(body) == "CREATE_COMPLETE"


# --- service role -----------------------------------------------------------------------------------


@pytest.mark.aws(
    SERVICE_ROLE, behaviour="the service role's rights count instead of the caller's; passing it is a right"
)
def test_a_service_role_is_passed_and_works(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    trusted = json.dumps(trust({"Service": "cloudformation.amazonaws.com"}))
    arn = iam.create_role(RoleName="cfn", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    rights = json.dumps(document(statement(["iam:CreateGroup", "iam:GetGroup", "iam:List*", "iam:DeleteGroup"])))
    iam.put_role_policy(RoleName="cfn", PolicyName="own", PolicyDocument=rights)
    passing = statement(
        "iam:PassRole", arn, Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    )
    ann = user(enforced, "ann", STACKS, passing)
    create = ann.client("cloudformation").create_stack
    given = {"StackName": "stack", "TemplateBody": template(G=group()), "Capabilities": NAMED, "RoleARN": arn}
    assert "iam:PassRole" in str(refusal(create, **given))
    allow(enforced, "ann", STACKS, statement("iam:PassRole", arn))
    stacks = Stacks(ann)
    assert stacks.create(template(G=group()), RoleARN=arn) == "CREATE_COMPLETE"
    # The role that the stack has by now is used whoever comes, and passed no more.
    allow(enforced, "ann", STACKS)
    assert stacks.create(template(R=stack_samples.role()), "own") == "ROLLBACK_COMPLETE"
    assert stacks.delete() == "DELETE_COMPLETE"


@pytest.mark.aws(SERVICE_ROLE, behaviour="a role that does not let CloudFormation have it")
def test_a_service_role_trusts_the_service(enforced: LocalAccount) -> None:
    iam = administrator(enforced).client("iam")
    arn = iam.create_role(RoleName="cfn", AssumeRolePolicyDocument=json.dumps(trust()))["Role"]["Arn"]
    create = user(enforced, "ann", STACKS, statement("iam:PassRole")).client("cloudformation").create_stack
    given = {"StackName": "stack", "TemplateBody": template(P=parameter()), "RoleARN": arn}
    with pytest.raises(ClientError, match="invalid or cannot be assumed"):
        create(**given)
    iam.update_assume_role_policy(
        RoleName="cfn", PolicyDocument=json.dumps(trust({"Service": "cloudformation.amazonaws.com"}))
    )
    assert create(**given)["StackId"]


@pytest.mark.aws(RIGHTS, behaviour="a template is fetched with the caller's rights")
def test_a_template_is_fetched_as_the_caller(enforced: LocalAccount) -> None:
    bucket = f"templates-{enforced.account_id}"
    s3 = administrator(enforced).client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="a/template", Body=template(P=parameter()).encode())
    url = f"https://{bucket}.s3.{REGION}.amazonaws.com/a/template"
    validate = user(enforced, "ann", STACKS).client("cloudformation").validate_template
    with pytest.raises(ClientError, match="S3 error: Access Denied"):
        validate(TemplateURL=url)
    allow(enforced, "ann", STACKS, statement("s3:GetObject", f"arn:aws:s3:::{bucket}/a/*"))
    assert validate(TemplateURL=url)
    limited = statement("cloudformation:*", Condition={"StringLike": {"cloudformation:TemplateUrl": "https://other.*"}})
    allow(enforced, "ann", limited, statement("s3:GetObject"))
    assert refusal(validate, TemplateURL=url)


@pytest.mark.aws(f"{CFN}/UserGuide/using-cfn-stack-drift.html", behaviour="drift detection reads as the caller")
def test_drift_detection_reads_with_the_callers_rights(enforced: LocalAccount) -> None:
    tagged = stack_samples.role(Tags=[{"Key": "a", "Value": "1"}])
    assert Stacks(administrator(enforced)).create(template(R=tagged)) == "CREATE_COMPLETE"
    reads = ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:ListRoleTags"]
    api = user(enforced, "ann", STACKS, statement(reads[:-1])).client("cloudformation")

    def detection() -> dict[str, Any]:
        found = api.detect_stack_drift(StackName="stack")["StackDriftDetectionId"]
        status: dict[str, Any] = api.describe_stack_drift_detection_status(StackDriftDetectionId=found)
        return status

    assert detection()["DetectionStatus"] == "DETECTION_FAILED"
    allow(enforced, "ann", STACKS, statement(reads))
    assert detection()["StackDriftStatus"] == "IN_SYNC"
    allow(enforced, "ann", statement("cloudformation:DetectStackDrift"))
    assert "cloudformation:DetectStackResourceDrift" in str(refusal(api.detect_stack_drift, StackName="stack"))


# --- updates, property by property ------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """An account for all cases; ann deploys in it, each case a stack of its own."""

    account: LocalAccount
    ann: Someone

    def filled(self, properties: dict[str, Any]) -> dict[str, Any]:
        """A case's properties with this account's policies and some documents in them."""
        known = {
            "LEVEL": iam_arn(self.account, "policy/level"),
            "OTHER": iam_arn(self.account, "policy/other"),
            "TRUST": trust({"Service": "ec2.amazonaws.com"}),
            "DOCUMENT": document(statement("s3:PutObject")),
            "INLINE": {"PolicyName": "own", "PolicyDocument": document()},
        }
        whole: dict[str, Any] = filled(properties, known)
        return whole


@pytest.fixture(scope="module")
def place(local_server: ServerProcess) -> Iterator[Place]:
    account = new_account(local_server.url)
    iam = administrator(account).client("iam")
    for name in ("level", "other"):
        iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document()))
    for name in ("readers", "writers"):
        iam.create_group(GroupName=name)
    with enforcing(local_server.url):
        yield Place(account, user(account, "ann"))


def changes() -> list[Any]:
    return [
        pytest.param(
            kind["kind"],
            kind["reads"],
            case,
            marks=pytest.mark.aws(SCHEMA, behaviour="what an update takes, by the property that changes"),
            id=f"{kind['kind']}-{'-'.join(case['takes'])}-{number}",
        )
        for kind in yaml.safe_load(CASES.read_text(encoding="utf-8"))
        for number, case in enumerate(kind["cases"])
    ]


@pytest.mark.parametrize(("kind", "reads", "case"), changes())
def test_a_change_takes_just_this(place: Place, kind: str, reads: list[str], case: dict[str, Any]) -> None:
    make, name = getattr(stack_samples, kind), f"{kind}-{crc32(json.dumps(case).encode())}"
    named = "/" + name if kind == "parameter" else name
    before, after = (template(X=make(named, **place.filled(case[state]))) for state in ("from", "to"))
    assert Stacks(administrator(place.account)).create(before, name) == "CREATE_COMPLETE"
    stacks, needed = Stacks(place.ann), [*case["takes"], *reads]
    for missing in needed:
        # Whatever else there is it may do: it is this one that is asked for.
        denied = {**statement(missing), "Effect": "Deny"}
        allow(place.account, "ann", statement("*"), denied)
        assert stacks.update(after, name) in ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"), missing
        assert f"perform: {missing} on" in stacks.reasons("UPDATE_FAILED", name)[0]
    allow(place.account, "ann", STACKS, statement(needed))
    assert stacks.update(after, name) == "UPDATE_COMPLETE"
