from typing import Any

import pytest

from sec_provisioner.iam.document import Statement
from sec_provisioner.iam.variables import UnknownVariable, is_policy_variable, unknown_variables

PLACEHOLDERS = ("Project", "AWS::Partition", "AWS::AccountId", "AWS::Region")
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def _unknown(**changes: Any) -> tuple[UnknownVariable, ...]:
    return unknown_variables(Statement.parse(ALLOW | changes), PLACEHOLDERS)


def test_a_misspelt_placeholder_is_found_with_what_was_meant() -> None:
    found = _unknown(Resource=["*", "arn:${AWS::Partition}:s3:::${project}-data/*"])
    assert found == (UnknownVariable(("Resource", 1), "project", "Project"),)


def test_a_misspelt_policy_variable_is_found_in_a_condition() -> None:
    condition = {"StringLike": {"s3:prefix": ["x", "home/${aws:usernam}"]}}
    path = ("Condition", "StringLike", "s3:prefix", 1)
    assert _unknown(Condition=condition) == (UnknownVariable(path, "aws:usernam", "aws:username"),)


def test_variables_mean_nothing_in_actions_principals_and_condition_keys() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/${aws:username}": "x"}}
    found = _unknown(Action="s3:${aws:username}", Principal={"AWS": ["*", "${aws:userid}"]}, Condition=condition)
    assert [(one.path, one.name) for one in found] == [
        (("Action", 0), "aws:username"),
        (("Principal", "AWS", 1), "aws:userid"),
        (("Condition", "StringEquals", "aws:ResourceTag/${aws:username}"), "aws:username"),
    ]


def test_placeholders_are_filled_in_everywhere() -> None:
    condition = {"StringEquals": {"aws:RequestTag/${Project}": "${Project}"}}
    principal = {"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    assert not _unknown(Action="s3:${Project}", Resource="${Project}", Principal=principal, Condition=condition)


@pytest.mark.parametrize("text", ["${*}", "${?}${$}", "${aws:PrincipalTag/team, 'none'}", "$x{y}", "unclosed ${"])
def test_escapes_defaults_and_stray_characters_are_no_variables(text: str) -> None:
    assert not _unknown(Resource=f"arn:aws:s3:::{text}")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws:username", True),
        ("AWS:UserName", True),
        ("aws:PrincipalTag/team", True),
        ("s3:prefix", True),
        ("redshift-data:statement-owner-iam-userid", True),
        ("token.actions.githubusercontent.com:sub", True),
        ("saml:sub", True),
        ("aws:usernam", False),
        ("s3:prefx", False),
        ("nosuch:key", False),
        ("Project", False),
        ("", False),
    ],
)
def test_policy_variables_are_condition_keys(name: str, expected: bool) -> None:
    assert is_policy_variable(name) is expected
