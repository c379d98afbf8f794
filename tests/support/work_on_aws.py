"""The work config deployed on the local AWS, which is then asked who may do what."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.iam_simulate import Request
from support.local_aws import aws_environment, installed_everywhere
from support.tool import make_tool
from support.work import ACCOUNT, REGION, config_text, holders, role_arn
from support.work_cases import ASSUME_ANYTHING, OTHER_ACCOUNTS, Assumption, external_id


@dataclass(frozen=True)
class Deployed:
    """The stack's account, with policies in force for everybody but its root."""

    local: Any

    def client(self, service: str, **credentials: str) -> Any:
        """A client of the account's root, or of whoever has these credentials."""
        import boto3  # noqa: PLC0415 - not before the environment is clean

        make: Any = boto3.Session
        return make(region_name=REGION, **credentials).client(service)

    def may(self, requests: Sequence[Request]) -> list[bool]:
        """SimulatePrincipalPolicy's answers, in order."""
        iam = self.client("iam")
        return [self._may(iam, one) for one in requests]

    def _may(self, iam: Any, request: Request) -> bool:
        holder = holders()[request.holder]
        kind = "group" if holder.is_group else "role"
        entries = [_entry(key, value) for key, value in request.context.items()]
        answer = iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:{kind}/{holder.name}",
            ActionNames=[request.action],
            ResourceArns=[request.resource],
            ContextEntries=entries,
        )
        (result,) = answer["EvaluationResults"]
        return bool(result["EvalDecision"] == "allowed")

    def user_in(self, who: str) -> dict[str, str]:
        """Credentials of a new member of a group with a second factor, or of somebody in another account."""
        account = OTHER_ACCOUNTS.get(who, ACCOUNT)
        name = f"member-{who.replace(' ', '-').replace('_', '-')}"
        iam = self.client("iam", aws_access_key_id=account, aws_secret_access_key="local")
        iam.create_user(UserName=name)
        if account == ACCOUNT:
            iam.add_user_to_group(GroupName=holders()[who].name, UserName=name)
            device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
            codes = {"AuthenticationCode1": "111111", "AuthenticationCode2": "222222"}
            iam.enable_mfa_device(UserName=name, SerialNumber=device, **codes)
        else:
            text = json.dumps(ASSUME_ANYTHING)
            iam.put_user_policy(UserName=name, PolicyName="deploy", PolicyDocument=text)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}

    def may_assume(self, assumption: Assumption, caller: dict[str, str]) -> bool:
        """Whether STS gives a session of the role."""
        sts = self.client("sts", **caller)
        given = {}
        if assumption.context.get("aws:MultiFactorAuthPresent") == "true":
            user = sts.get_caller_identity()["Arn"]
            given = {"SerialNumber": user.replace(":sts:", ":iam:").replace(":user/", ":mfa/"), "TokenCode": "123456"}
        if "sts:ExternalId" in assumption.context:
            given = {"ExternalId": external_id(str(assumption.context["sts:ExternalId"]))}
        try:
            sts.assume_role(RoleArn=role_arn(assumption.role), RoleSessionName="work", **given)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            return False
        return True


def _entry(key: str, value: str | list[str]) -> dict[str, Any]:
    if isinstance(value, list):
        return {"ContextKeyName": key, "ContextKeyValues": value, "ContextKeyType": "stringList"}
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}


@contextmanager
def deployed(folder: Path) -> Iterator[Deployed]:
    """Deploy as a user does; gone again afterwards."""
    from sec_local.in_process import LocalAws  # noqa: PLC0415 - MiniStack only where it is used

    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in aws_environment(ACCOUNT).items():
            patch.setenv(name, value)
        local = stack.enter_context(LocalAws())
        stack.enter_context(installed_everywhere(local, patch))
        tool = make_tool(folder / "sec")
        config = tool.write_config(config_text())
        done = tool("deploy", "--config", config, "--force")
        assert done.code == 0, done.stderr
        local.settings.enforce = True
        yield Deployed(local)
