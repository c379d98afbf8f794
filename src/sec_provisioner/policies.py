"""SecurityModel -> policy and trust documents: IAM's JSON as values, each statement with its place in the config.

`${Project}` is filled in here. The pseudo parameters `${AWS::Partition}`, `${AWS::AccountId}` and
`${AWS::Region}` stay as text: the template turns them into Fn::Sub, an export fills them in (`fill_pseudo`).
IAM's own variables (`${aws:username}`) are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sec_provisioner.catalogue.levels import Level
from sec_provisioner.iam.document import VERSION
from sec_provisioner.iam.size import document_size
from sec_provisioner.naming import Identity, Names
from sec_provisioner.security import (
    Group,
    OtherAccountTrust,
    OwnAccountTrust,
    PassGrant,
    Permissions,
    Role,
    SecurityModel,
    ServiceTrust,
)

Json = dict[str, Any]

INLINE_POLICY_NAME = "permissions"
_ASSUME_SID, _PASS_SID = "AssumeRoles", "PassRolesTo"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MANAGED_POLICY_SIZE = 6_144

_ACCOUNT = "arn:${AWS::Partition}:iam::${AWS::AccountId}"
# The longest names there can be, so that a level always falls into the same parts, whoever uses it.
_WIDEST = Identity("p" * 30, "prod", "b001", "us-gov-east-1", "enterprise", "1" * 12, "aws-us-gov")
_WIDEST_NAMES = Names(_WIDEST, suffix="abc123")
_SIZE_OF_NONE = document_size({"Version": VERSION, "Statement": []})


@dataclass(frozen=True)
class Sourced:
    """A statement and the dotted config path that it comes from."""

    body: Mapping[str, Any]
    source: str


@dataclass(frozen=True)
class PolicyDocument:
    """An IAM policy document. Never empty: where nothing is granted there is no document."""

    statements: tuple[Sourced, ...]

    def value(self) -> Json:
        """The bare document in IAM's JSON keys."""
        return {"Version": VERSION, "Statement": [dict(one.body) for one in self.statements]}


@dataclass(frozen=True)
class ManagedPolicy:
    """A customer managed policy: one part of one level."""

    service: str
    level_name: str
    part: int
    name: str
    document: PolicyDocument


@dataclass(frozen=True)
class Attachment:
    """A managed policy on a group or role: one of the stack's own, or one of AWS by name."""

    policy: ManagedPolicy | str
    source: str


@dataclass(frozen=True)
class Attached:
    """What hangs on one group or role."""

    attachments: tuple[Attachment, ...]
    inline: PolicyDocument | None


@dataclass(frozen=True)
class PolicySet:
    """All documents of one stack; groups and roles by key."""

    managed: tuple[ManagedPolicy, ...]
    groups: Mapping[str, Attached]
    roles: Mapping[str, Attached]
    trusts: Mapping[str, PolicyDocument]


def build_policies(model: SecurityModel) -> PolicySet:
    """Write every document that the model needs."""
    managed = {(level.service, level.number): _managed_policies(level, model.names) for level in model.levels()}
    return PolicySet(
        managed=tuple(policy for parts in managed.values() for policy in parts),
        groups={one.key: _attached(one.permissions, managed, _group_inline(one, model)) for one in model.groups},
        roles={one.key: _attached(one.permissions, managed, _role_inline(one, model)) for one in model.roles},
        trusts={one.key: trust_document(one) for one in model.roles},
    )


# --- placeholders -------------------------------------------------------------------------------------


def fill_names(value: Any, names: Names) -> Any:
    """Fill in `${Project}` and `${ProjectUnderscored}` in every text of a value."""
    scope = names.resource_scope
    return _replace_in(value, {"${Project}": scope, "${ProjectUnderscored}": scope.replace("-", "_")})


def fill_pseudo(value: Any, identity: Identity) -> Any:
    """Fill in partition, account and region, as CloudFormation will."""
    return _replace_in(
        value,
        {
            "${AWS::Partition}": identity.partition,
            "${AWS::AccountId}": identity.account_id,
            "${AWS::Region}": identity.region,
        },
    )


