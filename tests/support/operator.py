"""Somebody who runs the tool with nothing but its operator policy, in an account where policies decide."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from sec_local import state
from support.local_aws import REGION
from support.tool import Ran, Tool, make_tool

NAME = "operator"
CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
Json = dict[str, Any]


@dataclass
class Operator:
    """A user `operator`, whose only policy is the one that it is given; the account's administrator beside it."""

    local: Any
    account_id: str
    home: Path
    monkeypatch: pytest.MonkeyPatch
    _clients: dict[str, Any] = field(default_factory=dict)
    _keys: Json = field(default_factory=dict)
    _folder: int = 0

    def __post_init__(self) -> None:
        self.root("iam").create_user(UserName=NAME)
        self._keys = self.root("iam").create_access_key(UserName=NAME)["AccessKey"]
        self.local.settings.enforce = True

    def root(self, service: str) -> Any:
        """A client of the administrator's."""
        if service not in self._clients:
            session = botocore.session.Session()
            session.set_credentials(self.account_id, "local")
            self._clients[service] = session.create_client(service, region_name=REGION)
        return self._clients[service]

    def have(self, policy: Json) -> None:
        """From now on the operator has this policy and no other."""
        iam = self.root("iam")
        arn = f"arn:aws:iam::{self.account_id}:policy/for-the-operator"
        if iam.list_attached_user_policies(UserName=NAME)["AttachedPolicies"]:
            iam.detach_user_policy(UserName=NAME, PolicyArn=arn)
            iam.delete_policy(PolicyArn=arn)
        iam.create_policy(PolicyName="for-the-operator", PolicyDocument=json.dumps(policy, separators=(",", ":")))
        iam.attach_user_policy(UserName=NAME, PolicyArn=arn)

    def tool(self, config: str) -> Tool:
        """The tool in a home of its own, with this config."""
        self._folder += 1
        tool = make_tool(self.home / f"sec-{self._folder}")
        tool.write_config(config)
        return tool

    def run(self, tool: Tool, action: str, *flags: str) -> Ran:
        """Run an action with the operator's own credentials."""
        with self.monkeypatch.context() as patch:
            patch.setenv("AWS_ACCESS_KEY_ID", self._keys["AccessKeyId"])
            patch.setenv("AWS_SECRET_ACCESS_KEY", self._keys["SecretAccessKey"])
            return tool(action, "--config", CONFIG, *flags)

    def administrator_runs(self, tool: Tool, action: str, *flags: str) -> Ran:
        """Run an action with the administrator's credentials, which are those of the environment."""
        ran = tool(action, "--config", CONFIG, *flags)
        assert ran.code in (0, 1), ran.stderr
        return ran

    def save(self) -> Path:
        """Everything that is in the account, to come back to."""
        self._folder += 1
        folder = self.home / f"state-{self._folder}"
        state.save(folder)
        return folder

    def come_back(self, saved: Path) -> None:
        """The account as it was."""
        self._folder += 1
        copy = self.home / f"state-{self._folder}"
        shutil.copytree(saved, copy)
        state.forget()
        state.load(copy)
