from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import FrozenInstanceError

import pytest

from sec_provisioner.config.model import Config, Deployment
from sec_provisioner.config.parse import MOST_PROBLEMS, parse_config
from sec_provisioner.config.rules import check_rules
from support.config_cases import GOOD, GOOD_FILE


@pytest.fixture(scope="module")
def config() -> Config:
    parsed = parse_config(GOOD.encode(), GOOD_FILE)
    assert parsed.config is not None
    return parsed.config


def test_what_the_file_says_is_in_the_config(config: Config) -> None:
    assert config.client.account_id == "123456789012"
    assert config.active_profile.enabled_groups == ("data_scientists", "auditors")
    assert config.security.iam_groups["data_scientists"].policy_assignments == {
        "s3": "level2",
        "sagemaker": "level3",
    }


def test_what_the_file_leaves_out_has_its_default(config: Config) -> None:
    assert config.deployment == Deployment()
    assert config.security_profile_name == "startup"
    assert config.security.cross_account_roles["deployer"].max_session_duration == 3600


def test_values_of_a_statement_are_text_as_iam_takes_them(config: Config) -> None:
    (statement,) = config.security.iam_groups["auditors"].statements
    assert statement == {
        "Sid": "ReadReports",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": "arn:${AWS::Partition}:s3:::${Project}-reports/${aws:username}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }


def test_an_account_in_a_condition_keeps_its_leading_zero() -> None:
    text = GOOD.replace(
        '{Bool: {"aws:SecureTransport": true}}', "{StringEquals: {aws:ResourceAccount: [012345678901]}}"
    )
    parsed = parse_config(text.encode(), GOOD_FILE)
    assert parsed.problems == ()
    assert parsed.config is not None
    (statement,) = parsed.config.security.iam_groups["auditors"].statements
    assert statement["Condition"] == {"StringEquals": {"aws:ResourceAccount": ["012345678901"]}}


def test_a_config_is_fixed_once_it_is_read(config: Config) -> None:
    with pytest.raises(FrozenInstanceError):
        config.client.tenant_id = "b002"  # type: ignore[misc]  # that it can't be done is the point


def test_every_name_is_made_of_the_identity(config: Config) -> None:
    identity = config.identity()
    assert (identity.company_prefix, identity.env, identity.tenant_id) == ("edge", "prod", "b001")
    assert (identity.region, identity.tier, identity.account_id) == ("us-west-1", "startup", "123456789012")
    assert identity.partition == "aws"


def test_a_hopeless_file_ends_in_a_list_that_one_can_read() -> None:
    text = GOOD + "".join(f"unknown{n}: x\n" for n in range(10_000))
    problems = parse_config(text.encode(), GOOD_FILE).problems
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].id == "too-many-problems"
    assert "more than 500" in problems[-1].message


def test_reading_a_config_imports_no_editor_no_schema_and_no_aws() -> None:
    code = "import sys, sec_provisioner.config.parse, sec_provisioner.config.rules; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"ruamel.yaml", "pydantic", "boto3", "botocore", "rich", "click"} & set(loaded)


HOSTILE = {
    "unknown groups": ("[data_scientists, auditors]", f"[{', '.join(f'group{n}' for n in range(20_000))}]"),
    "unknown levels": ("{s3: project-buckets-only}", f"{{{', '.join(f's{n}: level{n}' for n in range(10_000))}}}"),
    "unknown policies": ("job-function/ViewOnlyAccess", ", ".join(f"Policy{n}" for n in range(20_000))),
    "placeholders without end": ("${Project}", "${" * 400_000),
    "tags": ("{cost_center: ml-platform}", f"{{{', '.join(f'key{n}: x' for n in range(20_000))}}}"),
    "unknown keys": ("{Bool: ", f"{{{', '.join(f'key{n}: {{}}' for n in range(10_000))}, Bool: "),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_config_ends_in_time(kind: str) -> None:
    old, new = HOSTILE[kind]
    assert GOOD.count(old) == 1
    began = time.process_time()
    parsed = parse_config(GOOD.replace(old, new).encode(), GOOD_FILE)
    assert parsed.config is not None
    assert parsed.document is not None
    assert len(check_rules(parsed.config, parsed.document)) <= MOST_PROBLEMS + 1
    # Under two seconds; a reader without bounds takes minutes.
    assert time.process_time() - began < 20
