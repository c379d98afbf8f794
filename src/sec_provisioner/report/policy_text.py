"""Policy documents and statements in a line each, and two documents as what was added and what was taken away.

+ Allow [ReadTopics] sns:ListTopics on *
~ statement WriteBuckets
- Action s3:PutObject
+ Resource arn:aws:s3:::edge-prod-*/*
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sec_provisioner.iam.document import MalformedDocumentError, Statement, as_list, statement_values, without_sid
from sec_provisioner.iam.meaning import normalise_statement

Mark = Literal["+", "-", "~", " "]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: added, taken away, changed inside, or said about what stands around it; `depth` indents it."""

    mark: Mark
    text: str
    depth: int = 0


def is_document(value: Any) -> bool:
    """Whether a value is a policy document."""
    return isinstance(value, Mapping) and "Statement" in value


def is_statement(value: Any) -> bool:
    """Whether a value is a statement of a document."""
    return isinstance(value, Mapping) and "Effect" in value


def statement_text(statement: Mapping[str, Any]) -> str:
    """A statement in one line, all of it."""
    sid = f" [{statement['Sid']}]" if statement.get("Sid") else ""
    parts = [f"{statement.get('Effect', '?')}{sid}"]
    for key, word in (("Action", ""), ("NotAction", "all but "), ("Resource", "on "), ("NotResource", "on all but ")):
        if key in statement:
            parts.append(f"{word}{_listed(statement[key])}")
    for key, word in (("Principal", "to "), ("NotPrincipal", "to all but ")):
        if key in statement:
            parts.append(f"{word}{', '.join(_principals(statement[key]))}")
    conditions = list(_conditions(statement.get("Condition", {})))
    return " ".join(parts) + (f" if {' and '.join(conditions)}" if conditions else "")


def document_lines(before: Any, after: Any) -> Iterator[Line]:
    """What the second document has that the first has not, and the other way round; either may be None."""
    old, new = (list(statement_values(one)) if is_document(one) else [] for one in (before, after))
    old, new = _without_same(old, new), _without_same(new, old)
    renamed = _renamed(old, new)
    for one, other in renamed:
        yield Line("~", f"statement {_sid(one)} is called {_sid(other)} now; what it says is the same")
    old = [one for one in old if not any(one is each for each, _ in renamed)]
    new = [one for one in new if not any(one is each for _, each in renamed)]
    by_sid = {_sid(one): one for one in new if one.get("Sid")}
    for one in old:
        if one.get("Sid") and _sid(one) in by_sid:
            yield Line("~", f"statement {_sid(one)}")
            yield from _element_lines(one, by_sid.pop(_sid(one)))
        else:
            yield Line("-", statement_text(one))
    kept = {_sid(one) for one in old if one.get("Sid")}
    yield from (Line("+", statement_text(one)) for one in new if not one.get("Sid") or _sid(one) not in kept)
    if is_document(before) and is_document(after) and before.get("Version") != after.get("Version"):
        yield from _sides("Version", [str(before.get("Version"))], [str(after.get("Version"))], 0)


def list_lines(name: str, before: Any, after: Any) -> Iterator[Line]:
    """Two lists of texts, or single ones: what came and what went."""
    label = f"{name} " if name else ""
    old, new = ([] if one is None else [str(each) for each in as_list(one)] for one in (before, after))
    yield from (Line("-", f"{label}{one}") for one in old if one not in new)
    yield from (Line("+", f"{label}{one}") for one in new if one not in old)


def _element_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    for key in dict.fromkeys((*before, *after)):
        old, new = (list(element_texts(key, one.get(key))) for one in (before, after))
        yield from _sides(key, old, new, 1)


def element_texts(key: str, value: Any) -> Iterator[str]:
    """The parts of one element of a statement (`Action`, `Condition`, ...), each in a line."""
    if value is None:
        return
    if key == "Condition":
        yield from _conditions(value)
    elif key in ("Principal", "NotPrincipal"):
        yield from _principals(value)
    else:
        yield from map(str, as_list(value))


def _sides(key: str, old: list[str], new: list[str], depth: int) -> Iterator[Line]:
    yield from (Line("-", f"{key} {one}", depth) for one in old if one not in new)
    yield from (Line("+", f"{key} {one}", depth) for one in new if one not in old)


def _without_same(ours: list[Any], theirs: list[Any]) -> list[Any]:
    known = [_meaning(one) for one in theirs]
    return [one for one in ours if _meaning(one) not in known]


def _renamed(old: list[Any], new: list[Any]) -> list[tuple[Any, Any]]:
    """Statements that differ in nothing but their Sid."""
    pairs = []
    left = list(new)
    for one in old:
        other = next((each for each in left if _meaning(without_sid(one)) == _meaning(without_sid(each))), None)
        if other is not None:
            pairs.append((one, other))
            left.remove(other)
    return pairs


def _meaning(statement: Any) -> Any:
    try:
        return normalise_statement(Statement.parse(statement))
    except MalformedDocumentError:
        return statement


def _sid(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid") or "without Sid")


def _listed(value: Any) -> str:
    return ", ".join(map(str, as_list(value)))


def _principals(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield "everyone" if value == "*" else str(value)
        return
    for kind, members in value.items():
        yield from (f"{kind} {one}" for one in as_list(members))


def _conditions(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        return
    for operator, keys in value.items():
        for key, wanted in keys.items() if isinstance(keys, Mapping) else ():
            yield f"{operator} {key} = {' or '.join(map(_word, as_list(wanted)))}"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
