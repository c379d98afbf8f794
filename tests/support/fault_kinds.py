"""The ways in which a call to AWS can go wrong, or the tool end there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sec_local.faults import Fault
from support.fault_world import World


@dataclass(frozen=True)
class Kind:
    """A way to go wrong. `set_up` arms it for the nth call; `code` is what the run ends with, None: it is killed."""

    name: str
    set_up: Callable[[World, int], None]
    code: int | None
    may_refuse: bool = False
    says: tuple[str, ...] = ()
    """One of these stands in the message; S3's answers to HEAD have no body that could tell."""

    @property
    def heading(self) -> str:
        """The fault with the exit code that it ends in."""
        ends = "-" if self.code is None else f"{self.code} or 4" if self.may_refuse else self.code
        return f"{self.name} ({ends})"


def _fault(kind: Any, *, times: int = 1, after: bool = False) -> Callable[[World, int], None]:
    return lambda world, nth: world.local.faults.add(Fault(kind, nth=nth, times=times, after=after))


def _kill(world: World, nth: int) -> None:
    world.wire.strike = lambda count: world.wire.kill() if count == nth else None


def _kill_after(world: World, nth: int) -> None:
    world.wire.strike_after = lambda count: world.wire.kill() if count == nth else None


def _interrupt(world: World, nth: int) -> None:
    def strike(count: int) -> None:
        if count == nth:
            raise KeyboardInterrupt

    world.wire.strike = strike


KINDS = (
    Kind("throttled once", _fault("throttle"), 0),
    Kind("a server error once", _fault("error"), 0),
    Kind("the connection drops", _fault("drop"), 0),
    # A request that is repeated after it had its effect may find its own deed, and take it for somebody else's.
    Kind("the answer is lost", _fault("drop", after=True), 0, may_refuse=True),
    Kind("throttled for good", _fault("throttle", times=0), 3, says=("throttles", "503")),
    Kind("server errors for good", _fault("error", times=0), 3, says=("fault of its own",)),
    Kind("the credentials expire", _fault("expired-token", times=0), 3, says=("expired",)),
    Kind("interrupted", _interrupt, 130),
    Kind("killed before the call", _kill, None),
    Kind("killed after the call", _kill_after, None),
)
