"""Is the MiniStack that is installed the one whose seams this package knows?"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from sec_local import MINISTACK_VERSION


def pin_problem() -> str | None:
    """What to tell the user about the installed MiniStack, or None where it is the right one."""
    try:
        installed = version("ministack")
    except PackageNotFoundError:
        return "MiniStack is not installed: pip install 'sec-provisioner[local]'"
    if installed == MINISTACK_VERSION:
        return None
    return (
        f"MiniStack {installed} is installed, but the local AWS was made for {MINISTACK_VERSION}: what it adds "
        f"may not take hold. Mend: pip install ministack=={MINISTACK_VERSION}"
    )
