"""Something goes wrong at each single call to AWS of each action: the run ends calmly, and the next one ends well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sec_local.faults import Fault
from support.fault_scenarios import SCENARIOS, Scenario
from support.fault_world import Killed, World
from support.tool import Ran


@dataclass(frozen=True)
class Kind:
    """A way to go wrong. `set_up` arms it for the nth call; `code` is what the run ends with, None: it is killed."""

    name: str
    set_up: Callable[[World, int], None]
    code: int | None
    says: tuple[str, ...] = ()
    """One of these stands in the message; S3's answers to HEAD have no body that could tell."""


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
    Kind("the answer is lost", _fault("drop", after=True), 0),
    Kind("throttled for good", _fault("throttle", times=0), 3, ("throttles", "503")),
    Kind("server errors for good", _fault("error", times=0), 3, ("fault of its own",)),
    Kind("the credentials expire", _fault("expired-token", times=0), 3, ("expired",)),
    Kind("interrupted", _interrupt, 130),
    Kind("killed before the call", _kill, None),
    Kind("killed after the call", _kill_after, None),
)


@pytest.fixture(scope="module")
def undisturbed(world: World) -> Callable[[Scenario], tuple[int, dict[str, Any]]]:
    """Scenario -> how many calls it makes, and the state that it ends in."""
    known: dict[str, tuple[int, dict[str, Any]]] = {}
    prepared: list[str] = []

    def run(scenario: Scenario) -> tuple[int, dict[str, Any]]:
        if prepared != [scenario.name]:
            prepared[:] = [scenario.name]
            world.start_over()
            scenario.prepare(world)
            world.keep()
        if scenario.name not in known:
            world.restore()
            ran = world.run(*scenario.command)
            assert ran.code == 0, ran.stderr
            known[scenario.name] = (len(world.wire.calls), world.state())
        return known[scenario.name]

    return run


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_run_ends_calmly_and_the_next_one_well(
    world: World, undisturbed: Callable[[Scenario], tuple[int, dict[str, Any]]], scenario: Scenario, kind: Kind
) -> None:
    count, expected = undisturbed(scenario)
    for nth in range(1, count + 1):
        world.restore()
        kind.set_up(world, nth)
        where = f"{kind.name} at call {nth}"
        ran = _run(world, scenario)
        where += f" ({world.wire.calls[min(nth, len(world.wire.calls)) - 1]})"
        _check_end(ran, kind, where)
        world.local.faults.clear()
        world.wire.disarm()
        if kind.code != 0:
            again = world.run(*scenario.retry)
            assert again.code == 0, f"{where}, second run: {again.stderr}"
        assert world.state() == expected, where


def _run(world: World, scenario: Scenario) -> Ran | None:
    try:
        return world.run(*scenario.command)
    except Killed:
        return None


def _check_end(ran: Ran | None, kind: Kind, where: str) -> None:
    if kind.code is None:
        assert ran is None, where
        return
    assert ran is not None, where
    assert ran.code == kind.code, f"{where}: {ran.code} {ran.stderr}"
    assert "Traceback" not in ran.stderr + ran.log, where
    assert "Unexpected" not in ran.stderr, where
    if kind.code not in (0, 130):
        assert any(one in ran.stderr for one in kind.says), f"{where}: {ran.stderr}"
        assert "help:" in ran.stderr, where
