"""What holds for every template."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sec_provisioner.config.parse import parse_config
from sec_provisioner.pipeline import check
from sec_provisioner.problem import Severity
from sec_provisioner.template.render import goes_inline, minified
from support.configs import built, master

MORE = """\
    newcomers:
      description: New here
      policy_assignments: {s3: level2}
"""
TIERS = ["startup", "medium", "enterprise"]


def with_newcomers(text: str) -> str:
    text = text.replace("  iam_groups:\n", "  iam_groups:\n" + MORE, 1)
    return text.replace("enabled_groups:\n", "enabled_groups:\n      - newcomers\n", 1)


def without_depends_on(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key != "DependsOn"}


def test_adding_a_group_changes_only_that_group_s_resources() -> None:
    before, after = built(master()).template.resources, built(with_newcomers(master())).template.resources
    assert set(after) - set(before) == {"GroupNewcomers", "ParameterGroupNewcomers"}
    assert {key for key in before if without_depends_on(before[key]) != without_depends_on(after[key])} == set()
    assert len([key for key in before if before[key] != after[key]]) <= 1


def test_the_same_config_gives_the_same_bytes() -> None:
    assert minified(built(master()).template) == minified(built(master()).template)


# Each partition's longest region. With a prefix of more than 8 characters it goes through the bucket.
@pytest.mark.parametrize("region", ["ap-southeast-5", "us-gov-west-1", "cn-northwest-1"])
def test_the_startup_tier_goes_inline(region: str) -> None:
    longest = master("startup", client__company_prefix="p" * 8, environment__region=region)
    assert goes_inline(minified(built(longest).template))


def test_the_enterprise_tier_goes_through_the_bucket() -> None:
    assert not goes_inline(minified(built(master("enterprise")).template))


@pytest.mark.parametrize("tier", TIERS)
def test_a_master_has_no_error(tier: str) -> None:
    found = check(parse_config(master(tier).encode(), "edge-prod-b001-us-west-1-sec.yaml")).problems
    assert [one for one in found if one.severity is Severity.ERROR] == []
    assert [one for one in found if one.suppressed is None and one.severity is Severity.WARNING] == []


@pytest.mark.parametrize("tier", TIERS)
def test_no_arn_in_a_policy_comes_from_get_att(tier: str) -> None:
    for resource in built(master(tier)).template.resources.values():
        if resource["Type"] != "AWS::SSM::Parameter":
            assert "Fn::GetAtt" not in json.dumps(resource)


def test_a_managed_policy_has_no_description() -> None:
    resources = built(master()).template.resources.values()
    policies = [one["Properties"] for one in resources if one["Type"] == "AWS::IAM::ManagedPolicy"]
    assert policies
    assert all(set(one) == {"ManagedPolicyName", "Path", "PolicyDocument"} for one in policies)


def test_a_property_leads_back_to_the_line_it_comes_from() -> None:
    template = built(master()).template
    assert template.source("GroupDataScientists", "ManagedPolicyArns[0]").startswith(
        "security.iam_groups.data_scientists.policy_assignments."
    )
    assert template.source("RoleLambdaExecution", "Policies[0].PolicyDocument.Statement[1].Action[0]").startswith(
        "security.service_roles.lambda_execution.statements["
    )
    assert template.source("RoleLambdaExecution", "Path") == "security.service_roles.lambda_execution"
