"""An account in which IAM's policies decide: people in it, and what they are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from support.local_aws import LocalAccount, ServerControl
from support.stack_samples import document

if TYPE_CHECKING:
    import boto3

REFUSED = ("AccessDenied", "AccessDeniedException", "403")
"""How services call it; HEAD requests have no body."""


@contextmanager
def enforcing(url: str) -> Iterator[None]:
    """Let policies decide on a server, for a while."""
    control = ServerControl(url)
    control.settings(enforce=True)
    try:
        yield
    finally:
        control.settings(enforce=False)


@dataclass(frozen=True)
class Someone:
    """Somebody with credentials of their own."""

    account: LocalAccount
    session: boto3.Session
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A client, made once."""
        from botocore.config import Config  # noqa: PLC0415 - not before the environment is clean

        if service not in self._clients:
            config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
            session: Any = self.session
            self._clients[service] = session.client(service, endpoint_url=self.account.url, config=config)
        return self._clients[service]

    def assume(self, role: str, **more: Any) -> Someone:
        """A session of a role."""
        given = {"RoleArn": role, "RoleSessionName": "session", **more}
        return with_credentials(self.account, self.client("sts").assume_role(**given)["Credentials"])


def with_credentials(account: LocalAccount, credentials: dict[str, Any]) -> Someone:
    """Whoever has these credentials, long-term or temporary."""
    import boto3  # noqa: PLC0415 - not before the environment is clean
    import botocore.session  # noqa: PLC0415 - the same

    core: Any = botocore.session.Session()
    core.register_component("data_loader", _loader())
    core.set_credentials(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials.get("SessionToken"))
    return Someone(account, boto3.Session(botocore_session=core, region_name=account.region))


@cache
def _loader() -> Any:
    """Sessions share what was read of the services' models: reading it takes longer than most calls."""
    from botocore.loaders import create_loader  # noqa: PLC0415 - the same

    return create_loader()


def user(account: LocalAccount, name: str, *statements: dict[str, Any], **more: Any) -> Someone:
    """A new user with one inline policy and an access key."""
    iam = administrator(account).client("iam")
    iam.create_user(UserName=name, **more)
    if statements:
        allow(account, name, *statements)
    return with_credentials(account, iam.create_access_key(UserName=name)["AccessKey"])


def allow(account: LocalAccount, name: str, *statements: dict[str, Any]) -> None:
    """From now on the user's inline policy holds these statements."""
    text = json.dumps(document(*statements))
    administrator(account).client("iam").put_user_policy(UserName=name, PolicyName="own", PolicyDocument=text)


@cache
def administrator(account: LocalAccount) -> Someone:
    """Whoever may do everything in the account."""
    return with_credentials(account, {"AccessKeyId": account.account_id, "SecretAccessKey": "local"})


def refusal(call: Any, /, **parameters: Any) -> str | None:
    """What a call is told that is refused for want of rights; None where it is let through, whatever comes of it."""
    try:
        call(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSED:
            return str(error.response["Error"]["Message"])
    return None


def filled(value: Any, texts: dict[str, Any]) -> Any:
    """A case's value, in which each text that `texts` has stands for something else."""
    if isinstance(value, dict):
        return {filled(key, texts): filled(inner, texts) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, texts) for inner in value]
    return texts.get(value, value) if isinstance(value, str) else value
