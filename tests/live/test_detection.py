"""CloudFormation's word beside ours."""

from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.live.detection import NOT_REPORTED, Detection, ServiceDrift, disagreements, not_compared
from sec_provisioner.live.findings import Difference, ResourceDrift

EXTRA = Difference("Policies[more]", "extra", None, {})
CHANGED = Difference("Description", "changed", "a", "b")


def own(status: Any, *differences: Difference) -> ResourceDrift:
    return ResourceDrift("Role", "AWS::IAM::Role", "worker", status, differences)


def said(status: str) -> Detection:
    return Detection("DETECTION_COMPLETE", "DRIFTED", resources=(ServiceDrift("Role", status),))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("in_sync", "IN_SYNC"), ("changed", "MODIFIED"), ("missing", "DELETED"), ("not_checked", "MODIFIED")],
)
def test_the_same_word_is_no_disagreement(ours: str, theirs: str) -> None:
    assert disagreements([own(ours)], said(theirs)) == ()
    assert not_compared([own(ours)], said(theirs)) == ()


def test_what_it_is_blind_to_is_said() -> None:
    (found,) = disagreements([own("changed", EXTRA)], said("IN_SYNC"))
    assert "only what the template states" in found.reason
    (unexplained,) = disagreements([own("changed", EXTRA, CHANGED)], said("IN_SYNC"))
    assert unexplained.reason == ""


def test_what_it_takes_for_drift_and_is_none_by_meaning_is_said() -> None:
    (found,) = disagreements([own("in_sync")], said("MODIFIED"))
    assert "by meaning they are the same" in found.reason


@pytest.mark.parametrize("word", ["NOT_CHECKED", "UNSUPPORTED", "UNKNOWN", "SOMETHING_NEW"])
def test_what_it_did_not_compare_is_believed_and_no_disagreement(word: str) -> None:
    assert disagreements([own("changed", EXTRA)], said(word)) == ()
    assert [one.theirs.status for one in not_compared([own("changed", EXTRA)], said(word))] == [word]


def test_silence_is_no_agreement() -> None:
    silent = Detection("DETECTION_COMPLETE", "IN_SYNC")
    (skipped,) = not_compared([own("in_sync")], silent)
    assert skipped.theirs.status == NOT_REPORTED
    assert skipped.theirs.reason


def test_what_is_not_of_the_stack_is_not_its_business() -> None:
    extra = ResourceDrift("", "AWS::IAM::Group", "hackers", "extra", (EXTRA,))
    assert not_compared([extra], said("IN_SYNC")) == ()
