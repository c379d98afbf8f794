"""STS: assuming a role is decided by its trust policy and the caller's policies; much else is free.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_policy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.enforcement import tags
from sec_local.enforcement.caller import Caller
from sec_local.enforcement.context import Context
from sec_local.enforcement.decision import Layer
from sec_local.enforcement.mfa import is_given
from sec_local.enforcement.need import Need
from sec_local.enforcement.principals import Principal
from sec_local.enforcement.statements import Policy
from sec_local.iam.last_used import assumed_role
from sec_local.iam.wire import members, parameter
from sec_local.iam.wire import tags_of as tags_of_params

if TYPE_CHECKING:
    from sec_local.call import Call

_FREE = ("GetCallerIdentity", "GetAccessKeyInfo")
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: not even a Deny stands in its way."""

_NOBODY = '{"Version":"2012-10-17","Statement":[]}'
"""The trust of a role that does not exist: who asks is not told so."""


def needs_of(call: Call, caller: Caller) -> list[Need]:
    """None for what is free; for a role the action, and one more each for tags and a source identity."""
    if call.operation in _FREE:
        return []
    if call.operation.startswith("AssumeRole"):
        return _assuming(call, *web_identity(call))
    if call.operation == "GetSessionToken":
        return [Need("sts:GetSessionToken", is_open=True)]
    if call.operation == "GetFederationToken":
        account, name = caller.principal.account, parameter(call.form, "Name")
        user = f"arn:aws:sts::{account}:federated-user/{name}"
        return [Need("sts:GetFederationToken", user, tags.request_tags(tags.of_list(tags_of_params(call.form))))]
    return [Need(f"sts:{call.operation}")]


def web_identity(call: Call) -> tuple[Principal | None, Context]:
    """Whom the token of AssumeRoleWithWebIdentity names, and what it says. Its signature is not checked."""
    from ministack.services import sts  # noqa: PLC0415 - MiniStack is imported on first use

    if call.operation != "AssumeRoleWithWebIdentity":
        return None, Context()
    texts = (parameter(call.form, name) for name in ("WebIdentityToken", "ProviderId", "RoleArn"))
    provider, claims = sts._web_identity_principal(*texts)  # noqa: SLF001 - its reading of the token
    return Principal("federated", "", provider, provider), Context({key: str(one) for key, one in claims.items()})


def _assuming(call: Call, principal: Principal | None, claims: Context) -> list[Need]:
    role = parameter(call.form, "RoleArn")
    record = assumed_role(call) or {}
    given = tags.of_list(tags_of_params(call.form))
    identity = parameter(call.form, "SourceIdentity")
    keys = Context(
        {
            "sts:ExternalId": parameter(call.form, "ExternalId") or None,
            "sts:RoleSessionName": parameter(call.form, "RoleSessionName") or None,
            "sts:SourceIdentity": identity or None,
            "sts:TransitiveTagKeys": tuple(members(call.form, "TransitiveTagKeys")) or None,
            **({"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"} if is_given(call) else {}),
        }
    )
    keys |= (
        claims
        | tags.request_tags(given)
        | tags.resource_tags(tags.of_list(record.get("Tags") or []), "iam:ResourceTag/")
    )
    trust = Policy(role, "resource", record.get("AssumeRolePolicyDocument") or _NOBODY)
    actions = [call.operation, *(["TagSession"] if given else []), *(["SetSourceIdentity"] if identity else [])]
    return [
        Need(f"sts:{one}", role, keys, policy=trust, layer=Layer.TRUST, is_granted_by_all=True, principal=principal)
        for one in actions
    ]
