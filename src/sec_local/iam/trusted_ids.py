"""A trust policy that names a user or role means that one, not another of the same name made later.

IAM keeps the unique id behind the ARN; once the user or role is gone, the id is what the policy shows.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sec_local.iam.stores import store
from sec_local.iam.wire import Answer, Params, parameter, replace_action

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> None:
    """Watch both deletions."""
    for kind in ("Role", "User"):
        replace_action(f"Delete{kind}", _breaking_trust(kind))


def _breaking_trust(kind: str) -> Callable[[Callable[[Params], Answer]], Callable[[Params], Answer]]:
    def wrap(delete: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
        def deleting(params: Params) -> Answer:
            record = store(kind).get(parameter(params, f"{kind}Name"))
            answer = delete(params)
            if record is not None and answer[0] == 200:  # noqa: PLR2004 - HTTP's OK
                _put_id_for_arn(record["Arn"], record[f"{kind}Id"])
            return answer

        return deleting

    return wrap


def _put_id_for_arn(arn: str, unique_id: str) -> None:
    """In the trust policies of every account: roles elsewhere may trust it as well."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    for role in iam._roles._data.values():  # noqa: SLF001 - its store, over all accounts
        text = role.get("AssumeRolePolicyDocument") or ""
        if f'"{arn}"' in text:
            role["AssumeRolePolicyDocument"] = json.dumps(_replaced(json.loads(text), arn, unique_id))


def _replaced(document: Any, arn: str, unique_id: str) -> Any:
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        if isinstance(principal, dict) and "AWS" in principal:
            named = principal["AWS"]
            listed = [unique_id if one == arn else one for one in (named if isinstance(named, list) else [named])]
            principal["AWS"] = listed if isinstance(named, list) else listed[0]
    return document
