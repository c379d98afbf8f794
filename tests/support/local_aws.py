"""Fixtures for tests against the local AWS: a server in a process of its own, or one in this process.

Import what you use into your folder's `conftest.py`. Every test gets an account of its own (the access key is the
account id), so that tests share a server without seeing each other. Nothing of the host's AWS configuration is
read, and only loopback addresses can be reached.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from sec_local.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import boto3

REGION = "us-west-1"
_accounts = itertools.count(random.randrange(10**11, 9 * 10**11))  # noqa: S311 - a name, no secret


@dataclass
class ServerProcess:
    """`python -m sec_local serve` in a process of its own."""

    process: subprocess.Popen[str]
    url: str

    def stop(self, *, timeout: float = 20) -> int:
        """Ask it to end cleanly; its state is saved by then."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(10)


@dataclass(frozen=True)
class LocalAccount:
    """Where a test's own account is: `environment` for programs, `session` for boto3 in this process."""

    url: str
    account_id: str
    region: str
    environment: dict[str, str] = field(hash=False)

    def session(self) -> boto3.Session:
        """A session of this account; `AWS_ENDPOINT_URL` leads its clients to the server."""
        import boto3  # noqa: PLC0415 - not before the environment is clean

        return boto3.Session(aws_access_key_id=self.account_id, aws_secret_access_key="local", region_name=self.region)

    def client(self, service: str) -> Any:
        """A client of this account."""
        from botocore.config import Config  # noqa: PLC0415 - the same

        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        session: Any = self.session()  # the service is chosen at run time
        return session.client(service, endpoint_url=self.url or None, config=config)


def aws_environment(account_id: str, url: str = "", region: str = REGION) -> dict[str, str]:
    """What a program needs in its environment to see this account and nothing of the host's configuration."""
    nowhere = os.devnull
    environment = {
        "AWS_ACCESS_KEY_ID": account_id,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return {**environment, "AWS_ENDPOINT_URL": url} if url else environment


def new_account(url: str) -> LocalAccount:
    """An account of a server's that nobody has used yet."""
    account_id = str(next(_accounts))
    return LocalAccount(url, account_id, REGION, aws_environment(account_id, url))


def start_server(folder: Path, *, state_dir: Path | None = None, arguments: tuple[str, ...] = ()) -> ServerProcess:
    """Start a server and wait until it takes requests; whoever starts it stops it."""
    port_file = folder / "port"
    port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sec_local", "serve", "--port", "0", "--port-file", str(port_file)]
    if state_dir is not None:
        command += ["--state-dir", str(state_dir)]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    # A test that fails half-way must not leave its server behind.
    atexit.register(_end, process)
    deadline = time.monotonic() + 30
    while not port_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"the local AWS did not start: {process.communicate()[1]}")
        time.sleep(0.02)
    return ServerProcess(process, f"http://127.0.0.1:{port_file.read_text().strip()}")


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait(10)


def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the whole session, stopped by its own process id."""
    server = start_server(tmp_path_factory.mktemp("local-aws"))
    yield server
    server.stop()
    for stream in (server.process.stdout, server.process.stderr):
        if stream is not None:
            stream.close()


@pytest.fixture
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection to elsewhere fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def aws(local_server: ServerProcess, loopback_only: None, monkeypatch: pytest.MonkeyPatch) -> LocalAccount:
    """A fresh account on the session's server; the environment of this process leads there too."""
    _clean_environment(monkeypatch)
    account = new_account(local_server.url)
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    return account


@pytest.fixture
def local_aws(loopback_only: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The local AWS in this process, empty; botocore sessions made during the test lead there."""
    from sec_local.in_process import LocalAws  # noqa: PLC0415 - MiniStack only where it is used

    _clean_environment(monkeypatch)
    for name, value in aws_environment(str(next(_accounts))).items():
        monkeypatch.setenv(name, value)
    with contextlib.ExitStack() as stack:
        local = stack.enter_context(LocalAws())
        stack.enter_context(installed_everywhere(local, monkeypatch))
        yield local


class ServerControl:
    """Faults and settings of a server, over its own addresses."""

    def __init__(self, url: str) -> None:
        self._url = url

    def add(self, **fault: Any) -> None:
        """Set a fault."""
        self._send("POST", "faults", fault)

    def listed(self) -> list[dict[str, Any]]:
        """The faults that are set; `seen` is how many matching calls there were."""
        with urllib.request.urlopen(f"{self._url}/_local/faults", timeout=10) as answer:  # noqa: S310 - loopback
            found: list[dict[str, Any]] = json.loads(answer.read())
        return found

    def settings(self, **values: Any) -> None:
        """Change switches."""
        self._send("PUT", "settings", values)

    def reset(self) -> None:
        """Empty accounts, no faults, every switch as at the start."""
        self._send("POST", "reset", {})

    def clear(self) -> None:
        """No faults, every switch as at the start."""
        self._send("DELETE", "faults", {})
        self._send("PUT", "settings", asdict(Settings()))

    def _send(self, method: str, path: str, body: dict[str, Any]) -> None:
        request = urllib.request.Request(  # noqa: S310 - a loopback address
            f"{self._url}/_local/{path}", data=json.dumps(body).encode(), method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            assert answer.status == HTTPStatus.OK


@pytest.fixture
def faults(local_server: ServerProcess) -> Iterator[ServerControl]:
    """Faults on the session's server, cleared after the test."""
    control = ServerControl(local_server.url)
    yield control
    control.clear()


def share_loader(session: Any) -> None:
    """Let a botocore session read AWS's service models from what others in this process have read already."""
    session.register_component("data_loader", _loader())


@functools.cache
def _loader() -> Any:
    from botocore.loaders import create_loader  # noqa: PLC0415 - not before the environment is clean

    return create_loader()


@contextlib.contextmanager
def installed_everywhere(local: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every botocore session that is made from now on sends to `local`."""
    import botocore.session  # noqa: PLC0415 - not before the environment is clean

    make = botocore.session.Session.__init__

    def make_and_install(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        share_loader(self)
        local.install(self)

    with monkeypatch.context() as patch:
        patch.setattr(botocore.session.Session, "__init__", make_and_install)
        yield
