"""When a role was last used: the time and region of the last AssumeRole.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sec_local.call import Call
    from sec_local.iam.stores import Record

_ROLE = re.compile(r"arn:[^:]+:iam::(\d{12}):role/(?:.+/)?([^/]+)")


def note(call: Call, status: int, _: bytes) -> None:
    """The gateway's observer: remember a successful AssumeRole on the role."""
    if call.service != "sts" or not call.operation.startswith("AssumeRole") or status != 200:  # noqa: PLR2004 - HTTP's OK
        return
    from ministack.core.responses import now_iso  # noqa: PLC0415 - MiniStack is imported on first use

    record = assumed_role(call)
    if record is not None:
        record["RoleLastUsed"] = {"LastUsedDate": now_iso(), "Region": call.region}


def assumed_role(call: Call) -> Record | None:
    """The role that an AssumeRole call names, in whichever account it is."""
    from ministack.services import iam  # noqa: PLC0415 - the same

    found = _ROLE.fullmatch(call.form.get("RoleArn", [""])[0])
    record: Record | None = iam._roles._data.get((found[1], found[2])) if found else None  # noqa: SLF001 - its store
    return record
