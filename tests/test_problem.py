"""What a finding makes of the words it is given."""

from __future__ import annotations

import pytest

from sec_provisioner.problem import Problem, Severity


@pytest.mark.parametrize(
    ("text", "shown"), [("a\nb", "a\\nb"), ("\x1b[31m", "\\x1b[31m"), ("Ä — 日", "Ä — 日"), ("\u2028", "\\u2028")]
)
def test_a_message_and_its_hint_are_one_line_without_control_characters(text: str, shown: str) -> None:
    problem = Problem("some-check", Severity.ERROR, f"no `{text}`", f"not {text}")
    assert (problem.message, problem.hint) == (f"no `{shown}`", f"not {shown}")
