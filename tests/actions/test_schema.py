from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from sec_provisioner.errors import ExitCode
from support.tool import Tool


def test_the_bare_schema_is_printed_whatever_the_output(tool: Tool) -> None:
    text, as_json = tool("schema"), tool("schema", "--output", "json")
    assert text.code is ExitCode.OK
    assert text.stdout == as_json.stdout
    schema = json.loads(text.stdout)
    Draft202012Validator.check_schema(schema)
    assert "tier" in schema["properties"]
    assert text.report["result"] == {"bytes": len(text.stdout.encode())}
