"""`contradicting-elements`: an element beside its Not twin.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sec_provisioner.iam.checks.base import Check, Context, Finding, raw_statements
from sec_provisioner.problem import Severity


def _find(document: Any, _context: Context) -> Iterator[Finding]:
    for path, statement in raw_statements(document):
        for element in ("Action", "Resource", "Principal"):
            twin = f"Not{element}"
            if element in statement and twin in statement:
                hint = "Keep one of them, or write two statements."
                yield Finding((*path, twin), f"{twin} stands beside {element} in one statement.", hint)


CHECK = Check("contradicting-elements", Severity.ERROR, _find)
