"""External ids, credentials and session tokens come out of nothing that is written."""

from __future__ import annotations

import json

import pytest

from sec_provisioner.problem import Location, Problem, Severity
from sec_provisioner.report.redaction import MASK, Redactor, external_ids

SECRET = "Xy-7_long.enough"


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    made.hide(secrets)
    return made


@pytest.mark.parametrize(
    "text",
    [
        f"external_id: {SECRET}",
        f'  external_id: "{SECRET}"',
        f"  external_id: '{SECRET}'  # shared",
        f"cicd: {{trusted_account: '210987654321', external_id: {SECRET}, description: x}}",
        f'{{"sts:ExternalId": "{SECRET}"}}',
        f'{{"sts:ExternalId": ["{SECRET}", "another-one"]}}',
        json.dumps(json.dumps({"StringEquals": {"sts:ExternalId": SECRET}})),
        f"StringEquals: {{sts:ExternalId: {SECRET}}}",
        f"ExternalId='{SECRET}'",
    ],
)
def test_an_external_id_is_found_by_its_key(text: str) -> None:
    assert SECRET not in Redactor().text(text)
    assert MASK in Redactor().text(text)


def test_a_sentence_about_external_ids_stays_readable() -> None:
    text = "`external_id` is missing; external_id: it is required once the role is enabled"
    assert Redactor().text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "key ASIAIOSFODNN7EXAMPLE.",
        "https://x/?X-Amz-Signature=0123abc&X-Amz-Security-Token=FwoGZXIvYXdzE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ],
)
def test_credentials_are_known_by_their_shape(text: str) -> None:
    clean = Redactor().text(text)
    assert MASK in clean
    for part in ("IOSFODNN7", "0123abc", "FwoGZ", "wJalr"):
        assert part not in clean


def test_a_hidden_text_is_masked_wherever_it_stands() -> None:
    assert redactor(SECRET).text(f"x{SECRET}y") == f"x{MASK}y"


def test_a_short_secret_is_masked_only_where_it_stands_alone() -> None:
    clean = redactor("12").text('account 123412341234, id "12", 12-3')
    assert clean == f'account 123412341234, id "{MASK}", 12-3'


def test_the_longer_of_two_secrets_wins() -> None:
    assert redactor("abcdefgh", "abcdefghij").text("abcdefghij") == MASK


def test_every_text_of_a_result_is_cleaned_and_its_shape_kept() -> None:
    problem = Problem("x", Severity.ERROR, f"bad {SECRET}", where=Location("f", 1, 2))
    value = {"a": [problem, (1, None, True)], "sts:ExternalId": "tiny"}
    assert redactor(SECRET).value(value) == {
        "a": [Problem("x", Severity.ERROR, f"bad {MASK}", where=Location("f", 1, 2)), (1, None, True)],
        "sts:ExternalId": MASK,
    }


def test_external_ids_are_found_in_a_config_that_does_not_parse() -> None:
    text = f"a: [\n  external_id: {SECRET}\n  x: {{external_id: 'q u', y: 1}}\n  external_id: null\n"
    assert external_ids(text) == ("q u", SECRET)


def test_blanking_keeps_every_line_and_column() -> None:
    text = f"a: 1\nx: {{external_id: {SECRET}, other: 2}}\n"
    blanked = redactor(SECRET).blanked(text)
    assert SECRET not in blanked
    assert len(blanked) == len(text)
    assert blanked.index("other") == text.index("other")
