"""Types that take no tags are not touched by a change of the stack's tags.

MiniStack says so of a few; the published schemas say it of every type.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

from __future__ import annotations

from sec_local.schemas import schema_of


def install() -> None:
    """Let MiniStack's list of untagged types ask the schemas as well."""
    from ministack.services.cloudformation import stacks  # noqa: PLC0415 - imported on first use

    stacks._UNTAGGED_TYPES = _Untagged(stacks._UNTAGGED_TYPES)  # noqa: SLF001 - its list


class _Untagged(tuple[str, ...]):
    """The types that are in the list, and those whose schema has nothing to hold tags."""

    __slots__ = ()

    def __contains__(self, kind: object) -> bool:
        schema = schema_of(str(kind))
        without = schema is not None and "Tags" not in (schema.get("properties") or {})
        return without or super().__contains__(kind)
