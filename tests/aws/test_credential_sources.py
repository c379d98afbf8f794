"""Where people's credentials come from: web identity, containers, instances, SSO caches, tokens that have run out.

Each works against a counterpart on the loopback, or has its message.
"""

from __future__ import annotations

import base64
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sec_provisioner.aws import session as sessions
from sec_provisioner.aws.identity import fetch_caller
from sec_provisioner.aws.session import Access, connect
from sec_provisioner.errors import AwsError
from support.operator_role import ROLE, make_operator
from support.users import as_nobody

LATER = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
# An access key that is an account id belongs to that account on the local AWS.
ACCOUNT = "123456789012"
KEYS = {"AccessKeyId": ACCOUNT, "SecretAccessKey": "local", "Token": "token", "Expiration": LATER}

Pages = dict[str, tuple[int, str]]


@pytest.fixture
def serve() -> Iterator[Callable[[Pages], str]]:
    """A small server of fixed pages; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(pages: Pages) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = pages.get(self.path, (404, ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def do_PUT(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def without_keys(local_aws: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The local AWS, and no keys in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    return local_aws


def test_a_container_role_works(
    without_keys: Any, serve: Callable[[Pages], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve({"/role": (200, json.dumps(KEYS))})
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{address}/role")
    assert fetch_caller(connect(Access("us-west-1"))).account_id == "123456789012"


def test_a_container_role_that_does_not_answer_has_its_message(
    without_keys: Any, serve: Callable[[Pages], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve({"/role": (500, "no")})
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{address}/role")
    monkeypatch.setattr("time.sleep", lambda _: None)
    with pytest.raises(AwsError, match="can't be fetched") as caught:
        fetch_caller(connect(Access("us-west-1")))
    assert "container" in caught.value.hint


def test_an_instance_role_works(
    without_keys: Any, serve: Callable[[Pages], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve(
        {
            "/latest/api/token": (200, "session"),
            "/latest/meta-data/iam/security-credentials/": (200, "operator"),
            "/latest/meta-data/iam/security-credentials/operator": (200, json.dumps({**KEYS, "Code": "Success"})),
        }
    )
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", address)
    assert fetch_caller(connect(Access("us-west-1"))).account_id == "123456789012"


def test_a_machine_without_an_instance_role_has_no_credentials(
    without_keys: Any, serve: Callable[[Pages], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", serve({}))
    with pytest.raises(AwsError, match="no AWS credentials"):
        connect(Access("us-west-1"))


@pytest.fixture
def web_identity(without_keys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a pod or a CI job is given; the file of its token."""
    token = tmp_path / "token"
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token))
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_ROLE_SESSION_NAME", "job-7")
    return token


def test_a_web_identity_works(web_identity: Path) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"iss": "https://ci.example", "sub": "job"}).encode()).decode()
    make_operator({"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/ci.example"}, "sts:AssumeRoleWithWebIdentity")
    web_identity.write_text(f"e30.{claims.rstrip('=')}.c2ln", encoding="utf-8")
    assert "assumed-role/operator/job-7" in fetch_caller(connect(Access("us-west-1"))).arn


def test_a_web_identity_without_its_token_has_its_message(web_identity: Path) -> None:
    with pytest.raises(AwsError, match=str(web_identity)) as caught:
        fetch_caller(connect(Access("us-west-1")))
    assert "AWS_WEB_IDENTITY_TOKEN_FILE" in caught.value.hint


# --- SSO ----------------------------------------------------------------------------------------------

SSO = """
[profile people]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Operator
[sso-session corp]
sso_region = us-west-1
sso_start_url = https://corp.awsapps.com/start
"""


@pytest.fixture
def sso_home(without_keys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with an SSO profile and a cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws" / "sso" / "cache").mkdir(parents=True)
    (tmp_path / ".aws" / "config").write_text(SSO, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "config"))
    return tmp_path


def _cache(home: Path, expires: datetime, **more: str) -> Path:
    file = home / ".aws" / "sso" / "cache" / f"{sha1(b'corp').hexdigest()}.json"  # noqa: S324 - the SDK's own name
    content = {"accessToken": "t", "expiresAt": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "region": "us-west-1", **more}
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_an_sso_session_that_has_run_out_says_how_to_renew_it(sso_home: Path) -> None:
    _cache(sso_home, datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(AwsError, match="SSO") as caught:
        fetch_caller(connect(Access("us-west-1", profile="people")))
    assert "aws sso login" in caught.value.hint
    assert "read-only" in caught.value.hint


def test_an_sso_token_that_can_not_be_renewed_under_a_read_only_mount_says_where_to_renew_it(
    sso_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _cache(
        sso_home,
        datetime.now(UTC) - timedelta(minutes=1),
        refreshToken="r",
        clientId="c",
        clientSecret="s",
        registrationExpiresAt=LATER,
    )
    before = file.read_text(encoding="utf-8")
    file.chmod(0o444)
    file.parent.chmod(0o555)
    monkeypatch.setattr(sessions, "_RETRIES", {"total_max_attempts": 1})
    with pytest.raises(AwsError) as caught:
        fetch_caller(connect(Access("us-west-1", profile="people")))
    assert "aws sso login" in caught.value.hint
    assert file.read_text(encoding="utf-8") == before


# --- what has run out ---------------------------------------------------------------------------------


def test_a_session_token_that_has_run_out_says_so(local_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sec_local.faults import Fault  # noqa: PLC0415 - MiniStack only where it is used

    monkeypatch.setenv("AWS_SESSION_TOKEN", "old")
    local_aws.faults.add(Fault("expired-token", service="sts", times=0))
    with pytest.raises(AwsError, match="expired") as caught:
        fetch_caller(connect(Access("us-west-1")))
    assert "aws sso login" in caught.value.hint


# --- files that may not be read -----------------------------------------------------------------------


@pytest.mark.parametrize("profile", [None, "people"])
def test_credentials_of_another_user_that_may_not_be_read_are_named(
    clean: None, monkeypatch: pytest.MonkeyPatch, profile: str | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "credentials"
        file.write_text("[default]\naws_access_key_id = a\naws_secret_access_key = s\n", encoding="utf-8")
        file.chmod(0o600)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
        with as_nobody() as user, pytest.raises(AwsError, match=f"{file} as user id {user}") as caught:
            connect(Access("us-west-1", profile=profile))
    assert "--user" in caught.value.hint
