"""The enforcement's engine, case by case: what AWS documents, each refusal with an allowed twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sec_local.enforcement.context import Context
from sec_local.enforcement.decision import Policies, decide
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.statements import Policy, Request

CASES = Path(__file__).parents[1] / "cases" / "sec_local"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
ACCOUNT = "111122223333"
EVERYTHING: list[dict[str, Any]] = [{}]
PRINCIPALS = {
    "ann": Principal("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ann", f"arn:aws:iam::{ACCOUNT}:user/ann"),
    "root": Principal("root", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:root"),
    "session": Principal(
        "role",
        ACCOUNT,
        f"arn:aws:sts::{ACCOUNT}:assumed-role/runner/s",
        f"arn:aws:iam::{ACCOUNT}:role/app/runner",
    ),
    "service": Principal("service", "", "lambda.amazonaws.com", "lambda.amazonaws.com"),
}


def read(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return cases


def document(statements: list[dict[str, Any]], version: str = "2012-10-17") -> Policy:
    """Statements with what they do not state: they allow everything."""
    full = []
    for one in statements:
        action = {} if "NotAction" in one else {"Action": "*"}
        resource = {} if "NotResource" in one else {"Resource": "*"}
        full.append({"Effect": "Allow", **action, **resource, **one})
    return Policy("case", "none", json.dumps({"Version": version, "Statement": full}))


# --- operators --------------------------------------------------------------------------------------


def operator_cases() -> list[Any]:
    return [
        pytest.param(
            case,
            marks=pytest.mark.aws(
                f"{GUIDE}/{group['page']}", behaviour=f"the operator `{case['operator']}` on the request's values"
            ),
            id=f"{case['operator']}-{case['wanted']}",
        )
        for group in read("operators.yaml")
        for case in group["cases"]
    ]


@pytest.mark.parametrize("case", operator_cases())
def test_an_operator(case: dict[str, Any]) -> None:
    policy = document([{"Condition": {case["operator"]: {"aws:thing": case["wanted"]}}}])
    assert case["allowed"]
    assert case["denied"]
    for answer in ("allowed", "denied"):
        for value in case[answer]:
            context = Context({"aws:thing": tuple(value) if isinstance(value, list) else value})
            request = Request("s3:GetObject", "*", context)
            decision = decide(request, PRINCIPALS["ann"], Policies(identity=(policy,)))
            assert decision.is_allowed == (answer == "allowed"), value


# --- policies together ------------------------------------------------------------------------------


def policy_cases() -> list[Any]:
    return [
        pytest.param(case, marks=pytest.mark.aws(f"{GUIDE}/{case['page']}", behaviour=case["name"]), id=case["name"])
        for case in read("policies.yaml")
    ]


def policies_of(case: dict[str, Any]) -> Policies:
    is_root = case.get("principal") == "root"
    version = case.get("version", "2012-10-17")
    boundary, session = ((document(case[name]),) if name in case else None for name in ("boundary", "session"))
    return Policies(
        identity=None if is_root else (document(case.get("identity", EVERYTHING), version),),
        resource=document(case["resource"]) if "resource" in case else None,
        resource_account=case.get("resource_account", ""),
        boundary=boundary,
        session=session,
    )


@pytest.mark.parametrize("case", policy_cases())
def test_policies_together(case: dict[str, Any]) -> None:
    principal, policies = PRINCIPALS[case.get("principal", "ann")], policies_of(case)
    assert case["allowed"]
    assert case["denied"]
    for answer in ("allowed", "denied"):
        for action, resource, *keys in case[answer]:
            request = Request(action, resource, Context(keys[0] if keys else {}))
            assert decide(request, principal, policies).is_allowed == (answer == "allowed"), (action, resource, keys)
