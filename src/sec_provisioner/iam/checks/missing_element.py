"""`missing-element`: a document without Statement, a statement without Effect, Action, Resource or Principal.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding, PolicyKind, raw_statements
from sec_provisioner.problem import Severity

_TARGET = {PolicyKind.IDENTITY: "Resource", PolicyKind.TRUST: "Principal"}


def _find(document: Any, context: Context) -> Iterator[Finding]:
    if isinstance(document, Mapping) and "Statement" not in document:
        yield Finding((), "The document has no Statement.")
    target = _TARGET[context.kind]
    for path, statement in raw_statements(document):
        if "Effect" not in statement:
            yield Finding(path, "The statement has no Effect.", "Write Effect: Allow or Effect: Deny.")
        for element in ("Action", target):
            if element not in statement and f"Not{element}" not in statement:
                message = f"The statement has neither {element} nor Not{element}."
                yield Finding(path, message, f"Every statement of an {context.kind} policy names one of them.")


CHECK = Check("missing-element", Severity.ERROR, _find)
