"""Places that change, as a reviewer reads them."""

from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.live.differences import differences
from sec_provisioner.report.change_results import PropertyEntry
from sec_provisioner.report.property_text import paragraphs

READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::a/*"}
NAMELESS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
IN_STATEMENT = "inline policy permissions, statement Read"


def group(*statements: Any, attached: tuple[str, ...] = ()) -> dict[str, Any]:
    policies = [
        {"PolicyName": "permissions", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    ]
    return {"Policies": policies if statements else [], "ManagedPolicyArns": list(attached)}


def told(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    places = [PropertyEntry(one.path, one.before, one.after) for one in differences(before, after)]
    return {one.heading: [f"{line.mark} {line.text}" for line in one.lines] for one in paragraphs(places)}


CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, list[str]]]] = [
    ("a statement moved", group(READ, WRITE), group(WRITE, READ), {}),
    (
        "an action added",
        group(READ),
        group({**READ, "Action": ["s3:GetObject", "s3:ListBucket"]}),
        {IN_STATEMENT: ["+ Action s3:ListBucket"]},
    ),
    (
        "a resource narrowed and a condition added",
        group(READ),
        group({**READ, "Resource": "x", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        {IN_STATEMENT: ["- Resource *", "+ Resource x", "+ Condition Bool aws:SecureTransport = true"]},
    ),
    ("a Sid renamed", group(READ), group({**READ, "Sid": "See"}), {
        IN_STATEMENT: ["~ is called See now; what it says is the same"]}),
    ("a statement more", group(READ), group(READ, WRITE), {
        "inline policy permissions": ["+ Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]}),
    ("statements without Sid", group(NAMELESS), group(NAMELESS, WRITE), {
        "inline policy permissions": ["+ Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]}),
    ("the policy as a whole", group(), group(READ), {
        "inline policy permissions": ["+ Allow [Read] s3:GetObject on *"]}),
    ("an attachment replaced", group(attached=("a", "b")), group(attached=("b", "c")), {
        "ManagedPolicyArns": ["- a", "+ c"]}),
    ("a number", {"MaxSessionDuration": 3600}, {"MaxSessionDuration": 7200}, {
        "MaxSessionDuration": ["- 3600", "+ 7200"]}),
    (
        "another principal",
        {"AssumeRolePolicyDocument": {"Statement": [{"Sid": "T", "Effect": "Allow", "Principal": {"AWS": "1"}}]}},
        {"AssumeRolePolicyDocument": {"Statement": [{"Sid": "T", "Effect": "Allow", "Principal": {"Service": "x"}}]}},
        {"trust policy, statement T": ["- Principal AWS 1", "+ Principal Service x"]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after", "expected"), CASES, ids=[one[0] for one in CASES])
def test_each_kind_of_change_reads_as_what_it_means(
    name: str, before: dict[str, Any], after: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    assert told(before, after) == expected, name


def test_the_policies_of_what_comes_as_a_whole_are_told_one_by_one() -> None:
    (one,) = paragraphs([PropertyEntry("Policies", None, group(READ)["Policies"])])
    assert (one.heading, one.lines[0].text) == ("inline policy permissions", "Allow [Read] s3:GetObject on *")


def test_a_value_that_only_aws_knows_is_said_to_be_so() -> None:
    (one,) = paragraphs([PropertyEntry("Value", None, None)])
    assert [line.text for line in one.lines] == ["the new value is known once it is done"]
