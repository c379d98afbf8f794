"""Settings of the command line (`client.company_prefix=edge`) -> values of the types that their fields have."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from sec_provisioner.config.document import load_document
from sec_provisioner.config.fields import is_text, type_at
from sec_provisioner.config.findings import Findings
from sec_provisioner.config.typed import read_as
from sec_provisioner.errors import UsageError
from sec_provisioner.failures.usage import WRONG_SETTINGS
from sec_provisioner.problem import Problem, Severity


def setting_value(path: str, text: str) -> Any:
    """The value that a setting means: for a text field the text as it is, else what it says as YAML.

    Raises:
        UsageError: No config has that place, or the value can't stand there.
    """
    expected = type_at(path)
    if is_text(expected):
        return text
    loaded = load_document(f"value:\n{textwrap.indent(text, '  ')}".encode(), "")
    if loaded.document is None:
        raise refused(loaded.problems)
    findings = Findings(loaded.document)
    value = read_as(expected, loaded.document.root.entries["value"].value, path, findings)
    errors = [one for one in (*loaded.problems, *findings.problems) if one.severity is Severity.ERROR]
    if errors:
        raise refused(errors)
    return value


def refused(problems: Iterable[Problem]) -> UsageError:
    """Settings that no config can have, all at once."""
    *others, last = problems
    lines = [*(f"{_said(one)} {one.hint}" for one in others), _said(last)]
    return WRONG_SETTINGS(problems="\n".join(lines), offer=last.hint)


def _said(problem: Problem) -> str:
    return f"{problem.path}: {problem.message}.".removeprefix(": ")
