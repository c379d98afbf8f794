from __future__ import annotations

import re
from itertools import count

import pytest
import yaml

from sec_provisioner.config.fitting import fit_to_partition
from sec_provisioner.config.master import NewConfig, new_config, questions
from sec_provisioner.config.model import Config
from sec_provisioner.config.parse import parse_config
from sec_provisioner.errors import UsageError

CLIENT = {
    "client.company_name": "Edge Analytics",
    "client.company_prefix": "edge",
    "client.tenant_id": "b001",
    "client.account_id": "012345678901",
}


def make(tier: str = "startup", **settings: str) -> NewConfig:
    numbers = count(1)
    return new_config(tier, settings, lambda: f"random-{next(numbers)}")


def config_of(new: NewConfig) -> Config:
    parsed = parse_config(new.text.encode(), "new.yaml")
    assert parsed.config is not None, parsed.problems
    return parsed.config


def test_without_settings_it_is_the_master_and_the_client_is_left_to_fill() -> None:
    new = make()
    assert new.left_to_fill == tuple(CLIENT)
    assert new.text.startswith("# yaml-language-server: $schema=")


def test_with_the_client_nothing_is_left_to_fill() -> None:
    new = make(**CLIENT)
    assert new.left_to_fill == ()
    assert parse_config(new.text.encode(), "new.yaml").problems == ()
    assert config_of(new).client.account_id == "012345678901"


