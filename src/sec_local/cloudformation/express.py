"""Express mode: `DeploymentConfig={Mode, DisableRollback}` on operations of a stack.

An operation in this mode completes when the configuration is applied; its rollback is off unless it is asked for.
Endpoints that do not know the parameter refuse it: `Settings.express = False`.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentConfig.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sec_local.cloudformation.wire import Answer, Params, error, parameter, replace_action
from sec_local.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

_MODES = ("STANDARD", "EXPRESS")


def install() -> None:
    """Wrap the stack operations that take the parameter; change sets read it themselves."""
    for action in ("CreateStack", "UpdateStack", "DeleteStack"):
        replace_action(action, _checked)


def config_of(params: Params) -> dict[str, Any] | None:
    """The parameter as a value, None where it is not given."""
    mode = parameter(params, "DeploymentConfig.Mode")
    rollback_off = parameter(params, "DeploymentConfig.DisableRollback")
    if not mode and not rollback_off:
        return None
    config: dict[str, Any] = {"Mode": mode or "STANDARD"}
    if rollback_off:
        config["DisableRollback"] = rollback_off.lower() == "true"
    return config


def refusal(params: Params) -> Answer | None:
    """A mode that does not exist, or an endpoint that knows no modes."""
    config = config_of(params)
    if config is None:
        return None
    if not SETTINGS.express:
        return error("ValidationError", "Unknown parameter in input: DeploymentConfig")
    if config["Mode"] not in _MODES:
        return error(
            "ValidationError",
            f"1 validation error detected: Value '{config['Mode']}' at 'deploymentConfig.mode' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(_MODES)}]",
        )
    return None


def rollback_is_off(config: dict[str, Any] | None) -> bool:
    """Stated, or by the mode's own default: express does not roll back."""
    if config is None:
        return False
    return bool(config.get("DisableRollback", config["Mode"] == "EXPRESS"))


def with_rollback_default(params: Params, change_set: dict[str, Any]) -> Params:
    """The parameters of ExecuteChangeSet, with the rollback that the change set's mode means."""
    config = change_set.get("_deployment_config")
    if config is None or "DisableRollback" in params or change_set.get("OnStackFailure"):
        return params
    return {**params, "DisableRollback": [str(rollback_is_off(config)).lower()]}


def _checked(operation: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    def checked(params: Params) -> Answer:
        refused = refusal(params)
        if refused:
            return refused
        config = config_of(params)
        if config is not None and "DisableRollback" not in params and not parameter(params, "OnFailure"):
            params = {**params, "DisableRollback": [str(rollback_is_off(config)).lower()]}
        return operation(params)

    return checked
