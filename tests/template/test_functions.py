"""Placeholders become intrinsic functions, and functions are worked out offline."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sec_provisioner.naming import Identity
from sec_provisioner.policies import fill_pseudo
from sec_provisioner.template.functions import Resolver, UnresolvedError, substitute

IDENTITY = Identity("edge", "prod", "b001", "us-west-1", "medium", "123456789012")
RESOURCES: dict[str, Any] = {
    "Group": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": "g"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r", "Path": "/deep/"}},
    "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "p", "Path": "/"}},
    "Unnamed": {"Type": "AWS::IAM::Role", "Properties": {}},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
}


def resolver(identity: Identity = IDENTITY) -> Resolver:
    return Resolver(RESOURCES, identity, "the-stack", {"Stage": "blue"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("${aws:username}", "${aws:username}"),
        ("${AWS::AccountId}", {"Ref": "AWS::AccountId"}),
        ("arn:${AWS::Partition}:s3:::x", {"Fn::Sub": "arn:${AWS::Partition}:s3:::x"}),
        ("${AWS::Region}/${aws:username}", {"Fn::Sub": "${AWS::Region}/${!aws:username}"}),
    ],
)
def test_a_text_becomes_this_function(text: str, expected: object) -> None:
    assert substitute(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "Stage"}, "blue"),
        ({"Ref": "Group"}, "g"),
        ({"Ref": "Policy"}, "arn:aws:iam::123456789012:policy/p"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::123456789012:role/deep/r"),
        ({"Fn::GetAtt": "Group.Arn"}, "arn:aws:iam::123456789012:group/g"),
        ({"Fn::Sub": "${Role.Arn}-${!aws:username}"}, "arn:aws:iam::123456789012:role/deep/r-${aws:username}"),
        ({"Fn::Sub": ["${A}-${AWS::Region}", {"A": {"Ref": "Stage"}}]}, "blue-us-west-1"),
        ({"Fn::Join": [":", ["a", {"Ref": "AWS::Region"}]]}, "a:us-west-1"),
        ({"A": [{"Ref": "AWS::NoValue"}, 1]}, {"A": [1]}),
        ({"A": {"Ref": "AWS::NoValue"}, "B": 1}, {"B": 1}),
    ],
)
def test_a_function_is_worked_out(value: object, expected: object) -> None:
    assert resolver().resolve(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::GetAtt": ["Queue", "Arn"]},
        {"Ref": "Queue"},
        {"Ref": "Nobody"},
        {"Fn::GetAtt": ["Unnamed", "Arn"]},
        {"Fn::ImportValue": "x"},
    ],
)
def test_what_only_aws_knows_is_said_to_be_unknown(value: object) -> None:
    with pytest.raises(UnresolvedError):
        resolver().resolve(value)


WORDS = ["a", "-", "/", "*", "${aws:username}", "${AWS::Partition}", "${AWS::AccountId}", "${AWS::Region}"]


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_cloudformation_gets_what_an_export_shows(words: list[str]) -> None:
    text = "".join(words)
    assert resolver().resolve(substitute(text)) == fill_pseudo(text, IDENTITY)
