"""What local-serve and local-reset share: where the state lies, and the extra that brings the local AWS."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from sec_provisioner.actions.base import Context
from sec_provisioner.failures.making import NO_LOCAL_AWS

FOLDER = "local-aws"


def state_folder(ctx: Context) -> Path:
    """`--state-dir`, else `local-aws` below the home."""
    named = ctx.own("state_dir")
    return Path(named).expanduser() if named else ctx.folders.home / FOLDER


def load_local_aws(ctx: Context) -> ModuleType:
    """The server of the local AWS; warns where it runs on another version than it was made for.

    Raises:
        SecError: the extra `local` is not installed.
    """
    problem = _load("sec_local.pin").pin_problem()
    if problem:
        ctx.log.caution(problem)
    return _load("sec_local.server")


def load_local_state() -> ModuleType:
    """What keeps the state of the local AWS.

    Raises:
        SecError: the extra `local` is not installed.
    """
    return _load("sec_local.state")


def _load(name: str) -> ModuleType:
    try:
        import_module("ministack")
        return import_module(name)
    except ImportError as error:
        raise NO_LOCAL_AWS() from error
