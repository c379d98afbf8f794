"""The start of the process: `sec-provisioner` and `python -m sec_provisioner`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType


def run() -> None:
    """Run the command line of this process and exit with its code."""
    # A run makes few cycles and ends soon: looking for them every 700 objects took 4 % of it, once more at the end 7 %.
    gc.set_threshold(100_000)
    try:
        # A container that is stopped gets SIGTERM: the run ends as one that is interrupted by Ctrl-C.
        signal.signal(signal.SIGTERM, _interrupt)
        from sec_provisioner.cli import main  # noqa: PLC0415 - Ctrl-C while importing is calm, too

        code = int(main(sys.argv[1:]))
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 0
    _leave(code)


def _leave(code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):
            # The reader has gone away; the interpreter must not complain about it at its own end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    gc.freeze()
    sys.exit(code)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    run()
