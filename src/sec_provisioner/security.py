"""Config -> SecurityModel: which groups, roles and policies will exist, and what each may do.

Everything is resolved here (levels, mirrors, who passes which role) and nothing is AWS syntax yet. Each part
remembers its `source`, the dotted path in the config that it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sec_provisioner.catalogue.levels import Level, find_level
from sec_provisioner.config import model as cfg
from sec_provisioner.naming import Names, RoleKind

DEFAULT_SESSION_SECONDS = 3600


@dataclass(frozen=True)
class LevelGrant:
    """One service at one level."""

    level: Level
    source: str


@dataclass(frozen=True)
class ManagedGrant:
    """An AWS managed policy by name, with its path where it has one."""

    name: str
    source: str


@dataclass(frozen=True)
class OwnStatement:
    """A statement that the config writes out in IAM's JSON keys, placeholders still in it."""

    body: Mapping[str, Any]
    source: str


@dataclass(frozen=True)
class PassGrant:
    """`iam:PassRole` of one service role to the one service that the role trusts."""

    role_key: str
    principal: str
    source: str


@dataclass(frozen=True)
class Permissions:
    """What a group or role may do by itself, without assuming another role."""

    levels: tuple[LevelGrant, ...] = ()
    managed_policies: tuple[ManagedGrant, ...] = ()
    statements: tuple[OwnStatement, ...] = ()
    passes: tuple[PassGrant, ...] = ()


@dataclass(frozen=True)
class AssumeGrant:
    """`sts:AssumeRole` on one of the stack's own roles."""

    role_key: str
    source: str


@dataclass(frozen=True)
class Group:
    """An IAM group for people."""

    key: str
    name: str
    description: str
    permissions: Permissions
    assumes: tuple[AssumeGrant, ...]
    self_service: bool
    source: str


@dataclass(frozen=True)
class ServiceTrust:
    """The role is taken by an AWS service."""

    principal: str


@dataclass(frozen=True)
class OwnAccountTrust:
    """The role is taken by principals of the own account that are allowed to."""

    require_mfa: bool


@dataclass(frozen=True)
class OtherAccountTrust:
    """The role is taken from another account: by its root, or by the named roles in it."""

    account_id: str
    role_arns: tuple[str, ...]
    external_id: str


Trust = ServiceTrust | OwnAccountTrust | OtherAccountTrust


@dataclass(frozen=True)
class Role:
    """An IAM role of any kind. `max_session_duration` is in seconds."""

    kind: RoleKind
    key: str
    name: str
    description: str
    permissions: Permissions
    trust: Trust
    source: str
    max_session_duration: int = DEFAULT_SESSION_SECONDS
    mirrors_group: str | None = None


@dataclass(frozen=True)
class SecurityModel:
    """Everything that one stack holds, in a fixed order: groups, then roles, each by key."""

    names: Names
    groups: tuple[Group, ...]
    roles: tuple[Role, ...]
    tags: Mapping[str, str]
    boundary: str | None

    def levels(self) -> tuple[Level, ...]:
        """Each level that anything uses, once, by service and number."""
        holders: tuple[Group | Role, ...] = (*self.groups, *self.roles)
        used = {
            (grant.level.service, grant.level.number): grant.level
            for holder in holders
            for grant in holder.permissions.levels
        }
        return tuple(used[key] for key in sorted(used))


def build_security_model(config: cfg.Config, names: Names) -> SecurityModel:
    """Resolve a config whose references have been checked (`config.rules`).

    What is enabled but undefined is left out: the rules have reported it.
    """
    grants = _Grants(config)
    groups = tuple(_group(key, grants, names) for key in grants.enabled_groups)
    roles = (*_service_roles(grants, names), *_assumable_roles(grants, names), *_cross_account(grants, names))
    if config.deployment.security_model == "roles-based":
        roles = (*roles, *(_group_role(group, names) for group in groups))
        groups = tuple(_only_assuming(group) for group in groups)
    return SecurityModel(
        names=names,
        groups=groups,
        roles=tuple(sorted(roles, key=lambda role: role.key)),
        tags=_tags(config, names),
        boundary=config.deployment.permissions_boundary,
    )


def _tags(config: cfg.Config, names: Names) -> dict[str, str]:
    ours = {"managed-by": "sec-provisioner", "stem": names.stack_stem, "tier": config.tier.version}
    return dict(sorted({**config.tags, **ours}.items()))


class _Holder(Protocol):
    """What groups and every kind of role share in the config."""

    @property
    def policy_assignments(self) -> Mapping[str, str]: ...
    @property
    def managed_policies(self) -> Sequence[str]: ...
    @property
    def statements(self) -> Sequence[Mapping[str, Any]]: ...


