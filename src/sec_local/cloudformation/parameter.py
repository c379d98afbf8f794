"""AWS::SSM::Parameter: MiniStack's own, with a service's refusal in CloudFormation's words.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from __future__ import annotations

import re
from secrets import token_hex
from typing import Any

from sec_local.cloudformation.resources import ResourceFailed, failure

_REFUSAL = re.compile(r'"__type":\s*"(?P<code>[^"]+)",\s*"message":\s*"(?P<message>(?:[^"\\]|\\.)*)"', re.IGNORECASE)


def install() -> None:
    """Wrap creating and changing."""
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - imported on first use

    handler = provisioners._RESOURCE_HANDLERS["AWS::SSM::Parameter"]  # noqa: SLF001 - its table of types
    provisioners._RESOURCE_HANDLERS["AWS::SSM::Parameter"] = {  # noqa: SLF001 - the same
        **handler,
        "create": _worded(_named(handler["create"])),
        "update": _worded(handler["update"]),
    }


def _named(create: Any) -> Any:
    """A parameter without a name gets one of its own each time, so that another can take its place."""

    def make(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        name = properties.get("Name") or f"CFN-{logical_id}-{token_hex(6)}"
        return create(logical_id, {**properties, "Name": name}, stack_name)

    return make


def _worded(action: Any) -> Any:
    def act(*arguments: Any) -> Any:
        try:
            return action(*arguments)
        except ValueError as refused:
            raise _reason(str(refused)) from refused

    return act


def _reason(text: str) -> ResourceFailed:
    found = _REFUSAL.search(text)
    if found is None:
        return ResourceFailed(text)
    code = "EntityAlreadyExists" if found["code"] == "ParameterAlreadyExists" else found["code"]
    return failure(code, found["message"], 400, "Ssm")
