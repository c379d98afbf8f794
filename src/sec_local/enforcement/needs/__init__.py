"""Which permissions an operation takes, on which resources, as AWS's Service Authorization Reference says.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sec_local.enforcement.caller import Caller
from sec_local.enforcement.need import Need
from sec_local.enforcement.needs import cloudformation, iam, other, s3, ssm, sts

if TYPE_CHECKING:
    from sec_local.call import Call

_BY_SERVICE: dict[str, Callable[[Call, Caller], list[Need]]] = {
    "iam": iam.needs_of,
    "sts": sts.needs_of,
    "cloudformation": cloudformation.needs_of,
    "ssm": ssm.needs_of,
    "s3": s3.needs_of,
}


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """What the caller must be allowed; the first that is not says no."""
    return _BY_SERVICE.get(call.service, other.needs_of)(call, caller)
