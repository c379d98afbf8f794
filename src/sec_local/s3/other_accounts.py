"""A bucket of another account is worked on in that account, once its policy and the caller's have let the call through.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
"""

from __future__ import annotations

from contextvars import ContextVar

OWNER: ContextVar[str | None] = ContextVar("sec_local_bucket_owner", default=None)
"""Whose bucket the current call is about, where it is not the caller's."""


def install() -> None:
    """MiniStack works in the account of the access key; let it be the owner's for such a call."""
    from ministack import app  # noqa: PLC0415 - MiniStack is imported on first use

    of_key = app.set_request_account_id

    def of_owner_or_key(access_key: str) -> None:
        of_key(OWNER.get() or access_key)

    app.set_request_account_id = of_owner_or_key
