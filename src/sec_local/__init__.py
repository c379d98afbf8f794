"""A local AWS for trying things out and for tests: MiniStack, and what it lacks.

A request comes in over HTTP (`server`) or from botocore in this very process (`in_process`), becomes a `Call`,
runs through the stages of the `gateway` (faults, then whatever else was added) and ends at MiniStack, whose
handlers the modules of `iam` and `cloudformation` have replaced or wrapped by the time their service is first
asked for (`extensions`). `state` keeps it all in a folder between runs.

This package knows nothing of the tool that ships it. It is meant for 127.0.0.1 and for nothing else.
"""

from __future__ import annotations

MINISTACK_VERSION = "1.5.33"
"""The one version whose insides this package was written for."""

DEFAULT_ACCOUNT = "000000000000"
"""Whose account a caller is in whose access key is not itself an account id."""
