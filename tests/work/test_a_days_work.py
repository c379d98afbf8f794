"""What people and services do in a day, and what they must not be able to do, by an evaluator that is not ours.

The cases are in `tests/cases/days_work`, one file for each group and role.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from support.iam_simulate import Decision, simulate
from support.work import holders, mirrors
from support.work_cases import Assumption, Case, assumption_request, assumptions, cases, documents, request_of

FEWEST_CASES = 15


@cache
def decisions() -> dict[str, Decision]:
    answers = simulate(documents(), [request_of(case) for case in cases()])
    return {case.id: answer for case, answer in zip(cases(), answers, strict=True)}


@cache
def trust_decisions() -> dict[str, Decision]:
    answers = simulate(documents(), [assumption_request(one) for one in assumptions()])
    return {one.id: answer for one, answer in zip(assumptions(), answers, strict=True)}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_work_is_allowed_and_the_rest_is_not(case: Case) -> None:
    decision = decisions()[case.id]
    if case.unknown_to == "iam-simulate":
        assert decision.refused
    else:
        assert decision.refused == ""
        assert decision.allowed == case.allowed


@pytest.mark.parametrize("assumption", assumptions(), ids=lambda one: one.id)
def test_a_role_opens_to_whom_it_is_for(assumption: Assumption) -> None:
    decision = trust_decisions()[assumption.id]
    assert decision.refused == ""
    assert decision.allowed == assumption.allowed


# What IAM allows depends on which roles a tier has; the rest of a day's work is the same in all of them.
@pytest.mark.parametrize("tier", ["startup", "medium"])
def test_a_smaller_tier_gives_its_groups_and_roles_the_same_work(tier: str) -> None:
    services = ("iam:", "sts:")
    asked = [case for case in cases() if case.who in holders(tier) and not case.action.startswith(services)]
    answers = simulate(documents(tier), [request_of(case, tier) for case in asked])
    different = [case.id for case, one in zip(asked, answers, strict=True) if one.allowed != case.allowed]
    assert different == [case.id for case in asked if case.unknown_to]
    assert len(asked) > FEWEST_CASES


def test_aws_sends_the_context_that_the_cases_speak_of() -> None:
    unknown = {case.id: set(decisions()[case.id].ignored) & case.context.keys() for case in cases()}
    assert {case: keys for case, keys in unknown.items() if keys} == {}


def test_every_group_and_role_has_its_cases() -> None:
    counted = Counter(case.who for case in cases())
    assert counted.keys() == holders().keys() - mirrors().keys()
    assert {who: count for who, count in counted.items() if count < FEWEST_CASES} == {}


@pytest.mark.parametrize("who", sorted({case.who for case in cases()} - {"platform_administrators"}))
def test_there_are_allowed_cases_and_denied_ones(who: str) -> None:
    answers = Counter(case.allowed for case in cases() if case.who == who)
    assert min(answers[True], answers[False]) >= FEWEST_CASES // 3


def test_each_case_has_a_name_of_its_own() -> None:
    counted = Counter([case.id for case in cases()] + [one.id for one in assumptions()])
    assert [name for name, count in counted.items() if count > 1] == []
