from __future__ import annotations

from typing import Any

import pytest

from sec_provisioner.live.change_set import PropertyDetail, ResourceChange, path_of
from sec_provisioner.live.changes import preview_changes, template_changes, with_stack_tags


def group(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Group", "Properties": {"GroupName": name, **properties}}


def role(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name, **properties}}


def test_what_is_new_kept_and_gone_is_told_apart() -> None:
    changes = template_changes({"A": group("a"), "B": group("b")}, {"B": group("b", Path="/x/"), "C": group("c")})
    assert [(one.logical_id, one.action, one.name) for one in changes] == [
        ("B", "modify", "b"),
        ("C", "add", "c"),
        ("A", "remove", "a"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (group("a"), group("b")),
        (role("a"), role("b")),
        (role("a", Path="/"), role("a", Path="/x/")),
        (
            {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "p"}},
            {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "p", "Description": "d"}},
        ),
        (
            {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/a"}},
            {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/b"}},
        ),
    ],
)
def test_what_can_not_be_changed_in_place_is_replaced(before: dict[str, Any], after: dict[str, Any]) -> None:
    (one,) = template_changes({"X": before}, {"X": after})
    assert one.action == "replace"


def test_a_groups_path_is_changed_in_place() -> None:
    (one,) = template_changes({"X": group("a", Path="/")}, {"X": group("a", Path="/x/")})
    assert one.action == "modify"


def parameter(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Name": name, **properties}}


def test_a_changed_stack_tag_changes_each_resource_that_it_is_handed_down_to() -> None:
    resources = {"G": group("g"), "R": role("r", Tags=[{"Key": "own", "Value": "1"}]), "P": parameter("/p")}
    old = with_stack_tags(resources, {"stem": "s", "owner": "a", "own": "2"})
    new = with_stack_tags(resources, {"stem": "s", "team": "b", "own": "3"})
    found = {
        one.logical_id: [(each.path, each.before, each.after) for each in one.properties]
        for one in template_changes(old, new)
    }
    owner, team = ("Tags[owner]", "a", None), ("Tags[team]", None, "b")
    assert found == {"R": [owner, team], "P": [owner, ("Tags[own]", "2", "3"), team]}


def announced(logical_id: str, action: str, *details: PropertyDetail, replacement: str = "False") -> ResourceChange:
    return ResourceChange(logical_id, "AWS::IAM::Role", action, replacement, "physical", details)


def test_the_change_set_decides_what_is_touched_and_the_templates_how() -> None:
    compared = template_changes({"A": role("a", MaxSessionDuration=1)}, {"A": role("a", MaxSessionDuration=2)})
    detail = PropertyDetail("MaxSessionDuration", "1", "2")
    (one,) = preview_changes(compared, [announced("A", "Modify", detail)])
    assert [(each.path, each.before, each.after) for each in one.properties] == [("MaxSessionDuration", 1, 2)]
    assert preview_changes(compared, []) == ()


def test_what_only_cloudformation_knows_is_shown_in_its_words() -> None:
    details = (PropertyDetail("Tags", '[{"Key": "a"}]', None), PropertyDetail("Policies"))
    (one,) = preview_changes((), [announced("B", "Modify", *details)])
    assert (one.name, one.action) == ("physical", "modify")
    assert [(each.path, each.before, each.after) for each in one.properties] == [
        ("Tags", [{"Key": "a"}], None),
        ("Policies", None, None),
    ]


def test_what_only_might_change_is_left_out_where_the_templates_show_that_it_does_not() -> None:
    dynamic = announced("P", "Modify", PropertyDetail("Value", is_certain=False))
    assert preview_changes((), [dynamic]) == ()
    certain = announced("P", "Modify", PropertyDetail("Value", is_certain=False), PropertyDetail("Tags"))
    assert len(preview_changes((), [certain])) == 1


@pytest.mark.parametrize(
    ("action", "replacement", "shown"),
    [
        ("Add", "", "add"),
        ("Remove", "", "remove"),
        ("Modify", "False", "modify"),
        ("Modify", "Conditional", "modify"),
        ("Modify", "True", "replace"),
        ("Dynamic", "", "modify"),
        ("SyncWithActual", "", "modify"),
    ],
)
def test_cloudformations_words_become_ours(action: str, replacement: str, shown: str) -> None:
    (one,) = preview_changes((), [announced("A", action, replacement=replacement)])
    assert one.action == shown


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/Properties/Policies/0/PolicyDocument", "Policies[0].PolicyDocument"),
        ("/Properties/MaxSessionDuration", "MaxSessionDuration"),
        ("/Properties/AssumeRolePolicyDocument/Statement/1/a~1b", "AssumeRolePolicyDocument.Statement[1].a/b"),
    ],
)
def test_a_json_pointer_becomes_a_path(pointer: str, path: str) -> None:
    assert path_of(pointer) == path


def test_the_order_is_the_templates_whatever_cloudformation_says() -> None:
    compared = template_changes({"Z": role("z")}, {"B": role("b"), "A": role("a")})
    every = [announced("Z", "Remove"), announced("A", "Add"), announced("B", "Add"), announced("C", "Modify")]
    assert [one.logical_id for one in preview_changes(compared, every)] == ["B", "A", "Z", "C"]
