"""What two policy documents plainly both allow, as a third: for the moment between one and the other.

Statement by statement: two allowing statements that differ in actions, resources or principals alone have in common
what both list, or what one lists and the other's pattern is over. Whatever either denies stays denied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sec_provisioner.iam.document import Document, as_list, statement_values
from sec_provisioner.iam.meaning import same_meaning
from sec_provisioner.iam.within import is_over

Json = dict[str, Any]
_LISTED = ("Action", "Resource", "Principal")


def common_part(one: Mapping[str, Any], other: Mapping[str, Any]) -> Json:
    """A document that allows nothing that either does not; its statements may be none.

    Args:
        one: a policy document as IAM's JSON, well-formed.
        other: the same.
    """
    ours, theirs = statement_values(one), statement_values(other)
    denied = [_nameless(each) for each in (*ours, *theirs) if each["Effect"] == "Deny"]
    is_same_language = one.get("Version") == other.get("Version")
    shared = [found for mine in ours for its in theirs for found in _common(mine, its)] if is_same_language else []
    return {"Version": one.get("Version", "2008-10-17"), "Statement": [*_distinct(shared), *_distinct(denied)]}


def _nameless(statement: Json) -> Json:
    """Without its Sid, which must be unique in a document."""
    return {key: value for key, value in statement.items() if key != "Sid"}


def _distinct(statements: list[Json]) -> Iterator[Json]:
    for index, one in enumerate(statements):
        if one not in statements[:index]:
            yield one


def _common(one: Json, other: Json) -> Iterator[Json]:
    if one["Effect"] == "Deny" or not _differ_in_lists_alone(one, other):
        return
    lists = {key: _shared(key, one[key], other[key]) for key in _LISTED if key in one}
    if all(lists.values()):
        yield {**_nameless(one), **lists}


def _differ_in_lists_alone(one: Json, other: Json) -> bool:
    """Whether they have the same elements, and those that are no lists say the same."""
    if {*_nameless(one)} != {*_nameless(other)}:
        return False
    filled = {key: one[key] for key in _LISTED if key in one}
    mine, its = ({"Statement": [{**_nameless(each), **filled}]} for each in (one, other))
    return same_meaning(Document.parse(mine), Document.parse(its))


def _shared(key: str, one: Any, other: Any) -> Any:
    """The part that two values of an element have in common; empty where there is none."""
    if key != "Principal":
        return _both(as_list(one), as_list(other), ignores_case=key == "Action")
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return one if one == other else {}
    kinds = {kind: [each for each in as_list(one[kind]) if each in as_list(other.get(kind, []))] for kind in one}
    return {kind: members for kind, members in kinds.items() if members}


def _both(one: list[str], other: list[str], *, ignores_case: bool) -> list[str]:
    fold = str.lower if ignores_case else str
    mine, its = ({fold(each) for each in every} for every in (one, other))
    return sorted(
        {each for each in mine if any(is_over(over, each) for over in its)}
        | {each for each in its if any(is_over(over, each) for over in mine)}
    )
