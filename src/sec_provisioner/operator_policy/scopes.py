"""Scope -> resources and conditions: this config's names, account and region, its test stacks' names among them.

Names that the config no longer has must be in reach, or an update could not remove them: so groups, roles and
policies are told by their prefix, which ends in the tier. A test stack's suffix is six characters, `??????` to IAM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from sec_provisioner.naming import Names
from sec_provisioner.operator_policy.needs import Scope
from sec_provisioner.pipeline import Built
from sec_provisioner.policies import Attached, ManagedPolicy

ADMINISTRATOR = "AdministratorAccess"
CHANGE_SET_PREFIX = "sec-provisioner-"
"""How the names of the tool's change sets begin."""

_ANY_SUFFIX = "?" * 6


@dataclass(frozen=True)
class Reach:
    """The part that a scope has in a statement. Without resources the config has no use for it.

    Scopes that share a Sid share a statement: then their permissions take different types of resources, so that
    none reaches further than by itself, and their conditions are the same.
    """

    sid: str
    resources: tuple[str, ...]
    condition: Mapping[str, Any] = field(default_factory=dict)


class Scopes:
    """The scopes of one config."""

    def __init__(self, built: Built) -> None:
        self._built = built
        self._names = Names(built.names.identity)
        self._test_names = Names(built.names.identity, _ANY_SUFFIX)

    def reach(self, scope: Scope) -> Reach:
        """What a scope is for this config."""
        return self._reaches[scope]

    @cached_property
    def boundary(self) -> str | None:
        """The ARN of the config's permissions boundary."""
        given = self._built.model.boundary
        if given is None or given.startswith("arn:"):
            return given
        return self._iam("policy", given)

    @cached_property
    def service_role(self) -> str | None:
        """The ARN of the role that CloudFormation works with."""
        return self._built.config.deployment.cloudformation_role_arn

    @cached_property
    def _reaches(self) -> dict[Scope, Reach]:
        return {**self._identities, **self._foreign, **self._deployment}

    @property
    def _identities(self) -> dict[Scope, Reach]:
        groups, roles = (self._iam("group", self._names.group("*")),), (self._iam("role", self._names.role("*")),)
        for_groups = self._only_policies(self._built.policies.groups.values())
        for_roles = self._only_policies(self._built.policies.roles.values())
        return {
            # Also a group that somebody moved to another path: its ARN is another, its name is the same.
            Scope.GROUPS: Reach("IAMManagement", (self._iam("group*", self._names.group("*")),)),
            Scope.GROUP_ATTACHMENTS: Reach("IAMManagementAttachGroups", groups, for_groups),
            Scope.ROLES: Reach("IAMManagement", roles),
            Scope.ROLE_GRANTS: self._bounded(Reach("IAMManagement", roles), "Bounded"),
            Scope.ROLE_ATTACHMENTS: self._bounded(Reach("IAMManagementAttachRoles", roles, for_roles)),
            Scope.ADMINISTRATOR_GROUPS: Reach(
                "IAMManagementAdminGroups", self._administrators("group"), _is_policy(self._administrator)
            ),
            Scope.ADMINISTRATOR_ROLES: self._bounded(
                Reach("IAMManagementAdminRoles", self._administrators("role"), _is_policy(self._administrator))
            ),
            Scope.POLICIES: Reach("IAMManagement", (self._own_policies,)),
        }

    @property
    def _foreign(self) -> dict[Scope, Reach]:
        """Anybody; what is taken away from them is a policy of this account, the config's own."""
        anybody = ("*",)
        is_boundary = {"ArnLike": {"iam:PermissionsBoundary": _in_conditions(self._own_policies)}}
        return {
            Scope.FOREIGN_ATTACHMENTS: Reach("IAMManagementDetach", anybody, _is_policy(self._own_policies)),
            Scope.FOREIGN_BOUNDARIES: Reach("IAMManagementUnbound", anybody, is_boundary),
            Scope.FOREIGN_PROFILES: Reach("IAMManagement", (self._iam("instance-profile", "*"),)),
        }

    @property
    def _deployment(self) -> dict[Scope, Reach]:
        change_sets = self._regional("cloudformation", f"changeSet/{CHANGE_SET_PREFIX}*")
        passed = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
        role = (self.service_role,) if self.service_role else ()
        return {
            Scope.STACKS: Reach("CloudFormationManagement", self._stacks),
            Scope.CHANGE_SETS: Reach("CloudFormationManagement", (change_sets,)),
            Scope.OWNERS: Reach("CloudFormationManagementAll", (self._regional("cloudformation", "stack/*"),)),
            Scope.SERVICE_ROLE: Reach("CloudFormationManagementRole", role, passed),
            Scope.BUCKET: Reach("TemplateBucket", (self._bucket,)),
            Scope.TEMPLATES: Reach("TemplateBucket", (f"{self._bucket}/{self._names.stem}/*",)),
            Scope.TEMPLATE_KEY: self._key,
            Scope.PARAMETERS: Reach("SSMParameters", self._parameters),
            Scope.ACCOUNT: Reach("ReadIdentity", ("*",)),
            # Who will be the caller is known to nobody yet; it is asked only where there is a service role.
            Scope.CALLER: Reach("ReadIdentity", ("*",) if self.service_role else ()),
        }

    # --- ARNs ---

    def _iam(self, kind: str, name: str) -> str:
        one = self._names.identity
        return f"arn:{one.partition}:iam::{one.account_id}:{kind}/{name}"

    def _of_aws(self, policy: str) -> str:
        return f"arn:{self._names.identity.partition}:iam::aws:policy/{policy}"

    def _regional(self, service: str, rest: str) -> str:
        one = self._names.identity
        return f"arn:{one.partition}:{service}:{one.region}:{one.account_id}:{rest}"

    @property
    def _own_policies(self) -> str:
        return self._iam("policy", self._names.policy("*", "*").removesuffix("-*"))

    @property
    def _stacks(self) -> tuple[str, ...]:
        """A stack's ARN ends in an id that nobody knows before it is made."""
        both = (self._names.stack, self._test_names.stack)
        return tuple(self._regional("cloudformation", f"stack/{name}/*") for name in both)

    @property
    def _parameters(self) -> tuple[str, ...]:
        """All below the config's path, and below those of its test stacks.

        No other config's stem begins with this one: it ends in the tier and `-sec`.
        """
        path = self._names.parameter_path.removesuffix("/")
        return (self._regional("ssm", f"parameter{path}*"),)

    @property
    def _bucket(self) -> str:
        name = self._built.config.deployment.template_bucket or self._names.default_bucket
        return f"arn:{self._names.identity.partition}:s3:::{name}"

    # --- what is told by conditions ---

    def _only_policies(self, holders: Iterable[Attached]) -> dict[str, Any]:
        """The config's own policies, and those of AWS that these holders name."""
        named = {name for one in holders for name in _of_aws_in(one)} - {ADMINISTRATOR}
        return _is_policy(self._own_policies, *(self._of_aws(name) for name in sorted(named)))

    def _bounded(self, reach: Reach, sid_suffix: str = "") -> Reach:
        """The same for roles under the config's boundary alone, where it has one."""
        if self.boundary is None:
            return reach
        keys = {**reach.condition.get("ArnLike", {}), "iam:PermissionsBoundary": _in_conditions(self.boundary)}
        return Reach(reach.sid + sid_suffix, reach.resources, {**reach.condition, "ArnLike": keys})

    @property
    def _administrator(self) -> str:
        return self._of_aws(ADMINISTRATOR)

    def _administrators(self, kind: Literal["group", "role"]) -> tuple[str, ...]:
        """Those groups or roles that name AdministratorAccess, in test stacks too."""
        of_kind = self._built.policies.groups if kind == "group" else self._built.policies.roles
        keys = [key for key, one in of_kind.items() if ADMINISTRATOR in _of_aws_in(one)]
        both = (self._names, self._test_names)
        return tuple(
            self._iam(kind, names.group(key) if kind == "group" else names.role(key)) for key in keys for names in both
        )

    @property
    def _key(self) -> Reach:
        """An alias is no resource of these permissions; it is told by a condition.

        https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
        """
        arn = self._built.config.deployment.template_bucket_kms_key
        if arn is None:
            return Reach("TemplateBucketKey", ())
        place, _, alias = arn.partition(":alias/")
        if not alias:
            return Reach("TemplateBucketKey", (arn,))
        is_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{alias}"}}
        return Reach("TemplateBucketKey", (f"{place}:key/*",), is_alias)


def _is_policy(*arns: str) -> dict[str, Any]:
    return {"ArnLike": {"iam:PolicyARN": [_in_conditions(arn) for arn in arns]}}


def _in_conditions(arn: str) -> str:
    """An ARN that a condition compares, its partition left open: no account reaches into another, and it saves room."""
    return f"arn:*:{arn.split(':', 2)[2]}"


def _of_aws_in(attached: Attached) -> set[str]:
    return {one.policy for one in attached.attachments if not isinstance(one.policy, ManagedPolicy)}
