"""What is asked of what is not there: paths that are none, tags of parameters that nobody made.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListTagsForResource.html (InvalidResourceId)
"""

from __future__ import annotations

import json
from typing import Any

_PAGE = 10
_TAGGING = ("_list_tags_for_resource", "_add_tags_to_resource", "_remove_tags_from_resource")


def install() -> None:
    """Judge before MiniStack answers."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.services import ssm  # noqa: PLC0415 - the same

    by_path = ssm._get_parameters_by_path  # noqa: SLF001 - its actions

    def by_proper_path(data: dict[str, Any]) -> Any:
        if not str(data.get("Path", "")).startswith("/"):
            message = (
                "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a "
                'forward slash "/".'
            )
            return responses.error_response_json("ValidationException", message, 400)
        return _filtered(data, by_path) if data.get("ParameterFilters") else by_path(data)

    def of_existing(action: Any) -> Any:
        def act(data: dict[str, Any]) -> Any:
            found = ssm._lookup_parameter(data.get("ResourceId", ""), flexible_name=True)[1]  # noqa: SLF001 - its lookup
            if data.get("ResourceType") == "Parameter" and not found:
                message = f"The resource ID {data.get('ResourceId')} is not valid."
                return responses.error_response_json("InvalidResourceId", message, 400)
            return action(data)

        return act

    ssm._get_parameters_by_path = by_proper_path  # noqa: SLF001 - the same
    for name in _TAGGING:
        setattr(ssm, name, of_existing(getattr(ssm, name)))


def _filtered(data: dict[str, Any], by_path: Any) -> Any:
    """GetParametersByPath with filters, which MiniStack leaves out: everything, filtered, then cut into pages."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.services import ssm  # noqa: PLC0415 - the same

    whole = {name: value for name, value in data.items() if name != "NextToken"}
    _, _, body = by_path({**whole, "MaxResults": len(ssm._parameters)})  # noqa: SLF001 - its store
    kept = [
        one
        for one in json.loads(body)["Parameters"]
        if all(
            ssm._apply_filter(ssm._parameters[one["Name"]], each["Key"], each.get("Option", "Equals"), each["Values"])  # noqa: SLF001
            for each in data["ParameterFilters"]
        )
    ]
    start = ssm._decode_next_token(data["NextToken"]) if data.get("NextToken") else 0  # noqa: SLF001 - its tokens
    end = start + int(data.get("MaxResults") or _PAGE)
    more = {"NextToken": ssm._encode_next_token(end)} if end < len(kept) else {}  # noqa: SLF001 - the same
    return responses.json_response({"Parameters": kept[start:end], **more})
