"""The groups and roles of a day's work: every one that a tier can have, with all its policies.

The config is the tier's master as `init-config` fills it in, with its cross-account roles enabled and bedrock_execution
added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.exports import group_exports, role_exports
from sec_provisioner.pipeline import Built
from sec_provisioner.policies import SELF_SERVICE
from support.configs import SETTINGS, built, master, parsed
from support.managed_policies import managed_document

ACCOUNT = SETTINGS["client.account_id"]
REGION = SETTINGS["environment.region"]
TRUSTED_ACCOUNT = "210987654321"
USER = "alice"

_OF_MEMBERS = {"AssumeRoles", *(str(one["Sid"]) for one in SELF_SERVICE)}

# As IAM makes them: a user's id, and that of a role with the session's name.
_USER_ID = "AIDAEXAMPLEUSERALICE1"
_ROLE_ID = f"AROAEXAMPLEROLE123456:{USER}"


@dataclass(frozen=True)
class Holder:
    """A group or a role with all its policies, as deployed."""

    key: str
    is_group: bool
    name: str
    documents: tuple[Any, ...]
    trust: Any
    """The role's trust policy; None for a group."""

    @property
    def statements(self) -> list[Mapping[str, Any]]:
        """All statements of all documents."""
        return [one for document in self.documents for one in document["Statement"]]

    @property
    def work(self) -> list[Mapping[str, Any]]:
        """Without what a member has as a user: the way to roles, and the own credentials."""
        return [one for one in self.statements if one.get("Sid") not in _OF_MEMBERS]

    @property
    def principal(self) -> str:
        """Who asks: a member of the group, or a session of the role."""
        if self.is_group:
            return f"arn:aws:iam::{ACCOUNT}:user/{USER}"
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.name}/{USER}"

    @property
    def user_id(self) -> str:
        return _USER_ID if self.is_group else _ROLE_ID


@cache
def config_text(tier: str = "enterprise") -> str:
    """A tier's config with everything in it that can be enabled."""
    roles = tiers()[tier].cross_account_roles
    enabled = {f"security__cross_account_roles__{role}__trusted_account": TRUSTED_ACCOUNT for role in roles}
    text = master(tier, **enabled)
    return text.replace("enabled_service_roles:\n", "enabled_service_roles:\n      - bedrock_execution\n", 1)


@cache
def work_config(tier: str = "enterprise") -> Built:
    return built(config_text(tier))


@cache
def holders(tier: str = "enterprise") -> Mapping[str, Holder]:
    """Every group and role of the config, by key, with what they are given by AWS managed policies, too."""
    config = work_config(tier)
    exported = (*group_exports(config).values(), *role_exports(config).values())
    return {one["key"]: holder_of(one) for one in exported}


def holder_of(exported: Mapping[str, Any]) -> Holder:
    """A group or a role from its export."""
    own = [each["document"] for each in (*exported["policies"], *exported["inline_policies"])]
    of_aws = [managed_document(arn) for arn in exported["managed_policies"]]
    return Holder(
        key=exported["key"],
        is_group=exported["kind"] == "group",
        name=exported["name"],
        documents=(*own, *of_aws),
        trust=exported.get("trust_policy"),
    )


def role_arn(key: str, tier: str = "enterprise") -> str:
    """Also of a role that the tier does not have: asking for it must lead nowhere."""
    return f"arn:aws:iam::{ACCOUNT}:role/{work_config(tier).names.role(key)}"


@cache
def mirrors() -> Mapping[str, str]:
    """Role -> the group that it mirrors."""
    roles = parsed(config_text()).security.assumable_roles
    return {key: role.mirrors_group for key, role in roles.items() if role.mirrors_group}
