"""Which of our modules go with which service of MiniStack's, put in place when the service is first asked for.

Lazily, because MiniStack imports its services lazily: starting it must not cost more than before.
"""

from __future__ import annotations

from importlib import import_module

from sec_local.noise import quiet_imports

_IAM = ("sec_local.iam.install", "sec_local.enforcement.install")
_MODULES = {
    "iam": _IAM,
    "sts": _IAM,
    "cloudformation": (
        *_IAM,
        "sec_local.ssm.install",
        "sec_local.cloudformation.install",
        "sec_local.enforcement.install_stacks",
    ),
    "s3": ("sec_local.s3.other_accounts", "sec_local.s3.new_buckets"),
    "ssm": ("sec_local.ssm.install",),
    "cloudtrail": ("sec_local.cloudtrail",),
}
_installed: set[str] = set()


def ensure(service: str) -> None:
    """Put everything in place that `service` needs, once."""
    if service in _installed:
        return
    _installed.add(service)
    with quiet_imports():
        from ministack.app import _get_module  # noqa: PLC0415 - MiniStack is imported on first use

        _install("sec_local.accounts")
        if service in _MODULES:
            _get_module(service)
        for module in _MODULES.get(service, ()):
            _install(module)


def _install(module: str) -> None:
    if module in _installed:
        return
    _installed.add(module)
    import_module(module).install()
