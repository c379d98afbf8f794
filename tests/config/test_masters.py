from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
import yaml

from sec_provisioner.catalogue.levels import Level, levels_of, services
from sec_provisioner.catalogue.tiers import Tier, tiers
from sec_provisioner.config.master import new_config
from sec_provisioner.config.model import KINDS, Config, Holder
from sec_provisioner.config.parse import parse_config
from sec_provisioner.config.rules.rule import defined
from sec_provisioner.naming import Names
from sec_provisioner.pipeline import Checked, check
from sec_provisioner.problem import Severity

TIERS = list(tiers().values())
CLIENT = {
    "client.company_name": "Edge Analytics",
    "client.company_prefix": "edge",
    "client.tenant_id": "b001",
    "client.account_id": "123456789012",
}
REGIONS = ["us-west-1", "us-gov-west-1", "cn-north-1"]


def name(tier: Tier) -> str:
    return tier.name


def read(tier: str, **settings: str) -> Config:
    text = new_config(tier, {**CLIENT, **settings}, lambda: "random-1").text
    config = parse_config(text.encode(), "").config
    assert config is not None
    return config


def checked(tier: str, settings: dict[str, str]) -> Checked:
    text = new_config(tier, {**CLIENT, **settings}, lambda: "random-1").text
    config = parse_config(text.encode(), "").config
    assert config is not None
    return check(parse_config(text.encode(), Names(config.identity()).config_file))


@pytest.mark.parametrize("tier", TIERS, ids=name)
@pytest.mark.parametrize("region", REGIONS)
def test_a_master_needs_its_client_and_nothing_else(tier: Tier, region: str) -> None:
    result = checked(tier.name, {"environment.region": region})
    assert result.built is not None
    assert [one for one in result.problems if one.severity is not Severity.INFO and not one.suppressed] == []


@pytest.mark.parametrize("tier", TIERS[1:], ids=name)
def test_cross_account_roles_need_one_setting(tier: Tier) -> None:
    settings = {
        f"security.cross_account_roles.{role}.trusted_account": "210987654321" for role in tier.cross_account_roles
    }
    result = checked(tier.name, settings)
    assert [one for one in result.problems if not one.suppressed] == []
    assert result.built is not None
    kinds = {role.key for role in result.built.model.roles if role.kind == "cross-account"}
    assert kinds == set(tier.cross_account_roles)


@pytest.mark.parametrize("tier", TIERS, ids=name)
def test_a_master_holds_what_its_tier_has(tier: Tier) -> None:
    config = read(tier.name)
    assert config.tier.version == tier.version
    for section in KINDS:
        built_in = getattr(tier, "groups" if section == "iam_groups" else section)
        assert sorted(defined(config, section)) == sorted(built_in)


@pytest.mark.parametrize("tier", TIERS, ids=name)
def test_a_master_enables_all_but_bedrock_and_other_accounts(tier: Tier) -> None:
    profile = read(tier.name).active_profile
    assert profile.enabled_groups == tuple(sorted(tier.groups))
    assert profile.enabled_service_roles == tuple(sorted(set(tier.service_roles) - {"bedrock_execution"}))
    assert profile.enabled_assumable_roles == tuple(sorted(tier.assumable_roles))
    assert profile.enabled_cross_account_roles == ()


# What a larger tier adds to what a smaller one has too: who may assume and pass what only it has.
ADDED = {"assumable_roles", "passable_by", "self_service_credentials"}


def permissions(holder: Holder) -> dict[str, Any]:
    return {name: value for name, value in asdict(holder).items() if name not in ADDED}


@pytest.mark.parametrize(("smaller", "larger"), [("startup", "medium"), ("medium", "enterprise")])
def test_a_larger_tier_gives_the_same_permissions(smaller: str, larger: str) -> None:
    before, after = read(smaller), read(larger)
    for section in KINDS:
        for key, holder in defined(before, section).items():
            kept = defined(after, section)[key]
            assert permissions(holder) == permissions(kept), key


