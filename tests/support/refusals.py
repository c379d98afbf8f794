"""What a call is refused with."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def refused(call: Any, /, **parameters: Any) -> tuple[str, int, str]:
    """Code, HTTP status and message."""
    with pytest.raises(ClientError) as error:
        call(**parameters)
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def code_of(call: Any, /, **parameters: Any) -> str:
    """The code alone."""
    return refused(call, **parameters)[0]
