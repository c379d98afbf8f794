import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sec_provisioner.iam.arn import Arn, MalformedArnError
from sec_provisioner.iam.pattern import ArnPattern, Pattern, action_matches
from sec_provisioner.iam.tokens import Variable

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/iam/patterns.yaml").read_text(encoding="utf-8"))


def _matches(kind: str, pattern: str, text: str) -> bool:
    if kind == "arn":
        return ArnPattern.parse(pattern).matches(Arn.parse(text))
    return action_matches(pattern, text) if kind == "action" else Pattern.parse(pattern).matches(text)


@pytest.mark.parametrize(
    ("kind", "case"),
    [(kind, case) for kind in ("text", "action", "arn") for case in CASES[kind]],
    ids=lambda value: value if isinstance(value, str) else value["pattern"],
)
def test_a_pattern_matches_what_its_case_says(kind: str, case: dict[str, Any]) -> None:
    for text in case.get("matches", []):
        assert _matches(kind, case["pattern"], text), text
    for text in case.get("not", []):
        assert not _matches(kind, case["pattern"], text), text


@pytest.mark.parametrize("case", CASES["overlap"], ids=lambda case: f"{case['one']}~{case['other']}")
def test_overlap_is_as_the_case_says_and_symmetric(case: dict[str, Any]) -> None:
    one, other = Pattern.parse(case["one"]), Pattern.parse(case["other"])
    assert one.overlaps(other) is case["overlaps"]
    assert other.overlaps(one) is case["overlaps"]


@cache
def _obvious_match(pattern: str, text: str) -> bool:
    """The definition, letter by letter."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _obvious_match(pattern[1:], text) or (bool(text) and _obvious_match(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and _obvious_match(pattern[1:], text[1:])


GLOBS = st.text("ab*?", max_size=6)
TEXTS = [first + rest for first in ("", "a", "b") for rest in ("", "a", "b", "ab", "ba", "aab", "bba", "abab")]


@given(GLOBS, st.text("ab", max_size=8))
def test_matching_agrees_with_the_definition(glob: str, text: str) -> None:
    assert Pattern.parse(glob).matches(text) is _obvious_match(glob, text)


@given(GLOBS, GLOBS)
def test_patterns_that_share_a_text_overlap(one: str, other: str) -> None:
    shared = [text for text in TEXTS if _obvious_match(one, text) and _obvious_match(other, text)]
    assert not shared or Pattern.parse(one).overlaps(Pattern.parse(other))


@given(GLOBS, st.text("ab", max_size=8))
def test_overlap_with_a_plain_text_is_matching(glob: str, text: str) -> None:
    assert Pattern.parse(glob).overlaps(Pattern.parse(text)) is _obvious_match(glob, text)


def test_many_stars_are_matched_without_backtracking_for_ever() -> None:
    assert not Pattern.parse("*a" * 60 + "b").matches("a" * 4_000)


def test_a_bound_variable_is_plain_text_even_with_a_star_in_it() -> None:
    bound = Pattern.parse("home/${aws:UserName}/*").bound({"aws:username": "al*"})
    assert bound.matches("home/al*/x")
    assert not bound.matches("home/alice/x")


def test_a_variable_keeps_its_default_for_binding() -> None:
    pattern = Pattern.parse("${aws:PrincipalTag/team, 'none'}-x")
    assert pattern.variables == (Variable("aws:PrincipalTag/team", "none"),)
    assert pattern.bound({}).literal == "none-x"


def test_a_widened_pattern_matches_whatever_the_variable_may_be() -> None:
    assert Pattern.parse("a${x}*b").widened() == Pattern.parse("a*b")


def test_without_variables_braces_are_plain_text() -> None:
    assert Pattern.parse("${aws:username}", variables=False).matches("${aws:username}")
    assert Pattern.parse("${*}", variables=False).matches("${abc}")


def test_the_text_of_a_pattern_without_wildcards_is_its_literal() -> None:
    assert Pattern.parse("plain").literal == "plain"
    assert Pattern.parse("").literal == ""
    assert Pattern.parse("a*").literal is None


def test_an_arn_pattern_that_is_no_arn_is_refused() -> None:
    with pytest.raises(MalformedArnError, match=re.escape("'bucket'")):
        ArnPattern.parse("bucket")


def test_arn_patterns_overlap_field_by_field() -> None:
    assert ArnPattern.parse("arn:aws:s3:::a*").overlaps(ArnPattern.parse("arn:*:s3:::*/k"))
    in_a_region = ArnPattern.parse("arn:aws:s3:?*:*:accesspoint/x")
    assert not ArnPattern.parse("arn:aws:s3:::*").overlaps(in_a_region)
    assert ArnPattern.parse("*").overlaps(ArnPattern.parse("arn:aws:s3:::a"))
