from typing import Any

import pytest

from sec_provisioner.iam.document import (
    Condition,
    Document,
    Effect,
    MalformedDocumentError,
    Principal,
    Principals,
    Selection,
    Statement,
)

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def test_one_value_reads_as_a_list_of_one() -> None:
    assert Statement.parse(ALLOW) == Statement(Effect.ALLOW, Selection(("s3:GetObject",)), Selection(("*",)))


def test_the_not_twins_are_negated_selections() -> None:
    statement = Statement.parse({"Effect": "Deny", "NotAction": ["a:b"], "NotResource": "*", "NotPrincipal": "*"})
    assert statement.action == Selection(("a:b",), negated=True)
    assert statement.resource == Selection(("*",), negated=True)
    assert statement.principal == Principals((Principal("AWS", "*"),), negated=True)


def test_conditions_keep_their_order_and_become_text() -> None:
    condition = {"Bool": {"a:b": True}, "NumericLessThan": {"c:d": [5, 1.5]}, "StringLike": {"e:f": "x*"}}
    assert Statement.parse({**ALLOW, "Condition": condition}).conditions == (
        Condition("Bool", "a:b", ("true",)),
        Condition("NumericLessThan", "c:d", ("5", "1.5")),
        Condition("StringLike", "e:f", ("x*",)),
    )


def test_principals_are_read_by_kind() -> None:
    principal = {"AWS": ["123456789012", "*"], "Service": "lambda.amazonaws.com"}
    found = Statement.parse({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}).principal
    assert found == Principals(
        (Principal("AWS", "123456789012"), Principal("AWS", "*"), Principal("Service", "lambda.amazonaws.com"))
    )


def test_a_single_statement_needs_no_list() -> None:
    document = Document.parse({"Version": "2012-10-17", "Statement": ALLOW})
    assert document == Document((Statement.parse(ALLOW),), "2012-10-17")
    assert document.has_variables


def test_statements_know_their_position() -> None:
    assert [one.index for one in Document.parse({"Statement": [ALLOW, ALLOW]}).statements] == [0, 1]


def test_without_a_version_a_document_is_of_the_old_one() -> None:
    assert not Document.parse({"Statement": []}).has_variables


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([], ()),
        ("text", ()),
        ({}, ()),
        ({"Statement": [], "Versoin": "x"}, ("Versoin",)),
        ({"Statement": [], "Version": "2012-10-18"}, ("Version",)),
        ({"Statement": [], "Version": ["2012-10-17"]}, ("Version",)),
        ({"Statement": [], "Id": 5}, ("Id",)),
        ({"Statement": [ALLOW, "x"]}, ("Statement", 1)),
        ({"Statement": [{**ALLOW, "Effect": "allow"}]}, ("Statement", 0, "Effect")),
        ({"Statement": [{**ALLOW, "Effect": ["Allow"]}]}, ("Statement", 0, "Effect")),
        ({"Statement": [{"Effect": "Allow", "Resource": "*"}]}, ("Statement", 0)),
        ({"Statement": [{**ALLOW, "NotAction": "s3:*"}]}, ("Statement", 0, "NotAction")),
        ({"Statement": [{**ALLOW, "Action": []}]}, ("Statement", 0, "Action")),
        ({"Statement": [{**ALLOW, "Action": ["s3:*", 5]}]}, ("Statement", 0, "Action", 1)),
        ({"Statement": [{**ALLOW, "Resource": None}]}, ("Statement", 0, "Resource", 0)),
        ({"Statement": [{**ALLOW, "Sid": 1}]}, ("Statement", 0, "Sid")),
        ({"Statement": [{**ALLOW, "Condtion": {}}]}, ("Statement", 0, "Condtion")),
        ({"Statement": [{**ALLOW, "Condition": "x"}]}, ("Statement", 0, "Condition")),
        ({"Statement": [{**ALLOW, "Condition": {"Bool": "x"}}]}, ("Statement", 0, "Condition", "Bool")),
        ({"Statement": [{**ALLOW, "Condition": {"Bool": {"k": {}}}}]}, ("Statement", 0, "Condition", "Bool", "k")),
        ({"Statement": [{**ALLOW, "Principal": "x"}]}, ("Statement", 0, "Principal")),
        ({"Statement": [{**ALLOW, "Principal": {}}]}, ("Statement", 0, "Principal")),
        ({"Statement": [{**ALLOW, "Principal": {"Aws": "*"}}]}, ("Statement", 0, "Principal", "Aws")),
        ({"Statement": [{**ALLOW, "Principal": {"AWS": []}}]}, ("Statement", 0, "Principal", "AWS")),
    ],
)
def test_what_breaks_the_grammar_is_refused_at_its_place(value: Any, path: tuple[str | int, ...]) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        Document.parse(value)
    assert caught.value.path == path


def test_an_empty_list_of_condition_values_is_kept_for_it_never_matches() -> None:
    statement = Statement.parse({**ALLOW, "Condition": {"StringEquals": {"a:b": []}}})
    assert statement.conditions == (Condition("StringEquals", "a:b", ()),)
