"""What the caller may do, asked of IAM without doing it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sec_provisioner.aws.errors import DENIED, code_of, explained
from sec_provisioner.live.rights import Right

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

# The principal is gone, is no user or role (a federated one), or this endpoint does not simulate.
_UNANSWERED = DENIED | {"InvalidInput", "NoSuchEntity", "ValidationError", "InvalidAction"}


@explained("ask IAM what the caller may do")
def fetch_denied(aws: Aws, principal: str, right: Right) -> tuple[str, ...] | None:
    """Those permissions of a right that a user or role does not have; None where IAM does not tell.

    Policies of sessions and of resources are not taken into account.
    """
    context: Any = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in right.context.items()
    ]
    try:
        pages = aws.iam.get_paginator("simulate_principal_policy").paginate(
            PolicySourceArn=principal,
            ActionNames=list(right.permissions),
            ResourceArns=[right.resource],
            ContextEntries=context,
        )
        results = [one for page in pages for one in page.get("EvaluationResults", [])]
    except ClientError as error:
        if code_of(error) in _UNANSWERED:
            return None
        raise
    return tuple(one["EvalActionName"] for one in results if one["EvalDecision"] != "allowed")
