"""What init-config can't make, and what the local AWS can't do."""

from __future__ import annotations

from sec_provisioner.errors import RefusedError, SecError
from sec_provisioner.failures.base import Area, FailureClass

CONFIG_EXISTS = FailureClass(
    "config-exists",
    RefusedError,
    "{file} is there already.",
    state="It was left as it is.",
    mend="--force overwrites it, --config NAME makes another.",
)

CONFIG_NOT_YAML = FailureClass(
    "config-not-yaml",
    SecError,
    "The config that was made is no YAML.",
    state="It was not written.",
    mend="Make it without the last setting, and report it as a fault of the tool.",
)

SETTING_NOT_WRITABLE = FailureClass(
    "setting-not-writable",
    SecError,
    "The setting `{path}` can't be written so that it reads the same.",
    state="The config was not written.",
    mend="Make it without this setting, then edit it by hand.",
)

AREA = Area("init-config", "", (CONFIG_EXISTS, CONFIG_NOT_YAML, SETTING_NOT_WRITABLE))

NO_LOCAL_AWS = FailureClass(
    "no-local-aws",
    SecError,
    "The local AWS is not installed.",
    mend="Install it: pip install 'sec-provisioner[local]'.",
)

LOCAL_STATE_IN_USE = FailureClass(
    "local-state-in-use",
    SecError,
    "The state in {folder} is {reason}.",
    mend="Stop the local AWS that works on it, or choose another folder with --state-dir.",
)

LOCAL_STATE_STAYS = FailureClass(
    "local-state-stays",
    SecError,
    "The state in {folder} can't be removed: {reason}.",
    state="What could be removed of it is gone.",
    mend="Stop the local AWS that works on it, or choose another folder with --state-dir.",
)

PORT_NOT_FREE = FailureClass(
    "port-not-free",
    SecError,
    "Port {port} can't be used: {reason}.",
    mend="Stop what listens there, or choose another with --port (0 takes any that is free).",
)

LOCAL_AREA = Area("The local AWS", "", (NO_LOCAL_AWS, LOCAL_STATE_IN_USE, LOCAL_STATE_STAYS, PORT_NOT_FREE))
