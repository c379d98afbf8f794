from __future__ import annotations

import pytest

from sec_provisioner.config.document import load_document
from sec_provisioner.config.parse import parse_config
from sec_provisioner.config.rules import check_rules
from sec_provisioner.pipeline import check
from sec_provisioner.problem import Severity
from support.config_cases import GOOD, GOOD_FILE, Case, assert_problems, load_cases


def named(case: Case) -> str:
    return case.name


def test_the_good_config_has_no_problem() -> None:
    parsed = parse_config(GOOD.encode(), GOOD_FILE)
    assert parsed.problems == ()
    assert parsed.config is not None
    assert parsed.document is not None
    assert check_rules(parsed.config, parsed.document) == ()


@pytest.mark.parametrize("case", load_cases("texts.yaml"), ids=named)
def test_text_that_is_no_config(case: Case) -> None:
    loaded = load_document(case.content.encode(), case.file)
    assert loaded.document is None
    assert_problems(case, loaded.problems)


@pytest.mark.parametrize("case", load_cases("schema.yaml"), ids=named)
def test_schema(case: Case) -> None:
    parsed = parse_config(case.content.encode(), case.file)
    assert_problems(case, parsed.problems)
    errors = [one for one in parsed.problems if one.severity is Severity.ERROR]
    assert (parsed.config is None) == bool(errors)
    assert not any("top secret" in f"{one.message} {one.hint}" for one in parsed.problems)


@pytest.mark.parametrize("case", load_cases("rules.yaml"), ids=named)
def test_rules(case: Case) -> None:
    parsed = parse_config(case.content.encode(), case.file)
    assert parsed.config is not None, parsed.problems
    assert parsed.document is not None
    assert_problems(case, check_rules(parsed.config, parsed.document))


@pytest.mark.parametrize("case", load_cases("findings.yaml"), ids=named)
def test_findings(case: Case) -> None:
    assert_problems(case, check(parse_config(case.content.encode(), case.file)).problems)