def _replace_in(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        if "${" in value:
            for placeholder, text in words.items():
                value = value.replace(placeholder, text)
        return value
    if isinstance(value, Mapping):
        return {_replace_in(key, words): _replace_in(one, words) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_in(one, words) for one in value]
    return value


# --- managed policies: levels ---------------------------------------------------------------------------


def _managed_policies(level: Level, names: Names) -> tuple[ManagedPolicy, ...]:
    return tuple(
        ManagedPolicy(
            service=level.service,
            level_name=level.name,
            part=number,
            name=names.policy(level.service, level.name, number),
            document=PolicyDocument(tuple(Sourced(fill_names(body, names), "") for body in bodies)),
        )
        for number, bodies in enumerate(level_parts(level), start=1)
    )


@cache
def level_parts(level: Level) -> tuple[tuple[Mapping[str, Any], ...], ...]:
    """Spread a level's statements over as many documents as its size needs, keeping their order.

    Measured at the longest names there can be, so that the parts are a property of the level alone: a longer
    prefix, another partition or a test suffix never moves a statement to another policy.
    """
    parts: list[list[Mapping[str, Any]]] = []
    size = 0
    for body in level.statements:
        more = len(",") + _widest_size(body)
        if not parts or size + more > MANAGED_POLICY_SIZE:
            parts.append([])
            size = _SIZE_OF_NONE - len(",")
        parts[-1].append(body)
        size += more
    return tuple(map(tuple, parts))


def _widest_size(body: Mapping[str, Any]) -> int:
    return document_size(fill_pseudo(fill_names(body, _WIDEST_NAMES), _WIDEST))


def _attached(
    permissions: Permissions,
    managed: Mapping[tuple[str, int], tuple[ManagedPolicy, ...]],
    inline: Iterable[Sourced],
) -> Attached:
    own = [
        Attachment(policy, grant.source)
        for grant in permissions.levels
        for policy in managed[grant.level.service, grant.level.number]
    ]
    of_aws = [Attachment(grant.name, grant.source) for grant in permissions.managed_policies]
    statements = tuple(inline)
    return Attached((*own, *of_aws), PolicyDocument(statements) if statements else None)


# --- inline policies ------------------------------------------------------------------------------------


def _group_inline(group: Group, model: SecurityModel) -> Iterator[Sourced]:
    if group.assumes:
        arns = [f"{_ACCOUNT}:role/{model.names.role(grant.role_key)}" for grant in group.assumes]
        yield Sourced(_allow(_ASSUME_SID, ["sts:AssumeRole"], arns), group.assumes[0].source)
    yield from _pass_statements(group.permissions.passes, model.names)
    if group.self_service:
        source = f"{group.source}.self_service_credentials"
        yield from (Sourced(body, source) for body in SELF_SERVICE)
    yield from _own_statements(group.permissions, model.names)


def _role_inline(role: Role, model: SecurityModel) -> Iterator[Sourced]:
    yield from _pass_statements(role.permissions.passes, model.names)
    yield from _own_statements(role.permissions, model.names)


def _own_statements(permissions: Permissions, names: Names) -> Iterator[Sourced]:
    for one in permissions.statements:
        yield Sourced(fill_names(one.body, names), one.source)


def _pass_statements(passes: Iterable[PassGrant], names: Names) -> Iterator[Sourced]:
    """One statement a service: a role may be handed to the service that it trusts and to no other."""
    by_principal: dict[str, list[PassGrant]] = {}
    for grant in passes:
        by_principal.setdefault(grant.principal, []).append(grant)
    for principal, grants in by_principal.items():
        arns = [f"{_ACCOUNT}:role/{names.role(grant.role_key)}" for grant in grants]
        condition = {"StringEquals": {"iam:PassedToService": principal}}
        sid = _PASS_SID + _camel(principal.split(".amazonaws.com")[0])
        yield Sourced(_allow(sid, ["iam:PassRole"], arns, condition), grants[0].source)


def _camel(text: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return "".join(word.capitalize() for word in words)


def _allow(sid: str, actions: list[str], resources: list[str], condition: Json | None = None) -> Json:
    body: Json = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return {**body, "Condition": condition} if condition else body


# The caller alone: a user's ARN ends in the name, with the user's path before it, and a user name has no slash.
_SELF = [f"{_ACCOUNT}:user/${{aws:username}}", f"{_ACCOUNT}:user/*/${{aws:username}}"]
_OWN_DEVICE = [f"{_ACCOUNT}:mfa/${{aws:username}}"]
_WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
# A virtual device is named like its user, or the statement would reach the devices of others. Taking a device
# away needs MFA, or a stolen access key could swap the second factor.
SELF_SERVICE: tuple[Json, ...] = (
    _allow("SeeAccountSettings", ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"], ["*"]),
    _allow(
        "ManageOwnCredentials",
        [
            "iam:ChangePassword",
            "iam:CreateAccessKey",
            "iam:DeleteAccessKey",
            "iam:EnableMFADevice",
            "iam:GetAccessKeyLastUsed",
            "iam:GetLoginProfile",
            "iam:GetMFADevice",
            "iam:GetUser",
            "iam:ListAccessKeys",
            "iam:ListMFADevices",
            "iam:ResyncMFADevice",
            "iam:UpdateAccessKey",
        ],
        _SELF,
    ),
    _allow("MakeOwnMfaDevice", ["iam:CreateVirtualMFADevice"], _OWN_DEVICE),
    _allow(
        "RemoveOwnMfaDevice",
        ["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"],
        [*_SELF, *_OWN_DEVICE],
        _WITH_MFA,
    ),
)


def follows_from_config(sid: str) -> bool:
    """Whether an inline policy's statement is made from the config (roles, own credentials), not written in it."""
    return sid.startswith((_ASSUME_SID, _PASS_SID)) or any(sid == one["Sid"] for one in SELF_SERVICE)


# --- trust policies -------------------------------------------------------------------------------------


def trust_document(role: Role) -> PolicyDocument:
    """Who may take the role. `aws:SourceAccount` is not demanded: see ARCHITECTURE.md, "Trust of services"."""
    match role.trust:
        case ServiceTrust(principal):
            body = _trust("TrustService", {"Service": principal})
        case OwnAccountTrust(require_mfa):
            # IAM groups can't be principals: the account is trusted, and the groups' own policies decide.
            condition = _WITH_MFA if require_mfa else None
            body = _trust("TrustOwnAccount", {"AWS": f"{_ACCOUNT}:root"}, condition)
        case OtherAccountTrust(account_id, role_arns, external_id):
            root = f"arn:${{AWS::Partition}}:iam::{account_id}:root"
            condition = {"StringEquals": {"sts:ExternalId": external_id}}
            body = _trust("TrustOtherAccount", {"AWS": list(role_arns) or root}, condition)
    return PolicyDocument((Sourced(body, role.source),))


def _trust(sid: str, principal: Json, condition: Json | None = None) -> Json:
    body: Json = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {**body, "Condition": condition} if condition else body
