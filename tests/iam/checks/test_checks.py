"""Every check by its case file, the table by its rules, and the driver on anything at all."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sec_provisioner.catalogue.escalation import escalation_paths
from sec_provisioner.iam.checks import Context, PolicyFinding, PolicyKind, check_document
from sec_provisioner.iam.checks.table import CHECKS, RAW_CHECKS
from sec_provisioner.iam.document import DOCUMENT_KEYS, STATEMENT_KEYS, Document, MalformedDocumentError, Statement

FOLDER = Path(__file__).parents[2] / "cases/iam/checks"
BASE: dict[str, dict[str, Any]] = {
    "identity": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"},
    "trust": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
}
CASES = [
    (path.stem, case)
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def _document(case: dict[str, Any]) -> Any:
    """A whole document, or a statement over the base of its kind (null takes an element away)."""
    if "document" in case:
        return case["document"]
    merged = BASE[case.get("kind", "identity")] | case["statement"]
    statement = {key: value for key, value in merged.items() if value is not None}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _context(case: dict[str, Any]) -> Context:
    given_ = case.get("context", {})
    placeholders = frozenset(given_.get("placeholders", ()))
    kind = PolicyKind(case.get("kind", "identity"))
    beside = tuple(Statement.parse(BASE["identity"] | one) for one in given_.get("beside", ()))
    return Context(kind, given_.get("partition"), given_.get("account_id"), placeholders, beside, escalation_paths())


def _agrees(finding: PolicyFinding, expected: dict[str, str]) -> bool:
    hint = expected.get("hint")
    return (
        ".".join(map(str, finding.path)) == expected["at"]
        and expected.get("says", "") in finding.message
        and (hint is None or (hint in finding.hint if hint else not finding.hint))
        and expected.get("confidence", finding.confidence) == finding.confidence
    )


@pytest.mark.parametrize(("check_id", "case"), CASES, ids=[f"{stem}: {case['name']}" for stem, case in CASES])
def test_a_check_finds_what_its_case_says_and_nothing_else(check_id: str, case: dict[str, Any]) -> None:
    found = [one for one in check_document(_document(case), _context(case)) if one.id == check_id]
    assert len(found) == len(case["finds"]), found
    for finding, expected in zip(found, case["finds"], strict=True):
        assert _agrees(finding, expected), (finding, expected)


def test_every_check_has_a_case_file_with_findings_and_clean_cases() -> None:
    kinds = {(stem, bool(case["finds"])) for stem, case in CASES}
    assert kinds == {(check.id, finds) for check in CHECKS for finds in (True, False)}


def test_ids_are_unique_and_name_their_module() -> None:
    assert max(Counter(check.id for check in CHECKS).values()) == 1
    assert all(check.run.__module__.rpartition(".")[2] == check.id.replace("-", "_") for check in CHECKS)


@pytest.mark.parametrize("kind", PolicyKind)
def test_a_plain_document_has_no_findings(kind: PolicyKind) -> None:
    document = {"Version": "2012-10-17", "Statement": BASE[kind]}
    assert check_document(document, Context(kind, "aws", "123456789012")) == ()


def test_findings_come_in_the_order_of_the_statements() -> None:
    bad = {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "x", "Sid": "a-b"}
    found = check_document({"Version": "x", "Statement": [bad, bad]}, Context())
    assert [one.statement for one in found] == [None, 0, 0, 0, 1, 1, 1, 1, 1]


def test_a_statement_that_can_not_be_read_does_not_hide_the_others() -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}, BASE["identity"] | {"Action": "GetObject"}]}
    assert {(one.id, one.statement) for one in check_document(document, Context())} == {
        ("missing-element", 0),
        ("malformed-action", 1),
    }


def test_a_hundred_unknown_things_are_told_at_once() -> None:
    actions = [f"s3:Nonsense{number}" for number in range(100)]
    found = check_document({"Version": "2012-10-17", "Statement": BASE["identity"] | {"Action": actions}}, Context())
    assert [one.path for one in found] == [("Statement", "Action", number) for number in range(100)]


ATOMS = st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Allow", "s3:GetObject", "2012-10-17", "x"])
KEYS = st.sampled_from([*DOCUMENT_KEYS, *STATEMENT_KEYS, "AWS", "Service", "StringEquals", "aws:username", "Other"])
JSON = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5))
STATEMENTS = st.dictionaries(KEYS, JSON, max_size=6).map(lambda changes: BASE["identity"] | changes)
DOCUMENTS = JSON | st.builds(lambda statements: {"Statement": statements}, st.lists(STATEMENTS, max_size=2))
# What is no matter of shape: a document with one of these can be read.
_OF_MEANING = {"invalid-sid", "forbidden-character", "misplaced-element", "missing-element"}


@settings(deadline=None)
@given(DOCUMENTS, st.sampled_from(PolicyKind))
def test_what_can_not_be_read_has_a_finding_and_what_has_none_can_be_read(document: Any, kind: PolicyKind) -> None:
    ids = {finding.id for finding in check_document(document, Context(kind))}
    try:
        Document.parse(document)
    except MalformedDocumentError:
        assert ids & {check.id for check in RAW_CHECKS}
    else:
        allowed = {"invalid-value"} if _has_an_empty_list(document) else set()
        assert not (ids & {check.id for check in RAW_CHECKS}) - _OF_MEANING - allowed


def _has_an_empty_list(document: Any) -> bool:
    """No statements, or a condition without values: readable, and of no use."""
    return "[]" in str(document)
