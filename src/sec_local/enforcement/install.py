"""Put the engine beside MiniStack's IAM and STS. It is read when it is first asked: starting costs nothing more.

Nobody is asked anything before `Settings.enforce` is on, but for IAM's Simulate calls.
"""

from __future__ import annotations

from importlib import import_module

from sec_local.enforcement import access_keys, mfa
from sec_local.iam.wire import Answer, Params, add_action

_SIMULATION = "sec_local.enforcement.simulation"


def install() -> None:
    """Called once, when IAM is first asked for."""
    access_keys.install()
    mfa.install()
    add_action("SimulatePrincipalPolicy", _simulate_principal_policy)
    add_action("SimulateCustomPolicy", _simulate_custom_policy)


def _simulate_principal_policy(params: Params) -> Answer:
    answer: Answer = import_module(_SIMULATION).simulate_principal_policy(params)
    return answer


def _simulate_custom_policy(params: Params) -> Answer:
    answer: Answer = import_module(_SIMULATION).simulate_custom_policy(params)
    return answer
