"""Whose account a caller is in: the one that made the user whose key signed.

MiniStack knows it of sessions and of keys that are account ids themselves; a user's key it takes for the default
account's.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from __future__ import annotations

import sys


def install() -> None:
    """Let MiniStack's lookup of sessions know users' keys too."""
    from ministack.core import iam_evaluator, responses  # noqa: PLC0415 - MiniStack is imported on first use

    of_session = responses._account_from_sts_session  # noqa: SLF001 - its lookup

    def of_caller(access_key_id: str) -> str | None:
        found = of_session(access_key_id)
        # A key that somebody made means that IAM is loaded.
        if found is None and "ministack.services.iam" in sys.modules:
            found = iam_evaluator.find_iam_access_key_account(access_key_id)
        return str(found) if found else None

    responses._account_from_sts_session = of_caller  # noqa: SLF001 - the same
