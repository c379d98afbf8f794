from __future__ import annotations

import pytest

from sec_provisioner.config.document import Document, load_document
from sec_provisioner.config.model import Suppression
from sec_provisioner.config.suppressions import apply_suppressions
from sec_provisioner.problem import Location, Problem, Severity

PATH = "security.iam_groups.admins.managed_policies[0]"
TEXT = "suppressions:\n  - {id: broad-managed-policy, on: x, reason: y}\n"


@pytest.fixture(scope="module")
def document() -> Document:
    document = load_document(TEXT.encode(), "f.yaml").document
    assert document is not None
    return document


def finding(id_: str = "broad-managed-policy", path: str = PATH) -> Problem:
    return Problem(id_, Severity.WARNING, "wide", "narrow it", path=path)


def accept(on: str, id_: str = "broad-managed-policy") -> Suppression:
    return Suppression(id=id_, on=on, reason="they need it")


@pytest.mark.parametrize("on", [PATH, "security.iam_groups.admins", "security.iam_groups.admins.managed_policies"])
def test_a_finding_under_the_place_is_accepted_with_the_reason(on: str, document: Document) -> None:
    (marked,) = apply_suppressions([finding()], [accept(on)], document)
    assert marked.suppressed == "they need it"


@pytest.mark.parametrize(
    "on", ["security.iam_groups.admin", "security.iam_groups.admins.policy", f"{PATH}.x", "admins"]
)
def test_another_place_accepts_nothing_and_is_reported(on: str, document: Document) -> None:
    kept, unmatched = apply_suppressions([finding()], [accept(on)], document)
    assert kept.suppressed is None
    assert unmatched.id == "unmatched-suppression"
    assert unmatched.path == "suppressions[0]"
    assert unmatched.where == Location("f.yaml", 2, 5)
    assert PATH in unmatched.hint


def test_another_id_accepts_nothing_and_names_the_right_one(document: Document) -> None:
    kept, unmatched = apply_suppressions([finding()], [accept(PATH, "broad-managed-polices")], document)
    assert kept.suppressed is None
    assert "`broad-managed-policy`" in unmatched.hint


def test_what_was_mended_leaves_its_suppression_to_be_deleted(document: Document) -> None:
    (unmatched,) = apply_suppressions([], [accept(PATH)], document)
    assert "Delete it" in unmatched.hint


def test_one_suppression_may_accept_many_findings(document: Document) -> None:
    found = [finding(), finding(path="security.iam_groups.admins.managed_policies[1]"), finding("star-on-star")]
    marked = apply_suppressions(found, [accept("security.iam_groups.admins")], document)
    assert [one.suppressed for one in marked] == ["they need it", "they need it", None]
