"""What validate-config and validate-prov-template share: how a check's result reads."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.report.results import CheckResult
from sec_provisioner.report.terminal import Style


def check_lines(result: CheckResult, style: Style) -> Iterator[str]:
    """What was checked, what was not and why."""
    yield f"{style.strong('checked:')} {', '.join(result.checked)}"
    for one in result.not_checked:
        yield f"{style.careful('not checked:')} {one.what} ({one.reason})"
