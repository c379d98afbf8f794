"""`unknown-element`: a key that IAM's grammar does not have, `Resources` or `Conditions` for example.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding, raw_statements
from sec_provisioner.iam.document import DOCUMENT_KEYS, PRINCIPAL_KINDS, STATEMENT_KEYS, Path
from sec_provisioner.iam.nearest import nearest
from sec_provisioner.problem import Severity


def _find(document: Any, _context: Context) -> Iterator[Finding]:
    if isinstance(document, Mapping):
        yield from _unknown((), document, DOCUMENT_KEYS)
    for path, statement in raw_statements(document):
        yield from _unknown(path, statement, STATEMENT_KEYS)
        for element in ("Principal", "NotPrincipal"):
            members = statement.get(element)
            if isinstance(members, Mapping):
                yield from _unknown((*path, element), members, PRINCIPAL_KINDS)


def _unknown(path: Path, body: Iterable[Any], known: tuple[str, ...]) -> Iterator[Finding]:
    for key in body:
        if key not in known:
            near = nearest(str(key), known)
            hint = f"Did you mean {near}?" if near else f"There are: {', '.join(known)}."
            yield Finding((*path, key), f"IAM has no element {key!r} here.", hint)


CHECK = Check("unknown-element", Severity.ERROR, _find)
