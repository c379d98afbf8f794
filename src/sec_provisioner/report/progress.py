"""Events of a stack as they come: one line each, and on a terminal a bar that shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from sec_provisioner.report.log import RunLog
from sec_provisioner.report.terminal import Terminal

_BAR_WIDTH = 30


@dataclass
class Progress:
    """Counts finished resources out of `total`; 0 where that is not known."""

    terminal: Terminal
    log: RunLog
    total: int = 0
    _done: set[str] = field(default_factory=set)

    def show(self, name: str, kind: str, status: str, reason: str, *, is_done: bool) -> None:
        """One event. `is_done`: the resource has reached the end of its way."""
        if is_done:
            self._done.add(name)
        self._wipe()
        tail = f": {reason}" if reason and "FAILED" in status else ""
        self.log.say(f"{status:<20} {kind.rsplit('::', maxsplit=1)[-1]:<14} {name}{tail}")
        self._draw()

    def end(self) -> None:
        """No event follows."""
        self._wipe()

    def _draw(self) -> None:
        if not self.terminal.draws or not self.total:
            return
        done = min(len(self._done), self.total)
        filled = _BAR_WIDTH * done // self.total
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        self.terminal.stderr.write(f"\r{bar} {done}/{self.total}")
        self.terminal.stderr.flush()

    def _wipe(self) -> None:
        if self.terminal.draws and self.total:
            self.terminal.stderr.write("\r\x1b[2K")
            self.terminal.stderr.flush()
