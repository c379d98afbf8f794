from __future__ import annotations

import os

import pytest

from support.local_aws import aws_environment, local_aws, loopback_only

__all__ = ["clean", "local_aws", "loopback_only"]


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, loopback_only: None) -> None:
    """Nothing of the host's AWS configuration, no credentials, and nothing can be reached."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    environment = aws_environment("123456789012")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del environment[name]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
