"""Is the MiniStack that is installed the one whose seams this package knows?"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from sec_local import MINISTACK_VERSION


def installed_version() -> str | None:
    """Which MiniStack is installed, None where it is not.

    Asked at every start: the folder that the installer left tells it at once, `importlib.metadata` takes longer.
    """
    found = find_spec("ministack")
    if found is None or found.origin is None:
        return None
    if (Path(found.origin).parents[1] / f"ministack-{MINISTACK_VERSION}.dist-info").is_dir():
        return MINISTACK_VERSION
    from importlib.metadata import version  # noqa: PLC0415 - where something is amiss

    return version("ministack")


def pin_problem() -> str | None:
    """What to tell the user about the installed MiniStack, or None where it is the right one."""
    installed = installed_version()
    if installed is None:
        return "MiniStack is not installed: pip install 'sec-provisioner[local]'"
    if installed == MINISTACK_VERSION:
        return None
    return (
        f"MiniStack {installed} is installed, but the local AWS was made for {MINISTACK_VERSION}: what it adds "
        f"may not take hold. Mend: pip install ministack=={MINISTACK_VERSION}"
    )
