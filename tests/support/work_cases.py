"""A day's work as cases: who asks for what, and whether the policies that we make allow it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.configs import EXTERNAL_ID
from support.iam_simulate import Context, Request, default_key_policy
from support.work import ACCOUNT, REGION, TRUSTED_ACCOUNT, USER, Holder, holders, role_arn

CASES = Path(__file__).parent.parent / "cases" / "days_work"
PROJECT = "edge-prod-b001"
_ASSUMPTIONS = "assumptions"
OTHER_ACCOUNTS = {"trusted account": TRUSTED_ACCOUNT, "another account": "999988887777"}
ASSUME_ANYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}],
}


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
        resource_policy=default_key_policy(ACCOUNT) if ":key/" in case.resource else None,
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
