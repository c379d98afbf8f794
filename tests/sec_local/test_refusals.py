"""What AWS refuses: rows of `cases/sec_local/refusals.yaml`, all asked of one account."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.config import Config
from botocore.exceptions import ClientError

from support.local_aws import new_account
from support.stack_samples import Stacks, document, group, parameter, template, trust

if TYPE_CHECKING:
    from support.local_aws import LocalAccount, ServerProcess

CASES = Path(__file__).parents[1] / "cases" / "sec_local" / "refusals.yaml"
TEXTS = {
    "TRUST": json.dumps(trust()),
    "DOCUMENT": json.dumps(document()),
    "TEMPLATE": template(X=parameter("/new")),
    "RETYPED": template(X=group("new")),
}


def rows() -> list[Any]:
    return [
        pytest.param(
            case["call"], case["with"], (case["code"], case.get("status", 400)),
            marks=pytest.mark.aws(section["page"], behaviour=section["behaviour"]),
            id=f"{case['call'].partition('.')[2]}-{number}",
        )
        for section in yaml.safe_load(CASES.read_text(encoding="utf-8"))
        for number, case in enumerate([{**section, **one} for one in section["refused"]])
    ]  # fmt: skip


@pytest.fixture(scope="module")
def furnished(local_server: ServerProcess) -> LocalAccount:
    """One account for all rows: a call that is refused changes nothing."""
    account = new_account(local_server.url)
    iam = account.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TEXTS["TRUST"])
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    iam.create_policy(PolicyName="p", PolicyDocument=TEXTS["DOCUMENT"])
    iam.create_instance_profile(InstanceProfileName="i")
    account.client("ssm").put_parameter(Name="/a", Value="1", Type="String")
    Stacks(account).create(template(X=parameter("/st")), "st")
    return account


def filled(value: Any, account: LocalAccount) -> Any:
    """The parameters of a row with the account's id and whole documents in their places."""
    if isinstance(value, dict) and set(value) == {"trusting"}:
        return json.dumps(trust() | {"Statement": [{**trust()["Statement"][0], "Principal": value["trusting"]}]})
    if isinstance(value, dict) and "Resources" in value:
        return json.dumps(value)
    if isinstance(value, dict):
        return {name: filled(inner, account) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, account) for inner in value]
    return TEXTS.get(value, value.replace("{account}", account.account_id)) if isinstance(value, str) else value


@cache
def careless_client(account: LocalAccount, service: str) -> Any:
    """A client that sends whatever it is given; whether that fits is for the service to say."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    session: Any = account.session()  # the service is chosen at run time
    return session.client(service, endpoint_url=account.url, config=config)


@pytest.mark.parametrize(("call", "parameters", "expected"), rows())
def test_it_is_refused(
    furnished: LocalAccount, call: str, parameters: dict[str, Any], expected: tuple[str, int]
) -> None:
    service, _, method = call.partition(".")
    with pytest.raises(ClientError) as refused:
        getattr(careless_client(furnished, service), method)(**filled(parameters, furnished))
    response = refused.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == expected
