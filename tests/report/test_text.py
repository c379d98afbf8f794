"""Problems as people read them."""

from __future__ import annotations

import pytest

from sec_provisioner.problem import Location, Problem, Severity
from sec_provisioner.report.problems import counts_line, problem_lines
from sec_provisioner.report.terminal import Style

TEXT = "tier:\n  name: startup\n    polices: {s3: level2}\n\tx: \x1b[31m\n  東京: bad\n"


def problem(line: int, column: int, **changes: object) -> Problem:
    values: dict[str, object] = {"message": "wrong", "hint": "", "where": Location("c.yaml", line, column)}
    return Problem("an-id", Severity.ERROR, **(values | changes))  # type: ignore[arg-type] # of the fields' own types


def lines(*problems: Problem, colour: bool = False) -> list[str]:
    return list(problem_lines(problems, {"c.yaml": TEXT}, Style(colour)))


def test_a_problem_shows_place_line_caret_and_help() -> None:
    assert lines(problem(3, 5, hint="write policies")) == [
        "c.yaml:3:5: error: wrong [an-id]",
        "     3 |     polices: {s3: level2}",
        "             ^^^^^^^^",
        "  help: write policies",
    ]


def test_the_caret_stands_below_the_place_after_wide_characters() -> None:
    _, shown, caret = lines(problem(5, 7))
    assert shown == "     5 |   東京: bad"
    assert caret.index("^") == len("     5 |   ") + 4 + len(": ") - 1 + 1


def test_control_characters_of_the_file_are_spelt_out() -> None:
    assert lines(problem(4, 5))[1] == "     4 |  x: \\x1b[31m"


def test_problems_stand_in_the_order_of_the_file_and_those_without_a_place_last() -> None:
    found = lines(problem(3, 5), Problem("a", Severity.INFO, "whole", path="tags"), problem(1, 1))
    assert [line for line in found if "[" in line and "|" not in line] == [
        "c.yaml:1:1: error: wrong [an-id]",
        "c.yaml:3:5: error: wrong [an-id]",
        "tags: info: whole [a]",
    ]


def test_an_accepted_problem_is_one_line_with_its_reason() -> None:
    assert lines(problem(3, 5, suppressed="as agreed")) == ["c.yaml:3:5: accepted: wrong (as agreed)"]


def test_a_long_line_is_shown_around_the_place() -> None:
    text = "x" * 5000 + " here " + "y" * 5000
    (_, shown, caret) = problem_lines([problem(1, 5002)], {"c.yaml": text}, Style())
    assert len(shown) < 120
    start = caret.index("^")
    assert shown[start : start + 4] == "here"


@pytest.mark.parametrize(("line", "column"), [(0, 1), (99, 1), (2, 500)])
def test_a_place_outside_the_text_is_no_failure(line: int, column: int) -> None:
    assert lines(problem(line, column))[0].startswith(f"c.yaml:{line}:{column}: error: wrong")


def test_colours_only_where_they_are_wanted() -> None:
    assert "\x1b" not in "".join(lines(problem(3, 5)))
    assert "\x1b[1;31merror:\x1b[0m" in lines(problem(3, 5), colour=True)[0]


def test_counts_are_words() -> None:
    found = [problem(1, 1), problem(1, 2), Problem("w", Severity.WARNING, ""), problem(1, 1, suppressed="ok")]
    assert counts_line(found) == "2 errors, 1 warning"
    assert counts_line([Problem("i", Severity.INFO, "")]) == "1 note"
    assert counts_line([]) == "no problems"
