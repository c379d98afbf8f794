"""A hundred versions of a parameter are kept; a label on the oldest keeps another from being made.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (ParameterMaxVersionLimitExceeded)
"""

from __future__ import annotations

from typing import Any

_MOST = 100


def install() -> None:
    """Judge before a version is made, drop the oldest after."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.services import ssm  # noqa: PLC0415 - the same

    put = ssm._put_parameter  # noqa: SLF001 - its one writer of parameters

    def put_within_limit(data: dict[str, Any]) -> Any:
        history = ssm._parameter_history.get(data.get("Name")) or []  # noqa: SLF001 - its store
        if len(history) >= _MOST and history[0].get("Labels"):
            message = (
                f"You attempted to create a new version of {data['Name']} by calling the PutParameter API with the "
                f"overwrite flag. Version {history[0]['Version']}, the oldest version, can't be deleted because it "
                "has a label associated with it. Move the label to another version of the parameter, and try again."
            )
            return responses.error_response_json("ParameterMaxVersionLimitExceeded", message, 400)
        answer = put(data)
        del (ssm._parameter_history.get(data.get("Name")) or [])[:-_MOST]  # noqa: SLF001 - the same
        return answer

    ssm._put_parameter = put_within_limit  # noqa: SLF001 - the same
