"""The region must be one of a known partition."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.catalogue.partitions import nearest_region, partition_of
from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken


def check(config: Config) -> Iterator[Broken]:
    """An unknown region."""
    region = config.environment.region
    if partition_of(region) is not None:
        return
    near = nearest_region(region)
    hint = f"Did you mean `{near}`?" if near else "AWS's list: `aws account list-regions`."
    yield Broken("unknown-region", "environment.region", f"there is no AWS region `{region}`", hint)
