"""Condition keys of tags: those of the request and those of a resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sec_local.enforcement.context import Context, Values


def request_tags(tags: Mapping[str, str]) -> Context:
    """Tags that are given; nothing where none are."""
    keys: dict[str, Values | None] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return Context({**keys, "aws:TagKeys": tuple(tags)}) if tags else Context()


def removed_tags(keys: Iterable[str]) -> Context:
    """Keys of tags that are taken off."""
    return Context({"aws:TagKeys": tuple(keys)})


def resource_tags(tags: Mapping[str, str], *prefixes: str) -> Context:
    """Tags that a resource has. `prefixes`: of a service's own keys beside `aws:ResourceTag/`."""
    return Context(
        {f"{prefix}{key}": value for prefix in ("aws:ResourceTag/", *prefixes) for key, value in tags.items()}
    )


def of_list(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """`[{Key, Value}]` as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags}
