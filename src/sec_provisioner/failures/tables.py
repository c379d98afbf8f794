"""All tables, in the order of the page."""

from __future__ import annotations

from sec_provisioner.failures import (
    aws,
    buckets,
    changes,
    credentials,
    folders,
    guards,
    making,
    members,
    repairs,
    runs,
    test_stacks,
    usage,
)
from sec_provisioner.failures.base import Area

AREAS: tuple[Area, ...] = (
    runs.AREA,
    usage.AREA,
    folders.AREA,
    credentials.AREA,
    guards.AREA,
    changes.AREA,
    repairs.AREA,
    members.AREA,
    test_stacks.AREA,
    buckets.AREA,
    aws.AREA,
    making.AREA,
    making.LOCAL_AREA,
)
