"""Everything live that a stack's (resolved) template is compared with, read at one moment.

account, roles, parameters: 2 calls and one for each 10 parameters, plus further pages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sec_provisioner.aws import deployed, identity
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.identity import LiveAccount


def fetch_live_state(
    run: Run, resources: Mapping[str, Mapping[str, Any]], account: LiveAccount | None = None
) -> LiveState:
    """Read what `find_drift` compares.

    Args:
        run: this run.
        resources: logical id -> resource of a template, functions worked out; its parameters are read.
        account: the account's IAM, where it was read just now.
    """
    return LiveState(
        account=identity.fetch_account(run.aws) if account is None else account,
        settings=deployed.fetch_role_settings(run.aws),
        parameters=tuple(
            one for path in _parameter_paths(resources) for one in deployed.fetch_parameters(run.aws, path)
        ),
    )


def _parameter_paths(resources: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The paths that the template's parameters lie under: one, `/security/{stem}/`, in a template of ours."""
    names = (
        one.get("Properties", {}).get("Name") for one in resources.values() if one["Type"] == "AWS::SSM::Parameter"
    )
    return tuple(sorted({f"{one.rpartition('/')[0]}/" for one in names if isinstance(one, str)}))
