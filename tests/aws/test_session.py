"""Credentials of every kind work or have their message; every client goes where it should."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.session import Session

from sec_provisioner.aws import session as sessions
from sec_provisioner.aws.identity import fetch_caller
from sec_provisioner.aws.session import Access, RoleToAssume, connect
from sec_provisioner.errors import AwsError, UsageError
from support.operator_role import ROLE, make_operator


@pytest.fixture
def config(tmp_path: Path, clean: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    def write(text: str) -> None:
        (tmp_path / "config").write_text(text, encoding="utf-8")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    return write


@pytest.mark.usefixtures("clean")
def test_without_credentials_the_message_says_where_they_can_be() -> None:
    with pytest.raises(AwsError, match="no AWS credentials") as caught:
        connect(Access("us-west-1"))
    assert "--profile" in caught.value.hint


@pytest.mark.usefixtures("clean")
def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(AwsError, match="prod"):
        connect(Access("us-west-1", profile="prod"))


def test_half_of_a_key(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    with pytest.raises(AwsError, match="incomplete"):
        connect(Access("us-west-1"))


MFA = f"""
[profile base]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret
[profile careful]
source_profile = base
role_arn = {ROLE}
mfa_serial = arn:aws:iam::123456789012:mfa/anna
[profile further]
source_profile = careful
role_arn = {ROLE}-2
"""


@pytest.mark.parametrize("profile", ["careful", "further"])
def test_an_mfa_profile_without_a_terminal_says_so_instead_of_waiting(config: Any, profile: str) -> None:
    config(MFA)
    with pytest.raises(AwsError, match="careful needs an MFA code"):
        connect(Access("us-west-1", profile=profile))


def test_an_mfa_profile_on_a_terminal_may_ask(config: Any) -> None:
    config(MFA)
    assert connect(Access("us-west-1", profile="careful", has_terminal=True)).region == "us-west-1"


def test_plain_keys_of_a_profile_that_others_guard_by_mfa_need_no_code(config: Any) -> None:
    config(MFA)
    assert connect(Access("us-west-1", profile="base")).region == "us-west-1"


def test_an_sso_profile_without_a_session(config: Any) -> None:
    config(
        "[profile people]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Operator\n"
        "[sso-session corp]\nsso_region = us-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
    )
    with pytest.raises(AwsError, match="SSO") as caught:
        fetch_caller(connect(Access("us-west-1", profile="people")))
    assert "aws sso login" in caught.value.hint


def test_a_credential_process_that_fails(config: Any) -> None:
    config("[profile tool]\ncredential_process = false\n")
    with pytest.raises(AwsError, match="can't be fetched"):
        fetch_caller(connect(Access("us-west-1", profile="tool")))


def test_a_config_file_that_can_not_be_parsed(config: Any) -> None:
    config("[profile broken\nregion = x")
    with pytest.raises(AwsError, match="config") as caught:
        connect(Access("us-west-1", profile="broken"))
    assert "AWS_CONFIG_FILE" in caught.value.hint


def test_an_endpoint_that_is_no_url(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with pytest.raises(UsageError, match="nonsense") as caught:
        fetch_caller(connect(Access("us-west-1", endpoint_url="nonsense")))
    assert "--endpoint-url" in caught.value.hint


def test_an_endpoint_that_nobody_listens_on(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setattr(sessions, "_RETRIES", {"total_max_attempts": 1})
    with pytest.raises(AwsError, match=r"http://127.0.0.1:9") as caught:
        fetch_caller(connect(Access("us-west-1", endpoint_url="http://127.0.0.1:9")))
    assert "--endpoint-url" in caught.value.hint


def test_the_configured_role_is_assumed_with_its_external_id(local_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    make_operator({"AWS": "arn:aws:iam::123456789012:root"})
    asked: list[dict[str, Any]] = []
    make = Session.__init__

    def make_and_listen(self: Session, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        self.register("provide-client-params.sts.AssumeRole", lambda **event: asked.append(event["params"]))

    role = RoleToAssume(ROLE, external_id="between-us", session_name="night-shift")
    with monkeypatch.context() as patch:
        patch.setattr(Session, "__init__", make_and_listen)
        caller = fetch_caller(connect(Access("us-west-1", assume_role=role)))
    assert "assumed-role/operator/night-shift" in caller.arn
    assert caller.principal == "assumed-role/operator"
    assert [one["ExternalId"] for one in asked] == ["between-us"]


@pytest.mark.usefixtures("clean")
def test_an_endpoint_given_by_flag_also_leads_the_clients_that_fetch_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setattr(sessions, "_RETRIES", {"total_max_attempts": 1})
    access = Access("us-west-1", endpoint_url="http://127.0.0.1:9", assume_role=RoleToAssume(ROLE))
    with pytest.raises(AwsError, match=r"http://127.0.0.1:9"):
        fetch_caller(connect(access))


@pytest.mark.parametrize(("region", "suffix"), [("us-west-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")])
def test_the_partition_decides_how_addresses_end(
    clean: None, monkeypatch: pytest.MonkeyPatch, region: str, suffix: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    assert connect(Access(region)).dns_suffix == suffix


def loader() -> Any:
    session = sessions._configured_session(Access("us-west-1"))  # noqa: SLF001 - its loader is seen nowhere else
    return session.get_component("data_loader")


@pytest.mark.usefixtures("clean")
def test_every_service_that_botocore_knows_is_known() -> None:
    assert set(Loader().list_available_services("service-2")) <= set(loader().list_available_services("service-2"))


@pytest.mark.usefixtures("clean")
def test_models_of_the_users_own_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "models" / "extra").mkdir(parents=True)
    monkeypatch.setenv("AWS_DATA_PATH", f"{tmp_path / 'models'}{os.pathsep}{tmp_path / 'missing'}")
    assert {"extra", "iam"} <= set(loader().list_available_services("service-2"))
