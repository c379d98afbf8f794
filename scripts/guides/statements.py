"""The statements of a level as tables: one line for each action, with what it is on and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guides.markdown import bullets, code, document, table
from sec_provisioner.iam.arn import Arn
from sec_provisioner.iam.pattern import arn_pattern
from sec_provisioner.iam.reference import Action, reference

_WORDS = {
    "${Project}": "{project}",
    "${ProjectUnderscored}": "{project with _}",
    "${AWS::Partition}": "{partition}",
    "${AWS::Region}": "{region}",
    "${AWS::AccountId}": "{account}",
}
_OPERATORS = {
    "ArnLike": "is like",
    "ForAllValues:ArnLike": "has only values like",
    "ForAllValues:StringLike": "has only values like",
    "ForAllValues:StringNotEqualsIgnoreCase": "has no value (in any letter case)",
    "StringEquals": "is",
    "StringEqualsIfExists": "is, where the request has it,",
    "StringNotEquals": "is not",
}


def render_statement(statement: Mapping[str, Any]) -> str:
    """One statement: its name, its conditions, its actions."""
    rows = [_row(pattern, statement["Resource"]) for pattern in statement["Action"]]
    return document(
        f"**{statement['Sid']}**{_conditions(statement.get('Condition', {}))}",
        table(["Action", "Access level", "On"], rows),
    ).rstrip()


def _conditions(condition: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [_condition(operator, key, value) for operator, keys in condition.items() for key, value in keys.items()]
    return f", only where\n\n{bullets(lines)}" if lines else ""


def _condition(operator: str, key: str, value: Any) -> str:
    if operator == "Null":
        return f"{code(key)} is {'not ' if value == 'true' else ''}there"
    values = value if isinstance(value, list) else [value]
    return f"{code(key)} {_OPERATORS[operator]} {' or '.join(code(_plain(one)) for one in values)}"


def _row(pattern: str, resources: Sequence[str]) -> tuple[str, str, str]:
    found = _granted(pattern, resources)
    levels = dict.fromkeys(action.access_level.value for action in found)
    reached = [text for text in resources if any(action.accepts(arn_pattern(text)) for action in found)]
    return _action(pattern, found), ", ".join(levels), ", ".join(map(_resource, reached))


def _granted(pattern: str, resources: Sequence[str]) -> tuple[Action, ...]:
    """What an Action means on these resources; a wildcard may also match what works on none of them."""
    wanted = [arn_pattern(text) for text in resources]
    return tuple(one for one in reference().expand(pattern) if any(map(one.accepts, wanted)))


def _action(pattern: str, found: Sequence[Action]) -> str:
    service, _, name = pattern.partition(":")
    if name == "*":
        return f"{code(pattern)}, every action of the service"
    if re.search(r"[*?]", name):
        return f"{code(pattern)}: {', '.join(one.name.removeprefix(f'{service}:') for one in found)}"
    return code(pattern)


def _resource(text: str) -> str:
    """A resource without what goes without saying: the own partition, region and account."""
    if text == "*":
        return "everything"
    arn = Arn.parse(text)
    what = f"anything of {arn.service}" if arn.resource == "*" else code(_plain(arn.resource))
    return what + "".join(_elsewhere(arn))


def _elsewhere(arn: Arn) -> Iterator[str]:
    if arn.region == "*":
        yield " in any region"
    if arn.account == "*":
        yield " of any account"


def _plain(text: str) -> str:
    for placeholder, word in _WORDS.items():
        text = text.replace(placeholder, word)
    return text
