"""Requests that a level lets through: each of its actions on something that each of its resources is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from support.iam_facts import Action, matching, overlap
from support.iam_simulate import Context, Request, default_key_policy
from support.level_files import LONGEST_PROJECT, LevelFile, filled

_ACCOUNT = "123456789012"
USER_ID = "AIDAEXAMPLEUSERALICE1"
_CALLER: Context = {"aws:username": "alice", "aws:userid": USER_ID}
_VARIABLES = {"${aws:username}": "alice", "${aws:userid}": USER_ID}


def document_of(level: LevelFile) -> dict[str, Any]:
    """The level's policy with every placeholder filled in but IAM's own."""
    return {"Version": "2012-10-17", "Statement": [_filled(one) for one in level.statements]}


def _filled(value: Any) -> Any:
    if isinstance(value, str):
        return filled(value)
    if isinstance(value, Mapping):
        return {key: _filled(one) for key, one in value.items()}
    return [_filled(one) for one in value]


def requests_of(level: LevelFile) -> Iterator[Request]:
    """Every action of every statement, on each of the statement's resources that it takes."""
    for one in level.statements:
        context = {**_CALLER, **_satisfying(one.get("Condition", {}))}
        for pattern in one["Action"]:
            for action in matching(pattern):
                for resource in _things(action, [filled(text) for text in one["Resource"]]):
                    policy = default_key_policy(_ACCOUNT) if resource.startswith("arn:aws:kms:") else None
                    caller = f"arn:aws:iam::{_ACCOUNT}:user/alice"
                    yield Request(level.name, caller, _ACCOUNT, action.name, resource, context, policy)


def beside(request: Request) -> Iterator[Request]:
    """Requests that differ from one that is let through in one respect, and so perhaps are not."""
    yield replace(request, context=_CALLER)
    yield replace(request, context={key: _strange(value) for key, value in request.context.items()})
    if LONGEST_PROJECT in request.resource:
        yield replace(request, resource=request.resource.replace(LONGEST_PROJECT, "acme-prod-a001"))


def _strange(value: str | list[str]) -> str | list[str]:
    return "strange" if isinstance(value, str) else ["strange"]


def _things(action: Action, resources: list[str]) -> Iterator[str]:
    if "*" in resources:
        yield "*"
    for resource in resources:
        for template in action.arns if resource != "*" else ():
            if overlap(resource, template):
                ours, theirs = resource.split(":", 5), template.split(":", 5)
                found = ":".join(str(_common(one, other)) for one, other in zip(ours, theirs, strict=True))
                for variable, word in _VARIABLES.items():
                    found = found.replace(variable, word)
                yield found


@cache
def _common(left: str, right: str) -> str | None:
    """A text that both patterns match, each star standing for as little as it can; None if there is none."""
    if not left or not right:
        return None if (left + right).strip("*") else ""
    if left[0] == right[0] == "*":
        ways = ((left[1:], right[1:]), (left[1:], right), (left, right[1:]))
        rest = next((found for found in (_common(*way) for way in ways) if found is not None), None)
        return None if rest is None else "x" + rest
    if left[0] == "*":
        shorter, longer = _common(left[1:], right), _common(left, right[1:])
        return shorter if shorter is not None else None if longer is None else right[0] + longer
    if right[0] == "*":
        return _common(right, left)
    rest = _common(left[1:], right[1:]) if left[0] == right[0] else None
    return None if rest is None else left[0] + rest


def _satisfying(conditions: Mapping[str, Mapping[str, Any]]) -> dict[str, str | list[str]]:
    """A context in which all the conditions hold: what negated operators ask for is left out or something else."""
    found: dict[str, str | list[str]] = {}
    for operator, keys in conditions.items():
        for key, value in keys.items():
            text = filled(value[0] if isinstance(value, list) else value).replace("*", "x")
            for variable, word in _VARIABLES.items():
                text = text.replace(variable, word)
            if operator.startswith("ForAllValues:"):
                found[key] = ["other" if "Not" in operator else text]
            elif operator != "Null" and "Not" not in operator:
                found[key] = text
    return found
