"""AWS managed policies that MiniStack lacks, and the refusal to attach a policy that does not exist.

The documents in `data/managed_policies.json` hold what matters of each policy, not every action of it.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def install() -> None:
    """Add the policies, and check what is attached."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    if not iam._aws_managed_policies:  # noqa: SLF001 - its store; it fills it on load
        iam._seed_aws_managed_policies()  # noqa: SLF001 - the same
    text = files("sec_local").joinpath("data", "managed_policies.json").read_text(encoding="utf-8")
    for name, statements in json.loads(text)["policies"].items():
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        record = iam._make_aws_managed_record(name, document)  # noqa: SLF001 - its form of a record
        iam._aws_managed_policies.setdefault(record["Arn"], record)  # noqa: SLF001 - its store
    for kind in ("Role", "Group", "User"):
        _check_attachment(iam, f"Attach{kind}Policy")


def _check_attachment(iam: Any, action: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html: NoSuchEntity."""
    attach = iam._IAM_HANDLERS[action]  # noqa: SLF001 - its table of actions

    def attach_existing(params: dict[str, Any]) -> Any:
        arn = iam._p(params, "PolicyArn")  # noqa: SLF001 - its reader of parameters
        if not iam._policy_exists(arn):  # noqa: SLF001 - its own question
            message = f"Policy {arn} does not exist or is not attachable."
            return iam._error(404, "NoSuchEntity", message, ns="iam")  # noqa: SLF001 - its errors
        return attach(params)

    iam._IAM_HANDLERS[action] = attach_existing  # noqa: SLF001 - its table of actions
