"""cfn-lint's rules on a template's text, where cfn-lint is installed (extra `lint`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from sec_provisioner.problem import Location, Severity

# https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
_SEVERITY = {"error": Severity.ERROR, "warning": Severity.WARNING, "informational": Severity.INFO}


@dataclass(frozen=True)
class LintMatch:
    """One match of a rule. `path` leads to it from the top of the template."""

    rule: str
    severity: Severity
    message: str
    where: Location
    path: tuple[str | int, ...]


def is_installed() -> bool:
    """Whether cfn-lint can be used here."""
    return find_spec("cfnlint") is not None


def lint(text: str, file: str, region: str) -> tuple[LintMatch, ...]:
    """Run all rules that are on by default; informational ones included.

    cfn-lint takes seconds to load: it is imported here, and nowhere else.
    """
    from cfnlint.api import ManualArgs  # noqa: PLC0415 - see above
    from cfnlint.api import lint as run  # noqa: PLC0415 - see above

    run_lint: Callable[..., list[Any]] = run
    matches = run_lint(text, config=ManualArgs(regions=[region]))
    return tuple(_match(one, file) for one in matches)


def _match(one: Any, file: str) -> LintMatch:
    return LintMatch(
        rule=one.rule.id,
        severity=_SEVERITY[one.rule.severity],
        message=" ".join(str(one.message).split()),
        where=Location(file, one.linenumber, one.columnnumber),
        path=tuple(getattr(one, "path", None) or ()),
    )
