"""A config edited in place: what is not touched keeps its lines and comments."""

from __future__ import annotations

import difflib

import pytest
import yaml

from sec_provisioner.config.editing import Append, Edit, Remove, SetValue, edited
from support.configs import master

TEXT = """\
# top
tags:   {owner: security,  cost: ml}   # odd spaces
security:
  iam_groups:
    # the readers
    readers:
      description: Read   # a remark
      managed_policies:
        - SecurityAudit   # why
        - Other
    # the writers
    writers: {description: Write}
"""


def changed(text: str, *edits: Edit) -> list[str]:
    before, after = text.splitlines(), edited(text, edits).splitlines()
    return [line for line in difflib.ndiff(before, after) if line[:1] in "+-"]


def test_without_an_edit_nothing_changes() -> None:
    assert edited(TEXT, []) == TEXT


@pytest.mark.parametrize("tier", ["startup", "medium", "enterprise"])
def test_masters_stay_as_they_are(tier: str) -> None:
    assert edited(master(tier), []) == master(tier)


READERS = "security.iam_groups.readers"
EDITS: list[tuple[Edit, list[str]]] = [
    (SetValue(f"{READERS}.description", "See"), [
        "-       description: Read   # a remark", "+       description: See    # a remark"]),
    (Append(f"{READERS}.managed_policies", "New"), ["+         - New"]),
    (Remove(f"{READERS}.managed_policies[0]"), ["-         - SecurityAudit   # why"]),
    (Remove(f"{READERS}.managed_policies[1]"), ["-         - Other"]),
    (Append("security.iam_groups.writers.managed_policies", "New"), [
        "-     writers: {description: Write}", "+     writers: {managed_policies: [New], description: Write}"]),
    (SetValue("tags.owner", "me"), [
        "- tags:   {owner: security,  cost: ml}   # odd spaces",
        "+ tags: {owner: me, cost: ml}            # odd spaces"]),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "lines"), EDITS)
def test_an_edit_changes_its_own_lines_alone(edit: Edit, lines: list[str]) -> None:
    assert changed(TEXT, edit) == lines


def test_a_list_that_gets_empty_goes_and_the_comment_below_it_stays() -> None:
    path = f"{READERS}.managed_policies"
    text = edited(TEXT, [Remove(f"{path}[1]"), Remove(f"{path}[0]")])
    assert yaml.safe_load(text)["security"]["iam_groups"]["readers"] == {"description": "Read"}
    assert "    # the writers\n    writers: " in text


def test_what_is_not_there_can_not_be_removed() -> None:
    with pytest.raises((KeyError, IndexError)):
        edited(TEXT, [Remove(f"{READERS}.managed_policies[7]")])


@pytest.mark.parametrize("value", ["012345678901", "no", "a: b", "#x", "1e5"])
def test_a_text_reads_back_as_the_text_it_is(value: str) -> None:
    text = edited(TEXT, [SetValue("tags.owner", value)])
    assert yaml.safe_load(text)["tags"]["owner"] == value
