"""A key that somebody made is that user's, also where it is in the environment of this very process.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
"""

from __future__ import annotations


def install() -> None:
    """MiniStack takes for the root's whatever key is in the environment."""
    from ministack.core import iam_evaluator  # noqa: PLC0415 - MiniStack is imported on first use

    is_root = iam_evaluator.is_root_access_key

    def is_root_key(access_key: str) -> bool:
        return bool(is_root(access_key)) and not _is_somebodys(access_key)

    iam_evaluator.is_root_access_key = is_root_key


def _is_somebodys(access_key: str) -> bool:
    from ministack.services import iam, sts  # noqa: PLC0415 - the same

    return access_key in sts._sessions or any(key == access_key for _, key in iam._access_keys._data)  # noqa: SLF001
