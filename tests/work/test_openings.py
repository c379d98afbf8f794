"""What is opened by accident: nothing, in any tier, but what the tables in `tests/cases/openings` name.

The tables say who has what and why. Whatever is opened anew, by a level, a master config or a new action of AWS that a
wildcard takes in, makes one of these tests fail.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sec_provisioner.catalogue.store import load_yaml
from support.configs import parsed
from support.iam_facts import matching
from support.iam_simulate import Request, simulate
from support.openings import (
    acts_as,
    below_full,
    given,
    guarded,
    is_full,
    named,
    named_paths,
    never_given,
    opened,
    passes,
    table,
)
from support.work import ACCOUNT, config_text, holders, role_arn
from support.work_cases import documents, request_of

TIERS = ["startup", "medium", "enterprise"]
EVERYWHERE = [(tier, who) for tier in TIERS for who in below_full(tier)]
# Services that take roles of the kinds that projects have, and those that escalation usually goes through.
SERVICES = ["bedrock", "cloudformation", "codebuild", "codepipeline", "ec2", "ecs-tasks", "glue", "lambda", "sagemaker"]
PATHS: list[dict[str, Any]] = load_yaml("escalation_paths.yaml")["paths"]


# --- the public paths -----------------------------------------------------------------------------------


def test_the_paths_are_all_there_and_speak_of_actions_that_exist() -> None:
    assert len({path["id"] for path in PATHS}) == len(PATHS) == 66
    assert [name for path in PATHS for name in path["actions"] if not matching(name)] == []
    assert all(("service" in path) == ("iam:PassRole" in path["actions"]) for path in PATHS)


@pytest.mark.parametrize(("tier", "who"), EVERYWHERE)
def test_no_path_is_open_but_those_that_are_named(tier: str, who: str) -> None:
    open_paths = {path["id"] for path in PATHS if _is_open(tier, who, path)}
    assert open_paths == opened(named_paths(), tier, who)


def _is_open(tier: str, who: str, path: dict[str, Any]) -> bool:
    if "service" in path and passes(tier, who).keys().isdisjoint({path["service"], "*"}):
        return False
    return given(tier, who).keys() >= set(path["actions"])


@pytest.mark.parametrize(("tier", "who"), EVERYWHERE)
def test_a_named_path_leads_where_it_says(tier: str, who: str) -> None:
    said = {role for row in table("paths") if who in row["open_to"] for role in row["leads_to"]}
    assert said <= acts_as(tier, who)


# --- handing roles over ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
def test_a_role_is_handed_to_its_own_service_by_those_who_are_named(tier: str) -> None:
    there = {who: row for who, row in table("passes").items() if who in holders(tier)}
    wanted = {who: _arns(tier, row) for who, row in there.items()}
    assert {who: passes(tier, who) for who in below_full(tier) if passes(tier, who)} == wanted


def _arns(tier: str, row: dict[str, list[str]]) -> dict[str, list[str]]:
    there = {service: [role for role in roles if role in holders(tier)] for service, roles in row.items()}
    return {service: [role_arn(role, tier) for role in roles] for service, roles in there.items() if roles}


@cache
def pass_requests(tier: str) -> list[tuple[bool, Request]]:
    roles = {role_arn(key, tier): key for key, one in holders(tier).items() if not one.is_group}
    roles[f"arn:aws:iam::{ACCOUNT}:role/admin"] = "admin"
    return [
        (key in table("passes").get(who, {}).get(f"{service}.amazonaws.com", []), _passing(tier, who, arn, service))
        for who in below_full(tier)
        if passes(tier, who)
        for arn, key in roles.items()
        for service in SERVICES
    ]


def _passing(tier: str, who: str, role: str, service: str) -> Request:
    context = {"iam:PassedToService": f"{service}.amazonaws.com"}
    return Request(who, holders(tier)[who].principal, ACCOUNT, "iam:PassRole", role, context)


@pytest.mark.parametrize("tier", TIERS)
def test_no_other_role_can_be_handed_to_any_service(tier: str) -> None:
    asked = pass_requests(tier)
    answers = simulate(documents(tier), [request for _, request in asked])
    wrong = [request for (wanted, request), answer in zip(asked, answers, strict=True) if answer.allowed != wanted]
    assert wrong == []
    assert any(wanted for wanted, _ in asked)


# --- making public, sharing, reading secrets, changing identities ----------------------------------------


def test_what_is_never_given_exists() -> None:
    assert [name for name in never_given() if not any(one.name == name for one in matching(name))] == []


@pytest.mark.parametrize(("tier", "who"), EVERYWHERE)
def test_nobody_below_full_opens_shares_or_reads_secrets_but_as_named(tier: str, who: str) -> None:
    assert guarded(tier, who) == opened(named(), tier, who)


@pytest.mark.parametrize("tier", TIERS)
def test_what_is_named_stays_within_its_limits(tier: str) -> None:
    closed = [case for row in named() for case in row.closed_cases(tier)]
    answers = simulate(documents(tier), [request_of(case, tier) for case in closed])
    wrong = [case.id for case, one in zip(closed, answers, strict=True) if one.allowed or one.refused]
    assert wrong == []
    assert len(closed) > len(named())


@pytest.mark.parametrize("tier", TIERS)
def test_administrators_alone_have_everything(tier: str) -> None:
    assert {key for key, one in holders(tier).items() if is_full(one)} == {"platform_administrators"}


def test_every_row_of_a_table_is_about_somebody() -> None:
    known = holders("enterprise").keys()
    rows = [*((*row.open_to, *row.from_medium) for row in (*named(), *named_paths())), table("passes")]
    assert {who for row in rows for who in row} <= known


# --- through other roles --------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier", "who"), EVERYWHERE)
def test_a_holder_acts_as_the_service_roles_that_are_named_and_no_other(tier: str, who: str) -> None:
    said = {role for row in table("compute")["acts_as"] if who in row["who"] for role in row["as"]}
    assert acts_as(tier, who) == said & holders(tier).keys()


@pytest.mark.parametrize("tier", TIERS)
def test_no_chain_of_roles_leads_to_elevation_or_to_everything(tier: str) -> None:
    config = parsed(config_text(tier)).security
    elevated = {key for key, role in config.assumable_roles.items() if role.require_mfa}
    for key, group in config.iam_groups.items():
        if key not in below_full(tier):
            continue
        taken = set(group.assumable_roles) & holders(tier).keys()
        reached = {role for one in (key, *taken) for role in acts_as(tier, one)} | taken
        assert all(role in below_full(tier) for role in reached)
        assert all("sts:AssumeRole" not in given(tier, role) for role in reached)
        assert reached & elevated == set(group.assumable_roles) & elevated
