"""MiniStack logs to the root logger from its first import on; a program that embeds it wants to hear nothing."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGGER = "sec_local"
"""Everything that MiniStack says ends up under this name, and nowhere else."""


@contextmanager
def quiet_imports() -> Iterator[None]:
    """Import MiniStack's modules inside: their `basicConfig` and import-time warnings are kept away."""
    root = logging.getLogger()
    level, keep_out = root.level, logging.NullHandler()
    # basicConfig does nothing where the root logger has a handler already.
    root.addHandler(keep_out)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
        root.removeHandler(keep_out)
        root.setLevel(level)
        redirect_loggers()


def redirect_loggers() -> None:
    """Hang the loggers of all MiniStack modules below `LOGGER`, whose level decides what is heard."""
    ours = logging.getLogger(LOGGER)
    if not ours.handlers:
        ours.addHandler(logging.NullHandler())
    for name, module in list(sys.modules.items()):
        theirs = getattr(module, "logger", None) if name.startswith("ministack.") else None
        if isinstance(theirs, logging.Logger):
            theirs.parent = ours
