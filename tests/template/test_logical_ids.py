"""Logical ids are one to one with keys."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sec_provisioner.catalogue.levels import levels_of, services
from sec_provisioner.template.logical_ids import camel, group_id, policy_id

KEYS = st.from_regex(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", fullmatch=True).filter(lambda key: len(key) <= 100)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("data_scientists", "DataScientists"), ("a1", "A1"), ("a_1", "AZ1"), ("zoo", "Zzoo"), ("a_z1", "AZz1")],
)
def test_a_key_has_this_logical_id(key: str, expected: str) -> None:
    assert group_id(key) == "Group" + expected


@given(KEYS, KEYS)
def test_two_keys_share_an_id_only_where_they_share_an_iam_name(one: str, other: str) -> None:
    assert (camel(one) == camel(other)) == (one.replace("_", "-") == other.replace("_", "-"))


@given(KEYS)
def test_an_id_is_alphanumeric_as_cloudformation_demands(key: str) -> None:
    assert re.fullmatch("[A-Za-z0-9]{1,255}", group_id(key))


def test_no_two_parts_of_the_levels_share_an_id() -> None:
    ids = [policy_id(s, level.name, part) for s in services() for level in levels_of(s) for part in (1, 2, 3)]
    assert ids
    assert len(ids) == len(set(ids))
