"""What names, paths, documents and durations may look like, for whatever asks IAM from within the local AWS too.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

from sec_local import request_validation
from sec_local.call import CURRENT
from sec_local.iam.wire import Answer, Check, Params, error, guard, parameter


def install() -> None:
    """Guard every action. What came through the gateway was checked there; CloudFormation's handlers do not."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    for action in list(iam._IAM_HANDLERS):  # noqa: SLF001 - its table of actions
        guard((action,), _check(action))


def _check(action: str) -> Check:
    def check(params: Params) -> Answer | None:
        call = CURRENT.get()
        if call is not None and call.service == "iam":
            return None
        form = {name: [parameter(params, name)] for name in params}
        message = request_validation.refusal("iam", action, request_validation.nested("iam", action, form))
        return error("ValidationError", message) if message else None

    return check
