"""A mirror role is its group, for an hour."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from support.iam_simulate import simulate
from support.work import holders, mirrors
from support.work_cases import Case, cases, documents, request_of

# A session has no user name, so it can't be somebody's own profile; and it takes no further role.
OF_USERS = {"sagemaker:CreatePresignedDomainUrl", "sagemaker:DescribeUserProfile", "sts:AssumeRole"}


@pytest.mark.parametrize(("role", "group"), mirrors().items())
def test_a_mirror_has_the_statements_of_its_group(role: str, group: str) -> None:
    assert holders()[role].work == holders()[group].work


@cache
def mirrored_cases() -> tuple[Case, ...]:
    return tuple(
        replace(case, who=role, allowed=case.allowed and case.action not in OF_USERS)
        for role, group in mirrors().items()
        for case in cases()
        if case.who == group and not case.unknown_to
    )


def test_a_mirror_may_do_what_its_group_may() -> None:
    answers = simulate(documents(), [request_of(case) for case in mirrored_cases()])
    different = [
        case.id for case, answer in zip(mirrored_cases(), answers, strict=True) if answer.allowed != case.allowed
    ]
    assert different == []
    assert len(mirrored_cases()) > len(mirrors()) * 15
