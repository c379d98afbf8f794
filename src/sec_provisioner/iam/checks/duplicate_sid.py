"""`duplicate-sid`: two statements of one document with the same Sid, which IAM refuses.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.iam.checks.base import Check, Context, Finding
from sec_provisioner.iam.document import Document
from sec_provisioner.problem import Severity


def _find(document: Document, _context: Context) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for statement in document.statements:
        if not statement.sid:
            continue
        if statement.sid in first:
            message = f"Sid {statement.sid!r} is also that of statement {first[statement.sid] + 1}."
            yield Finding(("Statement", statement.index, "Sid"), message, "Give each statement a Sid of its own.")
        first.setdefault(statement.sid, statement.index)


CHECK = Check("duplicate-sid", Severity.ERROR, _find)
