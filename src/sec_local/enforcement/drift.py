"""Drift detection reads each resource with the caller's rights; what it may not read fails the detection.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sec_local.cloudformation.resources import Operation
from sec_local.enforcement import stacks

Properties = dict[str, Any]
Reader = Callable[[str, Properties], Properties | None]


def install() -> None:
    """Ask before each of MiniStack's readers reads."""
    from ministack.services.cloudformation import drift  # noqa: PLC0415 - MiniStack is imported on first use

    readers = drift._DRIFT_READERS  # noqa: SLF001 - its table of readers
    for kind, (reader, properties) in list(readers.items()):
        readers[kind] = (_asking(kind, reader), properties)


def _asking(kind: str, reader: Reader) -> Reader:
    def read(physical_id: str, stated: Properties) -> Properties | None:
        stacks.refuse(Operation("read", kind, "", physical_id, stated, stated, ""))
        return reader(physical_id, stated)

    return read
