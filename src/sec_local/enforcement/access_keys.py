"""The account of a user's access key: its own, not the default one.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
"""

from __future__ import annotations


def install() -> None:
    """MiniStack finds the account of sessions; that of users' keys it knows only where it enforces IAM itself."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use
    from ministack.services import iam  # noqa: PLC0415 - the same

    of_session = responses._account_from_sts_session  # noqa: SLF001 - its lookup of sessions

    def account_of(access_key: str) -> str | None:
        keys = iam._access_keys._data  # noqa: SLF001 - its store
        owner = next((account for account, key in keys if key == access_key), None)
        return of_session(access_key) or owner

    responses._account_from_sts_session = account_of  # noqa: SLF001 - the same
