"""Whose a name is, said once for each owner."""

from __future__ import annotations

from sec_provisioner.live.ownership import Taken, WantedName, describe_taken

OWN = "edge-prod-b001-us-east-1-startup-sec"
OTHER = "edge-prod-b001-us-west-1-startup-sec"


def taken(kind: str, number: int, stem: str | None = None) -> Taken:
    name = f"edge-prod-b001-{kind}-{number}"
    return Taken(WantedName(kind, name, f"Id{number}"), f"arn:aws:iam::123456789012:{kind}/{name}", stem)


def test_another_region_s_stack_is_named_once_with_its_untagged_groups_and_policies() -> None:
    roles = [taken("role", 4, OTHER), taken("role", 5, OTHER)]
    names = [taken("policy", 1), taken("policy", 2), taken("group", 3), *roles]
    (problem,) = describe_taken(names, OWN, {})
    assert f"stack {OTHER}-stack" in problem.message
    assert problem.message.startswith("5 names")
    assert problem.message.endswith("and 2 more.")
    assert "emove" not in problem.hint


def test_what_carries_no_tag_is_nobody_s_and_not_to_be_removed_lightly() -> None:
    (problem,) = describe_taken([taken("group", 1)], OWN, {})
    assert "outside any stack" in problem.message
    assert problem.hint.startswith("Find out who made them")


def test_two_owners_are_two_problems() -> None:
    one, other = taken("group", 1), taken("role", 2, OTHER)
    problems = describe_taken([one, other], OWN, {one.arn: "legacy"})
    assert [("legacy" in problem.message, OTHER in problem.message) for problem in problems] == [
        (True, False),
        (False, True),
    ]


def test_untagged_names_beside_two_stems_are_not_guessed() -> None:
    names = [taken("group", 1), taken("role", 2, OTHER), taken("role", 3, "edge-prod-b001-eu-west-1-startup-sec")]
    assert len(describe_taken(names, OWN, {})) == 3
