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
    wire.escape_errors()
    for part in _PARTS:
        part.install()
