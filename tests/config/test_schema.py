from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from sec_provisioner.catalogue.levels import services
from sec_provisioner.config.master import new_config
from sec_provisioner.config.schema import json_schema
from support.config_cases import GOOD, load_cases

CLIENT = {
    "client.company_name": "Edge Analytics",
    "client.company_prefix": "edge",
    "client.tenant_id": "b001",
    "client.account_id": "123456789012",
}


VALIDATOR = Draft202012Validator(json_schema())


def errors(text: str) -> list[str]:
    value = YAML(typ="safe", pure=True).load(text)  # YAML 1.2, as editors read it
    return [error.json_path for error in VALIDATOR.iter_errors(value)]


def test_it_is_a_schema_of_the_2020_12_dialect() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("tier", ["startup", "medium", "enterprise"])
def test_a_new_config_fits(tier: str) -> None:
    assert errors(new_config(tier, CLIENT, str).text) == []


def test_a_good_config_fits() -> None:
    assert errors(GOOD) == []


# What only the reader of the text can see, or what JSON does not tell apart.
BEYOND_SCHEMA = {"duplicate-key", "yaml-tag", "merge-key", "second-document", "unquoted-number", "newer-format"}
# Python's `$` matches before a last line break, JavaScript's does not, and JSON Schema means JavaScript's.
BEYOND_VALIDATOR = ("octal", "line break behind")


@pytest.mark.parametrize(
    "case",
    [
        one
        for one in load_cases("schema.yaml")
        if not BEYOND_SCHEMA & {problem.id for problem in one.problems}
        and not any(word in one.name for word in BEYOND_VALIDATOR)
    ],
    ids=lambda case: case.name,
)
def test_an_editor_finds_what_the_tool_finds(case: Any) -> None:
    assert bool(errors(case.content)) == bool(case.problems)


def fields(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for part in schema.values():
            yield from fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields(part)


def test_every_field_says_what_belongs_there() -> None:
    silent = [name for name, field in fields(json_schema()) if "description" not in field and "enum" not in field]
    assert silent == []


def test_services_and_levels_are_offered() -> None:
    assignments = json_schema()["$defs"]["IamGroup"]["properties"]["policy_assignments"]
    assert sorted(assignments["properties"]) == sorted(services())
    assert {"level2", "project-buckets-only"} <= set(assignments["properties"]["s3"]["enum"])


def test_a_level_that_does_not_exist_is_found_in_the_editor() -> None:
    assert errors(GOOD.replace("s3: project-buckets-only", "s3: level9")) != []
