"""Put our IAM in front of MiniStack's, part by part. What is installed last is asked first."""

from __future__ import annotations

from sec_local.iam import (
    account_summary,
    attached_lists,
    authorization_details,
    boundaries,
    deletion,
    documents,
    managed_policies,
    names,
    paging,
    policy_list,
    principals,
    quotas,
    renaming,
    roles,
    service_linked,
    tags,
    trusted_ids,
    uniqueness,
    users,
    versions,
    views,
    wire,
)

_PARTS = (
    views, managed_policies, policy_list, attached_lists, renaming, users, roles, versions, authorization_details,
    account_summary, trusted_ids, principals, deletion, boundaries, quotas, documents, uniqueness, tags,
    service_linked, names, paging,
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
