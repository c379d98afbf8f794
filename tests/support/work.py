"""A day's work as cases: who asks for what, and whether the policies that we make allow it.

The config is the enterprise master as `init-config` fills it in, with its cross-account roles enabled and
bedrock_execution added, so that every group and role there is has its cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.exports import group_exports, role_exports
from sec_provisioner.pipeline import Built
from support.configs import EXTERNAL_ID, SETTINGS, built, master
from support.iam_simulate import Context, Request
from support.managed_policies import managed_document

CASES = Path(__file__).parent.parent / "cases" / "work"
ACCOUNT = SETTINGS["client.account_id"]
REGION = SETTINGS["environment.region"]
PROJECT = "edge-prod-b001"
TRUSTED_ACCOUNT = "210987654321"
USER = "alice"

OTHER_ACCOUNTS = {"trusted account": TRUSTED_ACCOUNT, "another account": "999988887777"}
ASSUME_ANYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}],
}
_ASSUMPTIONS = "assumptions"
# What a key has unless somebody takes it away: IAM policies of the account decide. Without it no IAM policy would help.
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
# As IAM makes them: a user's id, and that of a role with the session's name.
_USER_ID = "AIDAEXAMPLEUSERALICE1"
_ROLE_ID = f"AROAEXAMPLEROLE123456:{USER}"


@dataclass(frozen=True)
class Case:
    """One row of a case file."""

    who: str
    """Key of a group or role: the file's name."""
    does: str
    action: str
    resource: str
    context: Context
    allowed: bool
    unknown_to: str = ""
    """The evaluator that does not know such a resource; the case file names the page that does."""

    @property
    def id(self) -> str:
        return f"{self.who}: {self.does} ({self.action})"


@dataclass(frozen=True)
class Assumption:
    """One row of `assumptions.yaml`."""

    who: str
    """A group, `trusted account` or `another account`."""
    role: str
    context: Context
    allowed: bool

    @property
    def id(self) -> str:
        return f"{self.who} as {self.role} with {json.dumps(self.context)}"


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
    return {one["key"]: _holder(one) for one in exported}


def _holder(exported: Mapping[str, Any]) -> Holder:
    own = [each["document"] for each in (*exported["policies"], *exported["inline_policies"])]
    of_aws = [managed_document(arn) for arn in exported["managed_policies"]]
    return Holder(
        key=exported["key"],
        is_group=exported["kind"] == "group",
        name=exported["name"],
        documents=(*own, *of_aws),
        trust=exported.get("trust_policy"),
    )


@cache
def cases() -> tuple[Case, ...]:
    """Every row of every holder's file."""
    files = [path for path in sorted(CASES.glob("*.yaml")) if path.stem != _ASSUMPTIONS]
    return tuple(case for path in files for case in _cases_of(path))


def _cases_of(path: Path) -> Iterator[Case]:
    for row in _rows(path):
        context = row.pop("context", {})
        yield Case(who=path.stem, context=context, **row)


@cache
def assumptions() -> tuple[Assumption, ...]:
    """Every row of `assumptions.yaml`."""
    rows = _rows(CASES / f"{_ASSUMPTIONS}.yaml")
    return tuple(Assumption(row["as"], row["role"], row.get("context", {}), row["allowed"]) for row in rows)


def _rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def filled(value: Any, who: Holder, tier: str = "enterprise") -> Any:
    """A text or a list of texts with its placeholders filled in for one holder."""
    if isinstance(value, list):
        return [filled(one, who, tier) for one in value]
    words = {
        "{project}": PROJECT,
        "{project_}": PROJECT.replace("-", "_"),
        "{here}": f"{REGION}:{ACCOUNT}",
        "{account}": ACCOUNT,
        "{region}": REGION,
        "{user}": USER,
        "{userid}": who.user_id,
    }
    for placeholder, word in words.items():
        value = value.replace(placeholder, word)
    return re.sub(r"\{role:(\w+)\}", lambda found: role_arn(found[1], tier), value)


def role_arn(key: str, tier: str = "enterprise") -> str:
    """Also of a role that the tier does not have: asking for it must lead nowhere."""
    return f"arn:aws:iam::{ACCOUNT}:role/{work_config(tier).names.role(key)}"


def request_of(case: Case, tier: str = "enterprise") -> Request:
    """The case as AWS would see it: what every request says of its caller, and what the case adds."""
    who = holders(tier)[case.who]
    own = {key: filled(value, who, tier) for key, value in case.context.items()}
    return Request(
        holder=case.who,
        principal=who.principal,
        account=ACCOUNT,
        action=case.action,
        resource=filled(case.resource, who, tier),
        context={**_said_of_caller(who, case.action), **own},
        resource_policy=_KEY_POLICY if ":key/" in case.resource else None,
    )


def _said_of_caller(who: Holder, action: str) -> dict[str, str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html."""
    said = {"aws:PrincipalArn": who.principal, "aws:userid": who.user_id, "aws:ResourceAccount": ACCOUNT}
    if who.is_group:
        said["aws:username"] = USER
    if action.startswith("s3:"):
        said["s3:ResourceAccount"] = ACCOUNT
    return said


def external_id(word: str) -> str:
    """The config's own external id for `right`; anything else is itself."""
    return EXTERNAL_ID if word == "right" else word


def assumption_request(assumption: Assumption) -> Request:
    """Taking a role, as AWS would see it: the caller's own policies and the role's trust policy both decide."""
    context = {key: external_id(str(value)) for key, value in assumption.context.items()}
    account = OTHER_ACCOUNTS.get(assumption.who)
    if account is None:
        who = holders()[assumption.who]
        principal, said = who.principal, _said_of_caller(who, "sts:AssumeRole")
    else:
        principal = f"arn:aws:iam::{account}:role/deployer"
        said = {"aws:PrincipalArn": principal, "aws:PrincipalAccount": account}
    return Request(
        holder=assumption.who,
        principal=principal,
        account=ACCOUNT,
        action="sts:AssumeRole",
        resource=role_arn(assumption.role),
        context={**said, **context},
        resource_policy=holders()[assumption.role].trust,
    )


def documents(tier: str = "enterprise") -> dict[str, list[Any]]:
    """Whose policies are asked: every holder's, and those of the other accounts' deployers, who may assume anything."""
    own = {key: list(one.documents) for key, one in holders(tier).items()}
    return own | {who: [ASSUME_ANYTHING] for who in OTHER_ACCOUNTS}
