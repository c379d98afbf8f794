"""What is attached to a user, group or role, filtered by the policies' path.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html (`PathPrefix`)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.iam.stores import KINDS, store
from sec_local.iam.views import attached
from sec_local.iam.wire import Answer, Params, add_action, error, parameter, result

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> None:
    """MiniStack does not know the filter."""
    for kind in KINDS:
        add_action(f"ListAttached{kind}Policies", _listing(kind))


def _listing(kind: str) -> Callable[[Params], Answer]:
    def list_attached(params: Params) -> Answer:
        name = parameter(params, f"{kind}Name")
        record = store(kind).get(name)
        if record is None:
            return error("NoSuchEntity", f"The {kind.lower()} with name {name} cannot be found.", 404)
        prefix = parameter(params, "PathPrefix", "/")
        shown = [one for one in attached(record) if _path(one["PolicyArn"]).startswith(prefix)]
        return result(f"ListAttached{kind}Policies", AttachedPolicies=shown, IsTruncated=False)

    return list_attached


def _path(arn: str) -> str:
    """`/`, or `/team/` of `arn:aws:iam::111122223333:policy/team/name`."""
    inner = arn.partition(":policy/")[2].rpartition("/")[0]
    return f"/{inner}/" if inner else "/"
