"""Events of a stack as they come: one line each, and on a terminal a bar that shows how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from sec_provisioner.report.log import RunLog
from sec_provisioner.report.terminal import Terminal

_BAR_WIDTH = 30


@dataclass
class Progress:
    """Counts finished resources while an operation `over` so many of them goes on."""

    terminal: Terminal
    log: RunLog
    _total: int = 0
    _done: set[str] = field(default_factory=set)

    def show(self, name: str, kind: str, status: str, reason: str, *, ends: Literal["well", "badly"] | None) -> None:
        """One event. `ends`: how the resource has come to the end of its way; None while it is still going."""
        if ends == "well":
            self._done.add(name)
        why = f": {reason}" if reason and ends == "badly" else ""
        line = f"{status:<20} {kind.rsplit('::', maxsplit=1)[-1]:<14} {name}{why}"
        self._wipe()
        if ends:
            self.log.say(line)
        else:
            self.log.detail(line)
        self._draw()

    @contextmanager
    def over(self, total: int) -> Iterator[None]:
        """An operation on so many resources; the bar is gone when it ends, however it does."""
        self._done.clear()
        self._total = total
        try:
            yield
        finally:
            self._wipe()
            self._total = 0

    def _draw(self) -> None:
        if not self.terminal.draws or not self._total:
            return
        done = min(len(self._done), self._total)
        filled = _BAR_WIDTH * done // self._total
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        self.terminal.stderr.write(f"\r{bar} {done}/{self._total}")
        self.terminal.stderr.flush()

    def _wipe(self) -> None:
        if self.terminal.draws and self._total:
            self.terminal.stderr.write("\r\x1b[2K")
            self.terminal.stderr.flush()