class _Grants:
    """Turns the config's words for permissions into grants; knows which roles are there to be passed."""

    def __init__(self, config: cfg.Config) -> None:
        self.security = config.security
        profile = config.active_profile
        self.enabled_groups = _known(profile.enabled_groups, config.security.iam_groups)
        self.service_roles = _known(profile.enabled_service_roles, config.security.service_roles)
        self.assumable_roles = _known(profile.enabled_assumable_roles, config.security.assumable_roles)
        self.cross_account_roles = _known(profile.enabled_cross_account_roles, config.security.cross_account_roles)

    def of(self, key: str, holder: _Holder, source: str, *, passes_by_level: bool = True) -> Permissions:
        """The permissions of a group or role. Service roles pass only what `passable_by` says of them."""
        levels = tuple(_levels(holder, source))
        passes = self._passes_by_level(levels) if passes_by_level else ()
        return Permissions(
            levels=levels,
            managed_policies=tuple(
                ManagedGrant(name, f"{source}.managed_policies[{index}]")
                for index, name in enumerate(holder.managed_policies)
            ),
            statements=tuple(
                OwnStatement(body, f"{source}.statements[{index}]") for index, body in enumerate(holder.statements)
            ),
            passes=_each_once((*passes, *self._passes_by_name(key))),
        )

    def _passes_by_level(self, levels: Iterable[LevelGrant]) -> Iterator[PassGrant]:
        for grant in levels:
            for passed in grant.level.passes:
                for key in passed.roles:
                    if key in self.service_roles:
                        yield PassGrant(key, passed.service, grant.source)

    def _passes_by_name(self, holder_key: str) -> Iterator[PassGrant]:
        for key in self.service_roles:
            role = self.security.service_roles[key]
            for index, name in enumerate(role.passable_by):
                if name == holder_key:
                    source = f"security.service_roles.{key}.passable_by[{index}]"
                    yield PassGrant(key, role.service, source)


def _known(keys: Iterable[str], defined: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted({key for key in keys if key in defined}))


def _levels(holder: _Holder, source: str) -> Iterator[LevelGrant]:
    for service, reference in sorted(holder.policy_assignments.items()):
        level = find_level(service, reference)
        if level is not None:
            yield LevelGrant(level, f"{source}.policy_assignments.{service}")


def _each_once(passes: Iterable[PassGrant]) -> tuple[PassGrant, ...]:
    first: dict[tuple[str, str], PassGrant] = {}
    for grant in passes:
        first.setdefault((grant.principal, grant.role_key), grant)
    return tuple(first[key] for key in sorted(first))


def _group(key: str, grants: _Grants, names: Names) -> Group:
    group = grants.security.iam_groups[key]
    source = f"security.iam_groups.{key}"
    return Group(
        key=key,
        name=names.group(key),
        description=group.description,
        permissions=grants.of(key, group, source),
        assumes=tuple(
            AssumeGrant(role, f"{source}.assumable_roles[{index}]")
            for index, role in enumerate(group.assumable_roles)
            if role in grants.assumable_roles
        ),
        self_service=group.self_service_credentials,
        source=source,
    )


def _service_roles(grants: _Grants, names: Names) -> Iterator[Role]:
    for key in grants.service_roles:
        role = grants.security.service_roles[key]
        source = f"security.service_roles.{key}"
        yield Role(
            kind="service",
            key=key,
            name=names.role(key),
            description=role.description,
            permissions=grants.of(key, role, source, passes_by_level=False),
            trust=ServiceTrust(role.service),
            source=source,
        )


def _assumable_roles(grants: _Grants, names: Names) -> Iterator[Role]:
    for key in grants.assumable_roles:
        role = grants.security.assumable_roles[key]
        source = f"security.assumable_roles.{key}"
        mirrored = grants.security.iam_groups.get(role.mirrors_group or "")
        if mirrored is not None and role.mirrors_group is not None:
            permissions = grants.of(role.mirrors_group, mirrored, f"security.iam_groups.{role.mirrors_group}")
        else:
            permissions = grants.of(key, role, source)
        yield Role(
            kind="assumable",
            key=key,
            name=names.role(key),
            description=role.description,
            permissions=permissions,
            trust=OwnAccountTrust(role.require_mfa),
            source=source,
            max_session_duration=role.max_session_duration,
            mirrors_group=role.mirrors_group,
        )


def _cross_account(grants: _Grants, names: Names) -> Iterator[Role]:
    for key in grants.cross_account_roles:
        role = grants.security.cross_account_roles[key]
        source = f"security.cross_account_roles.{key}"
        if role.trusted_account is None or role.external_id is None:
            continue  # never a trust that is open half-way: the rules have reported it
        yield Role(
            kind="cross-account",
            key=key,
            name=names.role(key),
            description=role.description,
            permissions=grants.of(key, role, source),
            trust=_other_account(role.trusted_account, tuple(role.trusted_roles), role.external_id, names),
            source=source,
            max_session_duration=role.max_session_duration,
        )


def _other_account(account_id: str, role_arns: tuple[str, ...], external_id: str, names: Names) -> OtherAccountTrust:
    """Whom a cross-account role trusts: in a test stack nobody outside the own account."""
    if names.suffix:
        return OtherAccountTrust(names.identity.account_id, (), external_id)
    return OtherAccountTrust(account_id, role_arns, external_id)


def _group_role(group: Group, names: Names) -> Role:
    """Roles-based: what the group would hold sits on a role of the same key."""
    return Role(
        kind="assumable",
        key=group.key,
        name=names.role(group.key),
        description=group.description,
        permissions=group.permissions,
        trust=OwnAccountTrust(require_mfa=False),
        source=group.source,
    )


def _only_assuming(group: Group) -> Group:
    own = AssumeGrant(group.key, group.source)
    return replace(group, permissions=Permissions(), assumes=(own, *group.assumes))
