"""Everything live that a stack's (resolved) template is compared with, read at one moment.

account, roles, parameters: 2 calls and one for each 10 parameters, plus further pages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sec_provisioner.aws import deployed, identity
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.deployed import LiveState
from sec_provisioner.live.drift import parameter_names
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
        parameters=deployed.fetch_parameters(run.aws, parameter_names(resources)),
    )
