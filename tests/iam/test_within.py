"""Which document plainly allows no more than another."""

from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.iam.document import Document
from sec_provisioner.iam.within import is_plainly_within


def document(*statements: dict[str, Any]) -> Document:
    return Document.parse({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": "*"}


READ, ALL = allow("s3:GetObject"), allow("s3:*")
TLS = {"Bool": {"aws:SecureTransport": "true"}}

WITHIN = {
    "the same": (document(READ), document(READ)),
    "another Sid and letter case": (document({**READ, "Sid": "A"}), document(allow("S3:getobject"))),
    "one statement less": (document(READ), document(READ, allow("sns:Publish"))),
    "an action under a pattern": (document(READ), document(ALL)),
    "a pattern under a wider one": (document(allow("s3:Get*")), document(ALL)),
    "a resource under a pattern": (document(allow("s3:GetObject", "arn:aws:s3:::a/b")), document(READ)),
    "a denial more": (document(ALL, deny("s3:DeleteObject")), document(ALL)),
    "only denials": (document(deny("s3:*")), document(READ)),
}


@pytest.mark.parametrize("case", WITHIN)
def test_what_is_plainly_within_is_seen(case: str) -> None:
    assert is_plainly_within(*WITHIN[case])


NOT_WITHIN = {
    "one statement more": (document(READ, allow("sns:Publish")), document(READ)),
    "a wider action": (document(ALL), document(READ)),
    "a denial less": (document(ALL), document(ALL, deny("s3:DeleteObject"))),
    "another condition": (document(READ), document(allow("s3:GetObject", Condition=TLS))),
    "a question mark is one character, not a star": (document(allow("s3:Get*")), document(allow("s3:Get?"))),
    "a variable is not its text": (document(READ), document(allow("s3:GetObject", "arn:aws:s3:::${aws:username}"))),
    "NotAction": (
        document(READ),
        document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ),
    "another version": (Document.parse({"Statement": [READ]}), document(READ)),
}


@pytest.mark.parametrize("case", NOT_WITHIN)
def test_what_is_wider_or_can_t_be_seen_is_not(case: str) -> None:
    assert not is_plainly_within(*NOT_WITHIN[case])


@pytest.mark.parametrize(("one", "within"), [("lambda.amazonaws.com", False), ("ec2.amazonaws.com", True)])
def test_principals_must_be_the_same(one: str, within: bool) -> None:
    def trust(service: str) -> Document:
        return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})

    assert is_plainly_within(trust(one), trust("ec2.amazonaws.com")) is within
