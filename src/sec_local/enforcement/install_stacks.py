"""Ask the engine before CloudFormation works on a resource, or reads one to find drift.

What may not be read fails the detection of drift:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sec_local.cloudformation.resources import BEFORE, Operation
from sec_local.settings import SETTINGS

Properties = dict[str, Any]
Reader = Callable[[str, Properties], Properties | None]


def install() -> None:
    """Called once, when CloudFormation is first asked for."""
    from ministack.services.cloudformation import drift  # noqa: PLC0415 - MiniStack is imported on first use

    BEFORE.append(_ask)
    readers = drift._DRIFT_READERS  # noqa: SLF001 - its table of readers
    for kind, (reader, properties) in list(readers.items()):
        readers[kind] = (_asking(kind, reader), properties)


def _asking(kind: str, reader: Reader) -> Reader:
    def read(physical_id: str, stated: Properties) -> Properties | None:
        _ask(Operation("read", kind, "", physical_id, stated, stated, ""))
        return reader(physical_id, stated)

    return read


def _ask(operation: Operation) -> None:
    if SETTINGS.enforce:
        from sec_local.enforcement import stacks  # noqa: PLC0415 - the engine, off by default

        stacks.refuse(operation)
