"""Put our IAM in front of MiniStack's, part by part. What is installed last is asked first."""

from __future__ import annotations

from sec_local.iam import (
    authorization_details,
    boundaries,
    deletion,
    documents,
    groups,
    managed_policies,
    names,
    paging,
    policy_list,
    quotas,
    tags,
    uniqueness,
    versions,
    views,
    wire,
)

_PARTS = (
    views, managed_policies, policy_list, groups, versions, authorization_details, deletion, boundaries, quotas,
    documents, uniqueness, tags, names, paging,
)  # fmt: skip


def install() -> None:
    """Called once, when IAM is first asked for."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    wire.escape_errors()
    table = iam._IAM_HANDLERS  # noqa: SLF001 - its table of actions
    plain = dict(table)
    for part in _PARTS:
        part.install()
    # CloudFormation's users and policies call these functions by name: they meet the same checks.
    for action, function in plain.items():
        setattr(iam, function.__name__, table[action])
