"""What every operation on AWS is given: the connection, time, a source of unique words, and where progress goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, repeat
from typing import Protocol

from sec_provisioner.aws.session import Aws
from sec_provisioner.live.events import StackEvent
from sec_provisioner.live.identity import Caller

# Seconds between two looks at something that is going on: short at first, since IAM is often quick.
_PAUSES = (0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0)
_LONGEST_PAUSE = 5.0
OWN_MARK = "sec-provisioner"


class Clock(Protocol):
    """Time, so that a test can own it."""

    def now(self) -> datetime:
        """The time in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


def _ignore(_: object) -> None:
    """Where nobody listens."""


@dataclass(frozen=True)
class Run:
    """One run against AWS."""

    aws: Aws
    clock: Clock
    unique: Callable[[], str]
    """Each call gives another short word of a-z0-9."""
    say: Callable[[str], None] = _ignore
    """One line of progress for people."""
    note: Callable[[str], None] = _ignore
    """One line for the log only: what must be on disk before it is removed on AWS."""
    on_event: Callable[[StackEvent], None] = _ignore
    """Events of a stack as they come in."""
    caller: Caller = field(default_factory=lambda: Caller("", "arn:aws:iam::0:user/nobody"))

    def token(self) -> str:
        """A client request token: it makes a repeated request harmless and tells whose operation it is."""
        who = "".join(one if one.isalnum() else "-" for one in self.caller.principal)
        return f"{OWN_MARK}-{who[:60]}-{self.unique()}{self.unique()}"

    def looks(self) -> Iterator[None]:
        """Look at once, then again and again with growing pauses, for as long as the caller wants."""
        yield
        for seconds in chain(_PAUSES, repeat(_LONGEST_PAUSE)):
            self.clock.sleep(seconds)
            yield