def remarks(text: str) -> list[tuple[str, str]]:
    """Each comment with what follows it: the next line that is none, without its value."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            follows = next((one for one in lines[number:] if one.strip() and not one.lstrip().startswith("#")), "")
            found.append((line, follows.split(":")[0]))
        elif " # " in line:
            found.append((line.split(" # ")[1], line.split(":")[0]))
    return found


@pytest.mark.parametrize(
    "settings",
    [
        {"deployment.termination_protection": "true", "deployment.mode": "express"},
        {"tags": "{team: ml, stage: one}"},
        {"tags.team": "ml"},
        {"security.iam_groups.data_scientists.description": "People"},
        {"security.iam_groups.operations_support.policy_assignments.s3": "level1"},
        {"security.service_roles.lambda_execution.policy_assignments": "{s3: level1}"},
        {"security.cross_account_roles.mine.trusted_account": "210987654321"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_comments_stay_with_what_they_speak_of(settings: dict[str, str]) -> None:
    before, after = remarks(make("enterprise").text), remarks(make("enterprise", **settings).text)
    assert after == before


def test_a_new_key_changes_no_other_line() -> None:
    before, after = make().text.splitlines(), make(**{"deployment.template_bucket": "my-templates"}).text.splitlines()
    assert [line for line in after if line not in before] == ["  template_bucket: my-templates"]
    assert [line for line in before if line not in after] == []


@pytest.mark.parametrize(
    "text",
    [
        "Edge: Analytics #1",
        "012",
        "null",
        "true",
        "yes",
        "~",
        "1e9",
        "- x",
        "'x'",
        '"x"',
        "{a}",
        "x: y",
        " x ",
        "Ångström",
    ],
)
def test_text_is_taken_as_it_is(text: str) -> None:
    new = make(**{**CLIENT, "client.company_name": text})
    assert config_of(new).client.company_name == text
    assert yaml.safe_load(new.text)["client"]["company_name"] == text, "other readers of YAML see the same"
    assert parse_config(new.text.encode(), "new.yaml").problems == ()


def test_other_fields_are_yaml() -> None:
    config = config_of(
        make(
            **CLIENT,
            **{
                "deployment.termination_protection": "true",
                "deployment.quotas.role_attached_policies": "20",
                "security_profiles.startup.enabled_groups": "[data_scientists]",
                "tags": "{cost_center: 0815, stage: yes}",
                "security.iam_groups.mine": "{statements: [{Effect: Allow, Action: 's3:Get*', Resource: '*'}]}",
            },
        )
    )
    assert config.deployment.termination_protection is True
    assert config.deployment.quotas.role_attached_policies == 20
    assert config.active_profile.enabled_groups == ("data_scientists",)
    assert config.tags == {"cost_center": "0815", "stage": "yes"}
    (statement,) = config.security.iam_groups["mine"].statements
    assert statement == {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}


def test_a_trusted_account_enables_the_role_and_makes_its_external_id() -> None:
    settings = {
        "security.cross_account_roles.cicd_deployment.trusted_account": "210987654321",
        "security.cross_account_roles.monitoring.trusted_account": "012345678902",
        "security.cross_account_roles.monitoring.external_id": "given",
    }
    new = make("enterprise", **CLIENT, **settings)
    config = config_of(new)
    assert new.enabled_roles == ("cicd_deployment", "monitoring")
    assert config.active_profile.enabled_cross_account_roles == ("cicd_deployment", "monitoring")
    roles = config.security.cross_account_roles
    assert roles["cicd_deployment"].external_id == "random-1"
    assert roles["monitoring"].external_id == "given"
    assert roles["monitoring"].trusted_account == "012345678902"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"client.prefix": "edge"}, "client.prefix"),
        ({"client": "edge"}, "must be a mapping"),
        ({"": "edge"}, "no place"),
        ({"client.tenant_id": "B001"}, "client.tenant_id"),
        ({"client.company_name": ""}, "client.company_name"),
        ({"deployment.termination_protection": "yes"}, "true or false"),
        ({"deployment.mode": "fast"}, "deployment.mode"),
        ({"tags": "[a"}, "not valid YAML"),
        ({"tags": "{a: 1, a: 2}"}, "second time"),
        ({"security.iam_groups.mine.statements[0]": "x"}, "by itself"),
        ({"security.iam_groups.Mine.description": "x"}, "security.iam_groups.Mine"),
        ({"environment.region": "us-wset-1"}, "us-wset-1"),
        ({"format_version": "2"}, "format 2"),
        ({"security.cross_account_roles.mine.external_id": "top secret"}, "external_id"),
    ],
)
def test_a_setting_that_no_config_can_have_is_refused(settings: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as refusal:
        make(**settings)
    assert says in refusal.value.message
    assert refusal.value.hint
    assert "top secret" not in refusal.value.message


def test_all_bad_settings_are_named_at_once() -> None:
    with pytest.raises(UsageError) as refusal:
        make(**{"client.tenant_id": "B001", "client.company_prefix": "Edge"})
    assert "client.tenant_id" in refusal.value.message
    assert "client.company_prefix" in refusal.value.message


def test_an_unknown_tier_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="startupp") as refusal:
        make("startupp")
    assert "`startup`" in refusal.value.hint


def test_questions_are_the_client_and_the_environment() -> None:
    asked = questions("medium")
    assert [one.path for one in asked] == [*CLIENT, "environment.env", "environment.region"]
    assert [one.default for one in asked] == ["", "", "", "", "prod", "us-east-1"]
    assert all(one.description for one in asked)


def test_what_a_partition_lacks_is_left_out_and_said() -> None:
    new = make("enterprise", **CLIENT, **{"environment.region": "cn-north-1"})
    said = {one.what: one.holders for one in new.left_out}
    assert "data_scientists" in said["bedrock"]
    assert said["codeconnections"] == ("codebuild_execution", "cicd_pipeline")
    assert said["bedrock.amazonaws.com"] == ("bedrock_execution",)
    assert not re.search(r"bedrock(_execution)?:|codeconnections:", new.text)
    assert make("enterprise").left_out == ()


PART = """\
security:
  iam_groups:
    a:
      policy_assignments:
        bedrock: level1

    # about b
    b:
      policy_assignments:
        s3: level1
        # about bedrock
        bedrock: level1
      managed_policies:
        - CostOptimizationHubReadOnlyAccess
      # about statements
      statements:
        - Effect: Allow
          Action: bedrock:InvokeModel
          Resource: "*"
      self_service_credentials: true
"""
FITTED = """\
security:
  iam_groups:
    a:
      description: ""

    # about b
    b:
      policy_assignments:
        s3: level1
      self_service_credentials: true
"""


def test_whole_lines_go_with_the_remarks_above_them() -> None:
    part = PART.replace("    a:\n", '    a:\n      description: ""\n')
    assert fit_to_partition(part, "aws-cn").text == FITTED
    assert fit_to_partition(part, "aws").text == part
