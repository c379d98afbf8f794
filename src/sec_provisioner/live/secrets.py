"""What in a template must never be shown: external ids, wherever a condition has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_KEY = "sts:externalid"


def external_ids_in(value: Any) -> Iterator[str]:
    """Every external id in a template or policy document. Condition keys know no letter case."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if str(key).lower() == _KEY:
                yield from [one] if isinstance(one, str) else (each for each in one if isinstance(each, str))
            else:
                yield from external_ids_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from external_ids_in(one)
