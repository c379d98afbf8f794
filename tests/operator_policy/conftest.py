from __future__ import annotations

import os
from typing import Any

import pytest

from support.local_aws import local_aws, loopback_only

__all__ = ["account_id", "local_aws", "loopback_only"]


@pytest.fixture
def account_id(local_aws: Any) -> str:
    """The account of the credentials in the environment, empty."""
    assert local_aws
    return os.environ["AWS_ACCESS_KEY_ID"]
