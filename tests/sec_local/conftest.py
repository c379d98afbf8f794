"""The local AWS's own tests run against it as a server, each in an account of its own."""

from __future__ import annotations

from support.local_aws import aws, local_aws, local_server, loopback_only

__all__ = ["aws", "local_aws", "local_server", "loopback_only"]
