"""Places of a resource that change -> what a reviewer reads: a heading for each policy or statement, then + and -.

Policies[permissions].PolicyDocument.Statement[Topics].Action, [a, b], [a, c]
->  inline policy permissions, statement Topics
- Action b
+ Action c
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sec_provisioner.report.change_results import PropertyEntry
from sec_provisioner.report.policy_text import (
    Line,
    document_lines,
    element_texts,
    is_document,
    is_statement,
    list_lines,
    statement_text,
)

_POLICY = re.compile(
    r"(?:Policies\[(?P<inline>[^\]]*)\](?:\.PolicyDocument)?|(?P<document>PolicyDocument|AssumeRolePolicyDocument))"
    r"(?:\.Statement(?:\[(?P<sid>[^\]]*)\])?)?(?:\.(?P<element>.+))?"
)
_DOCUMENTS = {"PolicyDocument": "policy", "AssumeRolePolicyDocument": "trust policy"}
_STRUCTURED = ("Condition", "Principal", "NotPrincipal")
_ONLY_LATER = "the new value is known once it is done"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What changes at one place."""

    heading: str
    lines: tuple[Line, ...]


def paragraphs(properties: Iterable[PropertyEntry]) -> Iterator[Paragraph]:
    """The places that change, those of one statement together."""
    found: dict[str, list[Line]] = {}
    for one in _each_policy(properties):
        heading, label = _place(one.path)
        found.setdefault(heading, []).extend(_lines(label, one.before, one.after))
    return (Paragraph(heading, tuple(lines)) for heading, lines in found.items())


def _each_policy(properties: Iterable[PropertyEntry]) -> Iterator[PropertyEntry]:
    """All inline policies of what comes or goes as a whole, one by one."""
    for one in properties:
        if one.path != "Policies":
            yield one
            continue
        old, new = ({each["PolicyName"]: each for each in side or []} for side in (one.before, one.after))
        for name in dict.fromkeys((*old, *new)):
            yield PropertyEntry(f"Policies[{name}]", old.get(name), new.get(name))


def _place(path: str) -> tuple[str, str]:
    """The heading, and what of it changes; empty where it is the whole."""
    match = _POLICY.fullmatch(path)
    if match is None:
        return path, ""
    policy = f"inline policy {match['inline']}" if match["inline"] is not None else _DOCUMENTS[match["document"]]
    element = (match["element"] or "").replace(".", " ")
    is_whole = match["sid"] is None or not element
    return (policy, element) if is_whole else (f"{policy}, statement {match['sid']}", element)


def _lines(label: str, before: Any, after: Any) -> Iterator[Line]:
    if before is None and after is None:
        yield Line(" ", f"{label} {_ONLY_LATER}".strip())
    elif is_statement(before) or is_statement(after):
        yield from (Line("-", statement_text(one)) for one in (before,) if one)
        yield from (Line("+", statement_text(one)) for one in (after,) if one)
    elif _is_policy(before) or _is_policy(after):
        yield from document_lines(_document(before), _document(after))
    elif _are_statements(before) or _are_statements(after):
        yield from document_lines({"Statement": before or []}, {"Statement": after or []})
    elif label == "Sid":
        yield Line("~", f"is called {after} now; what it says is the same")
    elif label in _STRUCTURED:
        old, new = (list(element_texts(label, one)) for one in (before, after))
        yield from list_lines(label, old, new)
    else:
        yield from list_lines(label, _texts(before), _texts(after))


def _is_policy(value: Any) -> bool:
    return is_document(value) or (isinstance(value, dict) and "PolicyDocument" in value)


def _document(value: Any) -> Any:
    return value.get("PolicyDocument", value) if isinstance(value, dict) else value


def _are_statements(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(is_statement, value))


def _texts(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return list(value)
    return json.dumps(value, ensure_ascii=False)