@pytest.mark.parametrize("tier", TIERS[1:], ids=name)
def test_the_sections_that_carry_over_are_the_same_in_every_tier(tier: Tier) -> None:
    startup, other = (yaml.safe_load(new_config(one, CLIENT, str).text) for one in ("startup", tier.name))
    for section in ("client", "environment", "deployment", "tags"):
        assert other[section] == startup[section]


@pytest.mark.parametrize("tier", TIERS, ids=name)
def test_who_may_assume_a_role_with_mfa_can_set_up_a_device(tier: Tier) -> None:
    security = read(tier.name).security
    demanding = {key for key, role in security.assumable_roles.items() if role.require_mfa}
    for group in security.iam_groups.values():
        assert group.self_service_credentials == bool(demanding & set(group.assumable_roles))


# The table of catalog "Roles": who may assume what, in the largest tier.
MAY_ASSUME = {
    "aml_engineer": {"data_scientists", "mlops_engineers"},
    "adata_scientist": {"ml_engineers", "qa_testing"},
    "adata_engineer": {"data_scientists", "ml_engineers"},
    "amlops_engineer": {"ml_engineers"},
    "model_approver": {"ai_governance"},
    "incident_responder": {"operations_support"},
    "cost_optimizer": {"finops_managers"},
}


def test_who_may_assume_what() -> None:
    groups = read("enterprise").security.iam_groups
    found = {role: {key for key, group in groups.items() if role in group.assumable_roles} for role in MAY_ASSUME}
    assert found == MAY_ASSUME


# Group -> levels, as the catalogue's table has them.
LEVELS = {
    "data_scientists": "s3 2, ecr 1, sagemaker 3, bedrock 2, cloudwatch 1",
    "ml_engineers": "s3 2, ecr 2, pipeline 2, sagemaker 3, lambda 3, bedrock 3, cloudwatch 1",
    "platform_administrators": "",
    "business_consumers": "sagemaker 4, bedrock 2",
    "operations_support": "cloudwatch 2",
    "data_engineers": "s3 3, ecr 1, pipeline 2, glue 3, redshift 3, cloudwatch 1",
    "mlops_engineers": "s3 3, ecr 3, pipeline 3, sagemaker 6, lambda 3, bedrock 3, cloudwatch 2",
    "ai_governance": "s3 1, sagemaker 1, bedrock 1",
    "security_team": "",
    "qa_testing": "s3 1, ecr 1, sagemaker 2, lambda 2, bedrock 2",
    "finops_managers": "",
    "external_contractors": "s3 1, sagemaker 1, bedrock 1",
    "sagemaker_execution": "s3 2, ecr 1, sagemaker 3",
    "lambda_execution": "s3 2, sagemaker 2, bedrock 2",
    "glue_execution": "s3 2, glue 2",
    "codebuild_execution": "s3 2, ecr 2",
    "cicd_pipeline": "s3 2, sagemaker 6",
    "bedrock_execution": "s3 2, bedrock 2",
    "model_approver": "sagemaker 1",
    "incident_responder": "cloudwatch 2, lambda 1, sagemaker 1",
    "cost_optimizer": "",
    "cicd_deployment": "s3 2, ecr 3, pipeline 3, sagemaker 6, lambda 3",
    "monitoring": "cloudwatch 1",
}


def test_levels_of_every_group_and_role() -> None:
    config = read("enterprise")
    found = {
        key: ", ".join(f"{service} {level.removeprefix('level')}" for service, level in one.policy_assignments.items())
        for section in KINDS
        for key, one in defined(config, section).items()
        if getattr(one, "mirrors_group", None) is None
    }
    assert found == LEVELS


@pytest.mark.parametrize(
    "level",
    [one for service in services() for one in levels_of(service) if not one.full],
    ids=lambda level: f"{level.service}/{level.reference}",
)
def test_a_level_names_those_who_have_it_as_its_typical_users(level: Level) -> None:
    holders = {key for key, held in LEVELS.items() if f"{level.service} {level.number}" in held.split(", ")}
    assert {user for user in level.typical_users if user in LEVELS} == holders
