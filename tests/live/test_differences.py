from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.live.differences import PropertyChange, differences


def found(before: Any, after: Any) -> list[PropertyChange]:
    return list(differences(before, after))


def statements(*every: dict[str, Any]) -> dict[str, Any]:
    return {"Policies": [{"PolicyName": "permissions", "PolicyDocument": {"Statement": list(every)}}]}


READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (statements(READ, WRITE), statements(WRITE, READ)),
        (statements(READ), statements({**READ, "Action": ["s3:ListBucket", "s3:GetObject"]})),
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]},) * 2,
        ({"ManagedPolicyArns": ["x", "y"]}, {"ManagedPolicyArns": ["y", "x"]}),
    ],
    ids=["statements moved", "actions moved", "the same", "attachments moved"],
)
def test_what_means_the_same_is_no_difference(before: Any, after: Any) -> None:
    assert found(before, after) == []


def test_a_changed_statement_is_named_by_its_sid() -> None:
    path = "Policies[permissions].PolicyDocument.Statement[Read].Action"
    after = {**READ, "Action": ["s3:GetObject"]}
    assert found(statements(READ, WRITE), statements(after, WRITE)) == [
        PropertyChange(path, ["s3:GetObject", "s3:ListBucket"], ["s3:GetObject"])
    ]


def test_a_new_and_a_lost_statement_are_shown_whole() -> None:
    one, other = found(statements(READ), statements(WRITE))
    assert (one.path[-6:], one.before, one.after) == ("[Read]", READ, None)
    assert (other.path[-7:], other.before, other.after) == ("[Write]", None, WRITE)


def test_a_statement_that_got_another_sid_is_a_change_of_the_sid_alone() -> None:
    (one,) = found(statements(READ, WRITE), statements({**READ, "Sid": "See"}, WRITE))
    assert one == PropertyChange("Policies[permissions].PolicyDocument.Statement[Read].Sid", "Read", "See")


def test_statements_without_names_are_compared_as_a_whole_and_in_order() -> None:
    anonymous = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    (one,) = found({"Statement": [anonymous]}, {"Statement": [anonymous, anonymous]})
    assert one.path == "Statement"


def test_an_element_order_that_matters_is_kept() -> None:
    assert found({"x": [1, 2]}, {"x": [2, 1]}) == [PropertyChange("x", [1, 2], [2, 1])]
