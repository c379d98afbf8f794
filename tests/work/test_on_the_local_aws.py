"""The same cases, asked of the local AWS on which the config was deployed: a second evaluator, and the real stack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.work_cases import Assumption, assumptions, cases, request_of
from support.work_on_aws import Deployed, deployed


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed(tmp_path_factory.mktemp("work")) as made:
        yield made


@pytest.mark.parametrize("who", sorted({case.who for case in cases()}))
def test_work_is_allowed_and_the_rest_is_not(account: Deployed, who: str) -> None:
    asked = [case for case in cases() if case.who == who and case.unknown_to != "the local AWS"]
    answers = account.may([request_of(case) for case in asked])
    assert [case.id for case, allowed in zip(asked, answers, strict=True) if allowed != case.allowed] == []


@pytest.fixture(scope="module")
def credentials(account: Deployed) -> dict[str, dict[str, str]]:
    return {who: account.user_in(who) for who in {one.who for one in assumptions()}}


@pytest.mark.parametrize("assumption", assumptions(), ids=lambda one: one.id)
def test_a_role_opens_to_whom_it_is_for(
    account: Deployed, credentials: dict[str, dict[str, str]], assumption: Assumption
) -> None:
    assert account.may_assume(assumption, credentials[assumption.who]) == assumption.allowed
