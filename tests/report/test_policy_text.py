"""Two policy documents in the words that a reviewer reads."""

from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.report.policy_text import document_lines, list_lines, statement_text

READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": ["arn:aws:s3:::a/*"]}


def document(*statements: Any, version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def lines(before: Any, after: Any) -> list[str]:
    return [f"{'  ' * one.depth}{one.mark} {one.text}" for one in document_lines(before, after)]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (READ, "Allow [Read] s3:GetObject, s3:ListBucket on *"),
        ({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "*"}, "Deny all but iam:* on all but *"),
        (
            {"Effect": "Allow", "Principal": {"AWS": ["1", "2"], "Service": "x"}, "Action": "sts:AssumeRole"},
            "Allow sts:AssumeRole to AWS 1, AWS 2, Service x",
        ),
        ({"Effect": "Allow", "Principal": "*", "Action": "a:b"}, "Allow a:b to everyone"),
        (
            {**WRITE, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": True}, "StringEquals": {"k": ["a", "b"]}}},
            (
                "Allow [Write] s3:PutObject on arn:aws:s3:::a/* "
                "if Bool aws:MultiFactorAuthPresent = true and StringEquals k = a or b"
            ),
        ),
    ],
)
def test_a_statement_is_one_line_with_all_of_it(statement: dict[str, Any], text: str) -> None:
    assert statement_text(statement) == text


CHANGES: list[tuple[str, Any, Any, list[str]]] = [
    ("moved", document(READ, WRITE), document(WRITE, READ), []),
    ("the same in other words", document(READ), document({**READ, "Action": ["S3:ListBucket", "s3:GetObject"]}), []),
    ("added", document(READ), document(READ, WRITE), ["+ Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]),
    ("removed", document(READ, WRITE), document(READ), ["- Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]),
    ("all of it new", None, document(WRITE), ["+ Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]),
    ("all of it gone", document(WRITE), None, ["- Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]),
    (
        "an action added",
        document(READ),
        document({**READ, "Action": ["s3:GetObject", "s3:ListBucket", "s3:*"]}),
        ["~ statement Read", "  + Action s3:*"],
    ),
    (
        "a resource narrowed",
        document(WRITE),
        document({**WRITE, "Resource": "arn:aws:s3:::a/b/*"}),
        ["~ statement Write", "  - Resource arn:aws:s3:::a/*", "  + Resource arn:aws:s3:::a/b/*"],
    ),
    (
        "a condition dropped",
        document({**WRITE, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        document(WRITE),
        ["~ statement Write", "  - Condition Bool aws:SecureTransport = true"],
    ),
    (
        "a Sid renamed",
        document(READ),
        document({**READ, "Sid": "See"}),
        ["~ statement Read is called See now; what it says is the same"],
    ),
    ("no Sid", document({**READ, "Sid": ""}), document(WRITE), [
        "- Allow s3:GetObject, s3:ListBucket on *", "+ Allow [Write] s3:PutObject on arn:aws:s3:::a/*"]),
    ("another version", document(READ), document(READ, version="2008-10-17"), [
        "- Version 2012-10-17", "+ Version 2008-10-17"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after", "expected"), CHANGES, ids=[one[0] for one in CHANGES])
def test_what_changed_is_said_and_nothing_else(name: str, before: Any, after: Any, expected: list[str]) -> None:
    assert lines(before, after) == expected, name


def test_of_lists_only_what_came_and_went() -> None:
    assert [(one.mark, one.text) for one in list_lines("Action", ["a", "b"], ["b", "c"])] == [
        ("-", "Action a"),
        ("+", "Action c"),
    ]
