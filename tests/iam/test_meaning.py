from pathlib import Path
from typing import Any

import pytest
import yaml

from sec_provisioner.iam.document import Document
from sec_provisioner.iam.meaning import normalise, same_meaning

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/iam/meanings.yaml").read_text(encoding="utf-8"))
BASE = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def _document(*changes: dict[str, Any], **rest: Any) -> Document:
    """Statements as the base with changes; a null takes an element away."""
    statements = [{k: v for k, v in (BASE | change).items() if v is not None} for change in changes]
    return Document.parse({"Version": "2012-10-17", "Statement": statements, **rest})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_two_statements_mean_the_same_or_not(case: dict[str, Any]) -> None:
    one, other = _document(case["one"]), _document(case["other"])
    assert same_meaning(one, other) is case["same"]
    assert same_meaning(other, one) is case["same"]
    assert same_meaning(one, one)


def test_the_order_and_repetition_of_statements_makes_no_difference() -> None:
    assert same_meaning(_document({"Sid": "A"}, {"Sid": "B"}), _document({"Sid": "B"}, {"Sid": "A"}, {"Sid": "B"}))


def test_a_split_statement_is_a_difference() -> None:
    whole = _document({"Action": ["s3:GetObject", "s3:PutObject"]})
    assert not same_meaning(whole, _document({"Action": "s3:GetObject"}, {"Action": "s3:PutObject"}))


@pytest.mark.parametrize(
    ("statement", "same"),
    [
        ({}, True),
        ({"Resource": "arn:aws:s3:::homes/${aws:username}"}, False),
        ({"Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}}}, False),
    ],
)
def test_another_version_is_a_difference_where_there_are_variables(statement: dict[str, Any], same: bool) -> None:
    assert same_meaning(_document(statement), _document(statement, Version="2008-10-17")) is same


def test_an_empty_sid_is_none() -> None:
    assert same_meaning(_document({"Sid": ""}), _document({}))


def test_a_document_without_version_is_one_of_the_old_version() -> None:
    with_variable = BASE | {"Resource": "arn:aws:s3:::homes/${aws:username}"}
    old = Document.parse({"Statement": with_variable})
    assert same_meaning(old, _document(with_variable, Version="2008-10-17"))
    assert not same_meaning(old, _document(with_variable))


def test_normalising_twice_changes_nothing() -> None:
    once = normalise(_document(*(case["one"] for case in CASES)))
    assert normalise(once) == once
