"""CloudFormation's express mode, and what it looks like where an endpoint does not have it.

An operation in this mode ends when the configuration is applied; that everything is in effect must be read back.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from sec_provisioner.aws.errors import DENIED, code_of, message_of

# Rollback is stated: what the mode does by itself after a failure is to leave things as they are.
EXPRESS = {"DeploymentConfig": {"Mode": "EXPRESS", "DisableRollback": False}}

_ABOUT_THE_MODE = re.compile(r"deployment\s?config|\bexpress\b", re.IGNORECASE)


def refuses_express(error: ClientError | ParamValidationError) -> bool:
    """Whether an endpoint, or an SDK that is older than the mode, does not take it. The one place that knows how.

    It may be too generous: then the same request without the mode is refused for the true reason.
    """
    if isinstance(error, ParamValidationError):
        return "DeploymentConfig" in str(error)
    return code_of(error) not in DENIED and bool(_ABOUT_THE_MODE.search(message_of(error)))


def call_in_express(operation: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Call an operation in express mode, or in the standard one where that is refused. Returns the answer."""
    try:
        return operation(**arguments, **EXPRESS)
    except (ClientError, ParamValidationError) as error:
        if not refuses_express(error):
            raise
    return operation(**arguments)
