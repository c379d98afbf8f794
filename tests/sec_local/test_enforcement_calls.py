"""What each call takes: let through with exactly that, refused without any part of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from support.enforcement import Someone, allow, enforcing, filled, refusal, user
from support.local_aws import REGION, LocalAccount, ServerProcess, new_account
from support.stack_samples import NAMED, document, parameter, statement, template, trust

DOCS = "https://docs.aws.amazon.com"
REFERENCE = f"{DOCS}/service-authorization/latest/reference"
PAGES = {
    "iam": f"{REFERENCE}/list_awsidentityandaccessmanagementiam.html",
    "ssm": f"{REFERENCE}/list_awssystemsmanager.html",
    "s3": f"{DOCS}/AmazonS3/latest/userguide/using-with-s3-policy-actions.html",
    "cloudformation": f"{REFERENCE}/list_awscloudformation.html",
    "sts": f"{REFERENCE}/list_awssecuritytokenservice.html",
    "cloudtrail": f"{REFERENCE}/list_awscloudtrail.html",
    "sqs": f"{REFERENCE}/list_amazonsqs.html",
    "lambda": f"{REFERENCE}/list_awslambda.html",
}
# Later rows look at what earlier ones have made: a file's tests run in one process, in their order.
FILE = Path(__file__).parents[1] / "cases" / "sec_local" / "calls.yaml"
TEXTS = {
    "DOCUMENT": json.dumps(document()),
    "TRUST": json.dumps(trust()),
    "TEMPLATE": template(P=parameter("of-stack")),
}


@dataclass(frozen=True)
class World:
    """The account of the cases, and ann in it."""

    account: LocalAccount
    ann: Someone

    def filled(self, case: Any) -> Any:
        """A case with the texts above and this account's number in it."""
        numbered = json.dumps(case).replace("ACCOUNT", self.account.account_id)
        return filled(json.loads(numbered), TEXTS)


@pytest.fixture(scope="module")
def world(local_server: ServerProcess) -> Iterator[World]:
    account = new_account(local_server.url)
    with enforcing(local_server.url):
        yield World(account, build(account))


def build(account: LocalAccount) -> Someone:
    iam = account.client("iam")
    ann = user(account, "ann")
    iam.create_user(UserName="bob")
    iam.create_group(GroupName="readers")
    for name in ("level", "bound"):
        bound = iam.create_policy(PolicyName=name, PolicyDocument=TEXTS["DOCUMENT"])["Policy"]["Arn"]
    red = [{"Key": "team", "Value": "red"}]
    iam.create_role(
        RoleName="runner", Path="/app/", AssumeRolePolicyDocument=TEXTS["TRUST"], PermissionsBoundary=bound, Tags=red
    )
    by_service = json.dumps(trust({"Service": "cloudformation.amazonaws.com"}))
    iam.create_role(RoleName="cfn", AssumeRolePolicyDocument=by_service)
    iam.create_instance_profile(InstanceProfileName="profile")
    bucket = f"b-{account.account_id}"
    s3 = account.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for name in ("/app/one", "plain"):
        account.client("ssm").put_parameter(Name=name, Value="1", Type="String")
    account.client("cloudformation").create_stack(
        StackName="stack", TemplateBody=TEXTS["TEMPLATE"], Capabilities=NAMED, Tags=red
    )
    return ann


def cases() -> list[Any]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        pytest.param(
            row,
            marks=pytest.mark.aws(
                PAGES[row["call"].partition(".")[0]], behaviour="actions, resources and condition keys of its calls"
            ),
            id=f"{row['call']}-{number}",
        )
        for number, row in enumerate(rows)
    ]


def granted(takes: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each action with the statement that grants just it."""
    for action, given in takes.items():
        whole = given if isinstance(given, dict) else {"resource": given}
        yield action, statement(action, whole["resource"], Condition=conditions(whole.get("keys", {})))


def conditions(keys: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, dict[str, Any]] = {}
    for key, value in keys.items():
        operator = "ForAnyValue:StringEquals" if isinstance(value, list) else "StringEquals"
        held.setdefault(operator, {})[key] = value
    return held


def lesser(statements: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Everything that is a bit less: an action is missing, a resource or a key's value is another."""
    for action, one in statements.items():
        rest = [other for name, other in statements.items() if name != action]
        yield action, rest
        resources = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        for resource in resources:
            kept = [other for other in resources if other != resource]
            yield action, [*rest, {**one, "Resource": [*kept, "arn:aws:iam::111122223333:role/other"]}]
        for operator, keys in one["Condition"].items():
            for key in keys:
                other = {**one["Condition"], operator: {**keys, key: "other"}}
                yield action, [*rest, {**one, "Condition": other}]


@pytest.mark.parametrize("case", cases())
def test_a_call_takes_just_this(world: World, case: dict[str, Any]) -> None:
    service, _, operation = case["call"].partition(".")
    statements = dict(granted(world.filled(case["takes"])))
    given = world.filled(case.get("with", {}))
    call = getattr(world.ann.client(service), operation)
    for action, less in lesser(statements):
        allow(world.account, "ann", *(less or [statement("sqs:SendMessage")]))
        message = refusal(call, **given)
        assert message is not None, (action, less)
        assert f"arn:aws:iam::{world.account.account_id}:user/ann is not authorized to perform: {action}" in message
    allow(world.account, "ann", *statements.values())
    with let_through(case.get("error")):
        call(**given)


def let_through(error: str | None) -> Any:
    return pytest.raises(ClientError, match=error) if error else nullcontext()
