"""The operator's policy is enough, and nothing in it is too much: both tried where policies decide.

What the local AWS asks of CloudFormation's callers are the permissions of AWS's published resource schemas. So this
shows that the policy and the schemas agree; it does not show that AWS behaves so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sec_provisioner.operator_policy.build import build_operator_policy
from sec_provisioner.operator_policy.needs import EXTRAS
from support.operator import Json, Operator
from support.operator_scenarios import FINDING, SCENARIOS, Scenario
from support.small_stack import built_from
from support.tool import Ran, Tool

FILE = Path(__file__).parents[1] / "cases" / "operator_policy" / "needed_by.yaml"
NEEDED_BY: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ACCOUNT = "123456789012"

# What the tool does without, and what it does not say then.
LESS = {"cloudformation:DescribeEvents": FINDING, "iam:SimulatePrincipalPolicy": "who lacks"}


@pytest.fixture
def operator(local_aws: Any, account_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(local_aws, account_id, tmp_path, monkeypatch)


def prepared(operator: Operator, scenario: Scenario) -> Tool:
    """The account before the scenario; from then on policies decide."""
    tool = operator.tool(scenario.config(operator.account_id))
    operator.local.settings.enforce = False
    scenario.prepare(operator, tool)
    operator.local.settings.enforce = True
    return tool


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_exported_policy_is_enough(operator: Operator, name: str) -> None:
    """That for the scenario's action alone."""
    scenario = SCENARIOS[name]
    tool = prepared(operator, scenario)
    trail = ["--with", "cloudtrail"] if "--who" in scenario.command else []
    exported = operator.run(tool, "export-iam-policy", "--for", scenario.command[0], *trail)
    assert exported.code == 0, exported.stderr
    operator.have(json.loads(next(iter(tool.files("policies").values()))))
    ran = operator.run(tool, *scenario.command)
    assert ran.code == scenario.code, ran.stderr
    assert "lack the permission" not in ran.stderr


def test_the_medium_tier_makes_its_bucket_under_enforcement(operator: Operator) -> None:
    scenario = SCENARIOS["medium tier"]
    tool = prepared(operator, scenario)
    operator.have(whole_policy(scenario, operator.account_id))
    assert operator.run(tool, *scenario.command).code == 0
    names = [one["Name"] for one in operator.root("s3").list_buckets()["Buckets"]]
    assert names == [f"sec-templates-{operator.account_id}-us-west-1"]


@pytest.mark.parametrize("name", NEEDED_BY)
def test_every_permission_is_needed(operator: Operator, name: str) -> None:
    scenario = SCENARIOS[name]
    tool = prepared(operator, scenario)
    policy = whole_policy(scenario, operator.account_id)
    before = operator.save()
    for sid, permissions in NEEDED_BY[name].items():
        for permission in permissions:
            operator.come_back(before)
            operator.have(without(policy, sid, permission))
            ran = operator.run(tool, *scenario.command)
            assert is_missed(permission, ran), (sid, permission, ran.stdout + ran.stderr)


def is_missed(permission: str, ran: Ran) -> bool:
    said = ran.stdout + ran.stderr
    if permission in LESS:
        return LESS[permission] not in said
    return ran.code != 0 and permission in said


@pytest.mark.parametrize("permission", LESS)
def test_what_is_said_less_without_is_said_with_it(operator: Operator, permission: str) -> None:
    name = next(one for one, needed in NEEDED_BY.items() if any(permission in two for two in needed.values()))
    tool = prepared(operator, SCENARIOS[name])
    operator.have(whole_policy(SCENARIOS[name], operator.account_id))
    ran = operator.run(tool, *SCENARIOS[name].command)
    assert LESS[permission] in ran.stdout + ran.stderr


def test_the_table_has_every_permission_of_every_policy_once() -> None:
    listed = [pair for needed in NEEDED_BY.values() for pair in pairs(needed.items())]
    assert len(set(listed)) == len(listed)
    policies = [whole_policy(one, ACCOUNT) for one in SCENARIOS.values()]
    stated = ((one["Sid"], one["Action"]) for policy in policies for one in policy["Statement"])
    assert set(listed) == set(pairs(stated))


def pairs(items: Any) -> Iterator[tuple[str, str]]:
    return ((sid, permission) for sid, permissions in items for permission in permissions)


def whole_policy(scenario: Scenario, account_id: str) -> Json:
    """For all actions, with all that can be added."""
    config: Callable[[str], str] = scenario.config
    return build_operator_policy(built_from(config(account_id)), extras=EXTRAS)


def without(policy: Json, sid: str, permission: str) -> Json:
    """The policy without one permission of one statement."""
    assert any(one["Sid"] == sid and permission in one["Action"] for one in policy["Statement"])
    kept = [
        {**one, "Action": [name for name in one["Action"] if (one["Sid"], name) != (sid, permission)]}
        for one in policy["Statement"]
    ]
    return {**policy, "Statement": [one for one in kept if one["Action"]]}
