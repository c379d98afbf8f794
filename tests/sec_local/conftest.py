"""The local AWS's own tests run against it as a server, each in an account of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import behaviours
from support.enforcement import enforcing
from support.local_aws import aws, faults, local_aws, local_server, loopback_only
from support.stack_samples import Stacks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.local_aws import LocalAccount

__all__ = ["aws", "enforced", "faults", "local_aws", "local_server", "loopback_only", "stacks"]


@pytest.fixture
def stacks(aws: LocalAccount) -> Stacks:
    return Stacks(aws)


@pytest.fixture
def enforced(aws: LocalAccount) -> Iterator[LocalAccount]:
    """The same account, where IAM's policies decide."""
    with enforcing(aws.url):
        yield aws


def pytest_addoption(parser: pytest.Parser) -> None:
    behaviours.add_option(parser)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--behaviours", None):
        behaviours.write_table(config, items)
