"""New buckets block public access from the start.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations


def install() -> None:
    """MiniStack does this only where it enforces IAM."""
    from ministack.services import s3  # noqa: PLC0415 - MiniStack is imported on first use

    blocked = s3._NEW_BUCKET_PUBLIC_ACCESS_BLOCK  # noqa: SLF001 - its four settings
    s3._new_bucket_public_access_block = lambda: {"_public_access_block": blocked}  # noqa: SLF001 - its answer
