"""Requests that each level must let through, and their twins that it must not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sec_provisioner.catalogue.levels import find_level
from sec_provisioner.naming import Identity, Names
from sec_provisioner.policies import fill_names, fill_pseudo
from support.plain_evaluator import is_allowed

_CASES = Path(__file__).parent.parent / "cases" / "level_decisions"
_IDENTITY = Identity("edge", "prod", "b001", "us-west-1", "medium", "111122223333")
_NAMES = Names(_IDENTITY)


def _cases() -> list[dict[str, Any]]:
    return [
        {"service": path.stem, **one}
        for path in sorted(_CASES.glob("*.yaml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _name(case: dict[str, Any]) -> str:
    verb = "allows" if case["allowed"] else "refuses"
    return f"{case['service']} {case['level']} {verb} {case['action']} on {case['resource']}"


@pytest.mark.parametrize("case", _cases(), ids=_name)
def test_level_decides_as_promised(case: dict[str, Any]) -> None:
    level = find_level(case["service"], case["level"])
    assert level is not None
    statements = fill_pseudo(fill_names(level.statements, _NAMES), _IDENTITY)
    context = {"aws:userid": "AIDAME", **case.get("context", {})}

    assert is_allowed(statements, case["action"], case["resource"], context) is case["allowed"]
