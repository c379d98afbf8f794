"""The shipped JSON Schemas are what the dataclasses say, and say something."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator

from sec_provisioner.actions import ACTIONS
from sec_provisioner.report.result_types import RESULT_TYPES
from support.tool import SCHEMAS

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_schemas.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_schemas", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_shipped_is_what_would_be_made(script: ModuleType) -> None:
    shipped = {one.name: one.read_text(encoding="utf-8") for one in SCHEMAS.glob("result-*.json")}
    assert shipped == script.schema_texts()


def test_every_action_has_a_schema() -> None:
    assert {one.name for one in ACTIONS} <= set(RESULT_TYPES)


@pytest.mark.parametrize("action", RESULT_TYPES)
def test_each_schema_is_one(script: ModuleType, action: str) -> None:
    schema = script.schema_of(action)
    Draft202012Validator.check_schema(schema)
    assert not Draft202012Validator(schema).is_valid({"schema_version": 1})
