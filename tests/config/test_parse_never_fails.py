"""Whatever the bytes, reading them ends in a Config or in problems, never in a traceback."""

from __future__ import annotations

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sec_provisioner.config.parse import ParsedConfig, parse_config
from sec_provisioner.config.rules import check_rules
from sec_provisioner.problem import Severity
from support.config_cases import GOOD, GOOD_FILE

LINES = GOOD.splitlines(keepends=True)
SCRAPS = [
    "null", "~", "true", "yes", "012", "1e9", ".inf", "[]", "{}", "''", '"', "'", "&a ", "*a", "<<: *a", "!!binary ",
    "|\n", ">-\n", "- ", "? ", ": ", "\t", "# ", "---\n", "...\n", "%YAML 1.1\n", "\0", "\x85", "\u2028", "é", "🚀",
    "${Project", "${", "[", "}", "a: b: c", "[[[[", "0o17", "2026-01-01", "=", "@", "`", "{? a}", "\\", "Ⅷ", "٣",
]  # fmt: skip


def read(content: bytes) -> ParsedConfig:
    parsed = parse_config(content, GOOD_FILE)
    errors = [one for one in parsed.problems if one.severity is Severity.ERROR]
    assert (parsed.config is None) == bool(errors)
    problems = parsed.problems
    if parsed.config is not None:
        assert parsed.document is not None
        problems = (*problems, *check_rules(parsed.config, parsed.document))
    for problem in problems:
        assert problem.message
        assert problem.where is not None
        assert problem.where.line >= 1
        assert problem.where.column >= 1
        assert problem.message.isprintable()
        assert problem.hint.isprintable()
    return parsed


@given(st.binary(max_size=400))
@settings(deadline=2000)
def test_any_bytes(content: bytes) -> None:
    read(content)


@given(st.text(alphabet="ab:{}[]&*!|>-?#,'\"\\%@` \n\t0", max_size=200))
@settings(deadline=2000)
def test_any_text_of_yaml_signs(text: str) -> None:
    read(text.encode())


@given(st.integers(0, 2**32), st.integers(1, 4))
@settings(deadline=2000, max_examples=200)
def test_a_good_config_with_scraps_in_it(seed: int, changes: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (nothing secret about it)
    text = GOOD
    for _ in range(changes):
        start = chance.randrange(len(text))
        end = start + chance.choice([0, 0, 1, 3, 10, 40])
        text = text[:start] + chance.choice(SCRAPS) + text[end:]
    read(text.encode())


@given(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=60))
@settings(deadline=2000)
def test_a_good_config_with_its_lines_mixed(order: list[int]) -> None:
    read("".join(LINES[index] for index in order).encode())


Leaf = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(SCRAPS))
Value = st.recursive(
    Leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(["tags", "suppressions", "security_profiles", "deployment", "security"]), Value)
@settings(deadline=2000)
def test_a_section_that_is_anything(section: str, value: object) -> None:
    kept = "".join(line for line in LINES[:8] if not line.startswith(section))
    read(f"{kept}{section}: {json.dumps(value)}\n".encode())
