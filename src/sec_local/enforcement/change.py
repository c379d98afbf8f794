"""What one operation changes about one resource of a stack, property by property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sec_local.enforcement.tags import of_list

Properties = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """`old` is empty for a creation, `new` for a deletion; `arn` is the resource's, `*` where it has none."""

    action: str
    type: str
    arn: str
    old: Properties
    new: Properties

    @property
    def kind(self) -> str:
        """`Role` of AWS::IAM::Role."""
        return self.type.rpartition("::")[2]

    def differs(self, *names: str) -> bool:
        """Whether one of these properties changes."""
        return any(self.old.get(name) != self.new.get(name) for name in names)

    def is_stated(self, name: str) -> bool:
        """Whether a property was there or will be."""
        return bool(self.old.get(name) or self.new.get(name))

    def added(self, name: str) -> list[str]:
        """What a list of texts gets."""
        return _without(self.new.get(name), self.old.get(name))

    def removed(self, name: str) -> list[str]:
        """What a list of texts loses."""
        return _without(self.old.get(name), self.new.get(name))

    @property
    def written_policies(self) -> list[str]:
        """Names of inline policies that are new or change."""
        before, after = _inline(self.old), _inline(self.new)
        return [name for name in after if before.get(name) != after[name]]

    @property
    def dropped_policies(self) -> list[str]:
        """Names of inline policies that go."""
        after = _inline(self.new)
        return [name for name in _inline(self.old) if name not in after]

    @property
    def written_tags(self) -> dict[str, str]:
        """Tags that are new or change."""
        before, after = _tags(self.old), _tags(self.new)
        return {key: value for key, value in after.items() if before.get(key) != value}

    @property
    def dropped_tags(self) -> list[str]:
        """Keys of tags that go."""
        after = _tags(self.new)
        return [key for key in _tags(self.old) if key not in after]


def _without(some: Any, others: Any) -> list[str]:
    return [str(one) for one in some or [] if one not in (others or [])]


def _inline(properties: Properties) -> dict[str, Any]:
    return {str(one["PolicyName"]): one.get("PolicyDocument") for one in properties.get("Policies") or []}


def _tags(properties: Properties) -> dict[str, str]:
    """Without those that CloudFormation adds itself, which take no permission."""
    tags = properties.get("Tags") or []
    named = of_list(tags) if isinstance(tags, list) else {str(key): str(value) for key, value in tags.items()}
    return {key: value for key, value in named.items() if not key.startswith("aws:")}
