"""What every level lets through and what it does not, by two evaluators that are not the product's."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from sec_local.enforcement.context import Context
from sec_local.enforcement.decision import Policies, decide
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.statements import Policy
from sec_local.enforcement.statements import Request as LocalRequest
from support.iam_simulate import Decision, Request, simulate
from support.level_files import LevelFile, level_files
from support.level_requests import USER_ID, beside, document_of, requests_of

# An alias and a version of a function have ARNs of one form, and one type of Bedrock is newer than its reference.
NOT_UNDERSTOOD = re.compile(r"ProvisionedConcurrencyConfig on |:retrieval-instruction/")
LEVELS = [level for level in level_files() if not level.is_full]


Judged = list[tuple[Request, Decision]]


@cache
def judged() -> tuple[dict[str, Judged], dict[str, Judged]]:
    """By level: what it lists, and what differs from that in one respect."""
    listed = [request for level in LEVELS for request in requests_of(level)]
    others = [other for request in listed for other in beside(request)]
    answers = simulate({level.name: [document_of(level)] for level in LEVELS}, [*listed, *others])
    both = list(zip([*listed, *others], answers, strict=True))
    return _by_level(both[: len(listed)]), _by_level(both[len(listed) :])


def _by_level(pairs: Judged) -> dict[str, Judged]:
    return {level.name: [pair for pair in pairs if pair[0].holder == level.name] for level in LEVELS}


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_what_a_level_lists_is_allowed(level: LevelFile) -> None:
    listed = [(f"{request.action} on {request.resource}", answer) for request, answer in judged()[0][level.name]]
    assert [what for what, answer in listed if not answer.allowed and not answer.refused] == []
    assert [what for what, answer in listed if answer.refused and not NOT_UNDERSTOOD.search(what)] == []
    assert listed


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_the_local_aws_decides_the_same(level: LevelFile) -> None:
    policies = Policies(identity=(Policy(level.name, "none", json.dumps(document_of(level))),))
    pairs = [pair for part in judged() for pair in part[level.name] if not pair[1].refused]
    assert [request for request, answer in pairs if _allows(policies, request, answer) != answer.allowed] == []
    # Of what differs in one respect, something is kept out.
    assert not all(answer.allowed for _, answer in judged()[1][level.name])


def _allows(policies: Policies, request: Request, answer: Decision) -> bool:
    """Without the keys that AWS would not send, as the other evaluator leaves them out as well."""
    sent = {key: value for key, value in request.context.items() if key not in answer.ignored}
    context = Context({key: tuple(value) if isinstance(value, list) else value for key, value in sent.items()})
    caller = Principal("user", "123456789012", request.principal, request.principal, USER_ID)
    return decide(LocalRequest(request.action, request.resource, context), caller, policies).outcome == "allowed"
