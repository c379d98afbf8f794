"""Labels of versions: what they may be, how many, and taking them off, which MiniStack lacks.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_LabelParameterVersion.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UnlabelParameterVersion.html
"""

from __future__ import annotations

import re
from typing import Any

_LABEL = re.compile(r"(?!aws|ssm)[a-z_.-][a-z0-9_.-]{0,99}", re.IGNORECASE)
_MOST = 10

Parameters = dict[str, Any]


def install() -> None:
    """Guard the one action, add the other."""
    from ministack.services import ssm  # noqa: PLC0415 - MiniStack is imported on first use

    label, handle = ssm._label_parameter_version, ssm.handle_request  # noqa: SLF001 - its actions

    def label_checked(data: Parameters) -> Any:
        return _labelled(data, label)

    async def handle_all(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if headers.get("x-amz-target", "").endswith(".UnlabelParameterVersion"):
            return _unlabelled(body)
        return await handle(method, path, headers, body, query)

    ssm._label_parameter_version = label_checked  # noqa: SLF001 - the same
    ssm.handle_request = handle_all


def _labelled(data: Parameters, label: Any) -> Any:
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use

    valid = [one for one in data["Labels"] if _LABEL.fullmatch(one)]
    version = _version(data["Name"], data.get("ParameterVersion"))
    if version is not None and len({*version.get("Labels", []), *valid}) > _MOST:
        message = "A parameter version can have a maximum of ten labels."
        return responses.error_response_json("ParameterVersionLabelLimitExceeded", message, 400)
    status, headers, body = label({**data, "Labels": valid})
    if status != 200 or len(valid) == len(data["Labels"]):  # noqa: PLR2004 - HTTP's OK
        return status, headers, body
    number = version["Version"] if version else data.get("ParameterVersion")
    invalid = [one for one in data["Labels"] if one not in valid]
    return responses.json_response({"InvalidLabels": invalid, "ParameterVersion": number})


def _unlabelled(body: bytes) -> Any:
    import json  # noqa: PLC0415 - only for this action

    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.services import ssm  # noqa: PLC0415 - the same

    data = json.loads(body)
    if data["Name"] not in ssm._parameters:  # noqa: SLF001 - its store
        return responses.error_response_json("ParameterNotFound", f"Parameter {data['Name']} not found.", 400)
    version = _version(data["Name"], data["ParameterVersion"])
    if version is None:
        message = f"Systems Manager could not find version {data['ParameterVersion']} of {data['Name']}."
        return responses.error_response_json("ParameterVersionNotFound", message, 400)
    held = version.get("Labels", [])
    removed = [one for one in data["Labels"] if one in held]
    version["Labels"] = [one for one in held if one not in removed]
    invalid = [one for one in data["Labels"] if one not in removed]
    return responses.json_response({"RemovedLabels": removed, "InvalidLabels": invalid})


def _version(name: str, number: int | None) -> dict[str, Any] | None:
    """One version of a parameter, the newest without a number."""
    from ministack.services import ssm  # noqa: PLC0415 - MiniStack is imported on first use

    history: list[dict[str, Any]] = ssm._parameter_history.get(name) or []  # noqa: SLF001 - its store
    if number is None:
        return history[-1] if history else None
    return next((one for one in history if one["Version"] == number), None)
