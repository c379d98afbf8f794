"""Whose access key it is, and what comes with it: policies, session, MFA.

Signatures are not checked. An account's number as access key is an administrator of it, who shows as its root; so
are `settings.ADMINISTRATORS` for the default account.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access.html
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from sec_local.enforcement import attached
from sec_local.enforcement.context import Context, Values
from sec_local.enforcement.decision import Policies
from sec_local.enforcement.entities import Entity, entity_of
from sec_local.enforcement.mfa import MFA_AT
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.request_context import keys_of_principal, session_tags
from sec_local.enforcement.statements import Policy
from sec_local.iam import stores
from sec_local.settings import ADMINISTRATORS

if TYPE_CHECKING:
    from sec_local.call import Call

_ACCOUNT = re.compile(r"\d{12}")
_INVALID = "The security token included in the request is invalid."
_EXPIRED = "The security token included in the request is expired"

Session = Literal["", "assumed-role", "session-token", "federated"]


@dataclass(frozen=True)
class Caller:
    """Who asks."""

    principal: Principal
    policies: Policies = field(default_factory=Policies)
    """Without those of the resource."""
    keys: Context = field(default_factory=Context)
    session: Session = ""
    """Which call gave the temporary credentials; empty for long-term ones."""
    has_mfa: bool = False


@dataclass(frozen=True)
class Unknown:
    """Nobody has these credentials any more, or ever had. `code` is that of the Query protocol."""

    code: str
    message: str


NOBODY = Caller(Principal("anonymous", "", "anonymous", "anonymous"), Policies(identity=None))
"""Whoever does not sign: only what a resource grants to everybody is theirs."""


def caller_of(call: Call) -> Caller | Unknown:
    """Who signed the call. MiniStack's current account becomes the caller's."""
    from ministack.core import responses  # noqa: PLC0415 - MiniStack is imported on first use

    key = call.access_key
    if not key:
        return NOBODY
    responses.set_request_account_id(key)
    account = str(responses.get_account_id())
    session = _sessions().get(key)
    if session is not None:
        return _of_session(session, call, account)
    record = _access_keys().get((account, key))
    if record is None and (_ACCOUNT.fullmatch(key) or key in ADMINISTRATORS):
        return _root(account)
    if record is None or record["Status"] != "Active":
        return Unknown("InvalidClientTokenId", _INVALID)
    return _user(account, record["UserName"])


def role_session(role: Mapping[str, Any], name: str, account: str) -> Caller:
    """A session of a role without session policies: what a service has that works with the role."""
    entity = Entity(account, "Role", role["RoleName"])
    arn = f"arn:aws:sts::{account}:assumed-role/{entity.name}/{name}"
    principal = Principal("role", account, arn, role["Arn"], f"{role['RoleId']}:{name}")
    return Caller(principal, _policies(entity), keys_of_principal(principal), "assumed-role")


def _root(account: str) -> Caller:
    arn = f"arn:aws:iam::{account}:root"
    principal = Principal("root", account, arn, arn)
    return Caller(principal, Policies(identity=None), keys_of_principal(principal))


def _user(account: str, name: str) -> Caller:
    record = stores.store("User").get(name) or {}
    arn = record.get("Arn", f"arn:aws:iam::{account}:user/{name}")
    principal = Principal("user", account, arn, arn, record.get("UserId", ""))
    return Caller(principal, _policies(Entity(account, "User", name)), keys_of_principal(principal))


def _policies(entity: Entity) -> Policies:
    return Policies(
        identity=attached.policies_of(entity.kind, entity.name),
        boundary=attached.boundary_of(entity.kind, entity.name),
    )


def _of_session(session: Mapping[str, Any], call: Call, account: str) -> Caller | Unknown:
    given = call.headers.get("x-amz-security-token") or call.query.get("X-Amz-Security-Token", [""])[0]
    if given != session["SessionToken"]:
        return Unknown("InvalidClientTokenId", _INVALID)
    if time.time() > float(session["Expiration"]):
        return Unknown("ExpiredToken", _EXPIRED)
    if session["PrincipalType"] == "AssumedRole":
        return _assumed_role(session, account)
    if session["PrincipalType"] == "FederatedUser":
        return _federated(session, account)
    found = _root(account) if session["PrincipalType"] == "Root" else _user(account, session["PrincipalName"])
    keys = found.keys | _keys_of_session(session)
    return Caller(found.principal, found.policies, keys, "session-token", MFA_AT in session)


def _assumed_role(session: Mapping[str, Any], account: str) -> Caller:
    """A role that was deleted has no policies, not even where another one has its name now."""
    entity = entity_of(session["Arn"]) or Entity(account, "Role", "")
    role = stores.store("Role").get(entity.name) or {}
    is_same = str(session["UserId"]).startswith(f"{role.get('RoleId')}:")
    principal = Principal("role", account, session["Arn"], role.get("Arn", session["Arn"]), session["UserId"])
    policies = _policies(entity) if is_same else Policies()
    narrowed = Policies(policies.identity, policies.boundary, _session_policies(session))
    keys = keys_of_principal(principal) | session_tags(session) | _keys_of_session(session, with_mfa=False)
    return Caller(principal, narrowed, keys, "assumed-role")


def _federated(session: Mapping[str, Any], account: str) -> Caller:
    """Without session policies it may do nothing.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    """
    user = session["PrincipalName"]
    policies = _policies(Entity(account, "User", user)) if user else Policies(identity=None)
    arn = session["Arn"]
    principal = Principal("federated", account, arn, arn, session["UserId"])
    narrowed = Policies(policies.identity, policies.boundary, _session_policies(session) or ())
    keys = keys_of_principal(principal) | session_tags(session) | _keys_of_session(session, with_mfa=False)
    return Caller(principal, narrowed, keys, "federated")


def _session_policies(session: Mapping[str, Any]) -> tuple[Policy, ...] | None:
    given = session.get("SessionPolicies") or {}
    inline = [Policy("Policy", "none", given["Policy"])] if given.get("Policy") else []
    return (*inline, *attached.managed(given.get("PolicyArns", []))) if any(given.values()) else None


def _keys_of_session(session: Mapping[str, Any], *, with_mfa: bool = True) -> Context:
    """A role's session does not tell how its caller was authenticated: MFA is asked for by the role's trust policy.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    """
    mfa_at = session.get(MFA_AT) if with_mfa else None
    issued = datetime.fromtimestamp(float(session["IssuedAt"]), UTC)
    keys: dict[str, Values | None] = {
        "aws:TokenIssueTime": issued.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:MultiFactorAuthPresent": str(mfa_at is not None).lower(),
        "aws:MultiFactorAuthAge": str(int(time.time() - float(mfa_at))) if mfa_at is not None else None,
    }
    return Context(keys)


def _sessions() -> Mapping[str, Mapping[str, Any]]:
    from ministack.services import sts  # noqa: PLC0415 - MiniStack is imported on first use

    sessions: Mapping[str, Mapping[str, Any]] = sts._sessions  # noqa: SLF001 - its store
    return sessions


def _access_keys() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    from ministack.services import iam  # noqa: PLC0415 - the same

    keys: Mapping[tuple[str, str], Mapping[str, Any]] = iam._access_keys._data  # noqa: SLF001 - its store
    return keys
