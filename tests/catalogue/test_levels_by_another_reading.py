"""Every action that a level lists is let through by an evaluator that is not ours, on something it is about."""

from __future__ import annotations

import re
from functools import cache

import pytest

from support.iam_simulate import Decision, Request, simulate
from support.level_files import LevelFile, level_files
from support.level_requests import document_of, requests_of

# An alias and a version of a function have ARNs of one form, and one type of Bedrock is newer than its reference.
NOT_UNDERSTOOD = re.compile(r"ProvisionedConcurrencyConfig on |:retrieval-instruction/")
LEVELS = [level for level in level_files() if not level.is_full]


@cache
def decisions() -> dict[str, list[tuple[Request, Decision]]]:
    asked = [request for level in LEVELS for request in requests_of(level)]
    answers = simulate({level.name: [document_of(level)] for level in LEVELS}, asked)
    found: dict[str, list[tuple[Request, Decision]]] = {level.name: [] for level in LEVELS}
    for request, answer in zip(asked, answers, strict=True):
        found[request.holder].append((request, answer))
    return found


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_what_a_level_lists_is_allowed(level: LevelFile) -> None:
    asked = [(f"{request.action} on {request.resource}", answer) for request, answer in decisions()[level.name]]
    assert [what for what, answer in asked if not answer.allowed and not answer.refused] == []
    assert [what for what, answer in asked if answer.refused and not NOT_UNDERSTOOD.search(what)] == []
    assert asked
