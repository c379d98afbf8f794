"""The documents of AWS managed policies, as the local AWS knows them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

_PREFIX = "arn:aws:iam::aws:policy/"


@cache
def managed_document(arn: str) -> Any:
    """The policy's document; KeyError for one that the local AWS has only in part or not at all."""
    text = files("sec_local").joinpath("data", "managed_policies.json").read_text(encoding="utf-8")
    ours = json.loads(text)
    name = arn.removeprefix(_PREFIX)
    if name in ours["whole"]:
        return {"Version": "2012-10-17", "Statement": ours["policies"][name]}
    from ministack.services import iam  # noqa: PLC0415 - MiniStack only where it is used

    record = iam._aws_managed_policies[arn]  # noqa: SLF001 - AWS's documents word for word, and no other way to them
    return json.loads(record["Versions"][record["DefaultVersionId"]]["Document"])
