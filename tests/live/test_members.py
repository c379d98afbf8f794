from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sec_provisioner.errors import UsageError
from sec_provisioner.live.members import SavedMembers, parse_members, render_members, united

NAMES = st.text("abc-é", min_size=1, max_size=5)
GROUPS = st.dictionaries(NAMES, st.lists(NAMES, unique=True).map(tuple), max_size=4)


@given(GROUPS, st.none() | st.just("20261123T060000Z"))
def test_what_is_written_is_read_back(groups: dict[str, tuple[str, ...]], restored: str | None) -> None:
    saved = SavedMembers("edge", "123456789012", "20261123T050000Z", groups, restored)
    assert parse_members(render_members(saved), "x.json") == saved


@given(st.lists(GROUPS, max_size=4))
def test_a_union_loses_nobody_and_invents_nobody(parts: list[dict[str, tuple[str, ...]]]) -> None:
    pairs = {(group, user) for part in parts for group, users in part.items() for user in users}
    assert {(group, user) for group, users in united(parts).items() for user in users} == pairs


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"kind": "members", "schema_version": 2, "groups": {}}', "\x00"],
)
def test_another_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"x\.json"):
        parse_members(text, "x.json")


def test_groups_of_another_shape_are_refused() -> None:
    text = json.dumps({"kind": "members", "schema_version": 1, "groups": {"a": "bob"}})
    with pytest.raises(UsageError, match="list of users"):
        parse_members(text, "x.json")


def test_a_file_waits_until_it_is_restored_or_taken_over() -> None:
    assert SavedMembers("e", "1", "t").is_waiting
    assert not SavedMembers("e", "1", "t", restored="t").is_waiting
    assert not SavedMembers("e", "1", "t", taken_into="later.json").is_waiting
