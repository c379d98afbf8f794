"""Every policy level keeps every rule, and every rule catches a level that breaks it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sec_provisioner.catalogue.levels import find_level
from sec_provisioner.iam.checks import Context, check_document
from sec_provisioner.naming import Identity, Names
from sec_provisioner.policies import fill_names, fill_pseudo
from support.iam_facts import matching
from support.level_files import LEVELS, LevelFile, case, level_files
from support.level_rules import RULES
from support.level_statements import granted

_VIOLATIONS: list[dict[str, Any]] = case("violations")


def _good_level() -> dict[str, Any]:
    """A level that keeps every rule, to be spoilt in one place."""
    level: dict[str, Any] = copy.deepcopy(case("good-level"))
    return level


def _spoilt(violation: dict[str, Any]) -> LevelFile:
    raw = _good_level() | copy.deepcopy(violation.get("level", {}))
    if "statement" in violation:
        raw["statements"] = [*raw["statements"], violation["statement"]]
    return LevelFile("s3/level2", raw)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("level", level_files(), ids=lambda level: level.name)
def test_level_keeps_the_rule(level: LevelFile, rule: str) -> None:
    assert list(RULES[rule](level)) == []


@pytest.mark.parametrize("rule", RULES)
def test_the_good_level_keeps_the_rule(rule: str) -> None:
    assert list(RULES[rule](LevelFile("s3/level2", _good_level()))) == []


@pytest.mark.parametrize("violation", _VIOLATIONS, ids=lambda one: f"{one['rule']}: {one['is']}")
def test_rule_catches_a_level_that_breaks_it(violation: dict[str, Any]) -> None:
    found = list(RULES[violation["rule"]](_spoilt(violation)))

    assert any(violation["says"] in text for text in found), found


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_seen_to_catch_something(rule: str) -> None:
    assert rule in {one["rule"] for one in _VIOLATIONS}


def test_every_level_of_the_catalogue_has_its_file() -> None:
    promised = {
        f"{key}/level{n}" for key, names in case("catalogue")["names"].items() for n in range(1, len(names) + 1)
    }

    assert {level.name for level in level_files()} == promised


@pytest.mark.parametrize("level", level_files(), ids=lambda level: level.name)
def test_a_config_finds_the_level_by_number_and_by_name(level: LevelFile) -> None:
    raw = level.raw
    found = find_level(raw["service"], f"level{raw['level']}")

    assert found is not None
    assert found is find_level(raw["service"], raw["name"])
    assert found.purpose == raw["purpose"]
    assert [*found.statements] == raw["statements"]


def test_nothing_else_lies_among_the_levels() -> None:
    assert [path.name for path in LEVELS.rglob("*") if path.is_file() and path.suffix != ".yaml"] == []


@pytest.mark.parametrize("name", case("not-by-wildcard"))
def test_action_kept_from_wildcards_exists_and_only_reads(name: str) -> None:
    """One that writes is caught by its access level; one that is gone is no use here."""
    (action,) = matching(name)

    assert action.name == name
    assert action.only_reads


@pytest.mark.parametrize("name", [name for names in case("never-below-full")["actions"].values() for name in names])
def test_action_never_given_below_full_exists(name: str) -> None:
    assert [action.name for action in matching(name)] == [name]


@pytest.mark.parametrize("entry", case("beyond-project"), ids=lambda one: one["why"])
def test_what_is_reviewed_as_beyond_the_project_is_given_somewhere(entry: dict[str, Any]) -> None:
    given = {
        (action.name, resource)
        for level in level_files()
        if not level.is_full
        for one in level.statements
        for action in granted(one)
        for resource in one["Resource"]
    }

    assert {(action, resource) for action in entry["actions"] for resource in entry["resources"]} <= given


@pytest.mark.parametrize("region", ["us-west-1", "us-gov-west-1", "cn-north-1"])
@pytest.mark.parametrize("level", level_files(), ids=lambda level: level.name)
def test_the_product_s_own_checks_find_nothing_in_a_level(level: LevelFile, region: str) -> None:
    identity = Identity("edge", "prod", "b001", region, "startup", "123456789012")
    statements = fill_pseudo(fill_names(level.statements, Names(identity)), identity)
    document = {"Version": "2012-10-17", "Statement": [*statements]}
    assert check_document(document, Context(partition=identity.partition, account_id=identity.account_id)) == ()
