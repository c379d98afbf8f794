from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from support.local_aws import local_aws, loopback_only
from support.small_stack import deploy, deployment_from, small_config
from support.tool import Tool, make_tool

__all__ = ["account_id", "local_aws", "loopback_only"]


@pytest.fixture
def account_id(local_aws: Any) -> str:
    """The account of the credentials in the environment, empty."""
    assert local_aws
    return os.environ["AWS_ACCESS_KEY_ID"]


@pytest.fixture
def tool(tmp_path: Path, account_id: str) -> Tool:
    """The tool with the small config, on that account."""
    made = make_tool(tmp_path / "sec")
    made.write_config(small_config(account_id))
    return made


@pytest.fixture
def accounts(account_id: str) -> itertools.count[int]:
    """Account ids, for tests that need a fresh account for each of many examples."""
    # What the local AWS imports on the first deployment sets Python's recursion limit, which hypothesis watches.
    deploy(deployment_from(small_config(account_id)))
    return itertools.count(700_000_000_000)
