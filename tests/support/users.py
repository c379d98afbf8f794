"""Being somebody who may not do everything, for the tests that are about permissions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[int]:
    """Root may write everywhere: for the time being become somebody who may not."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield os.geteuid()
    finally:
        os.seteuid(own)
