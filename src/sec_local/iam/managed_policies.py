"""AWS managed policies that MiniStack lacks, and the refusal to attach a policy that does not exist.

The documents in `data/managed_policies.json` hold what matters of each policy, not every action of it; those under
`whole` are AWS's own, word for word, in the version that stands there.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from sec_local.iam.stores import policy
from sec_local.iam.wire import Answer, Params, error, guard, parameter


def install() -> None:
    """Add the policies, and check what is attached."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    seed = iam._seed_aws_managed_policies  # noqa: SLF001 - what it fills its store with, and again on a reset

    def seed_all() -> None:
        seed()
        _add_ours(iam)

    iam._seed_aws_managed_policies = seed_all  # noqa: SLF001 - the same
    _add_ours(iam)
    guard(("AttachRolePolicy", "AttachGroupPolicy", "AttachUserPolicy"), _must_exist)


def _add_ours(iam: Any) -> None:
    text = files("sec_local").joinpath("data", "managed_policies.json").read_text(encoding="utf-8")
    for name, statements in json.loads(text)["policies"].items():
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        record = iam._make_aws_managed_record(name, document)  # noqa: SLF001 - its form of a record
        iam._aws_managed_policies.setdefault(record["Arn"], record)  # noqa: SLF001 - its store


def _must_exist(params: Params) -> Answer | None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html: InvalidInput, NoSuchEntity."""
    arn = parameter(params, "PolicyArn")
    if not arn.startswith("arn:"):
        return error("InvalidInput", f"ARN {arn} is not valid.")
    if policy(arn) is None:
        return error("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
    return None
