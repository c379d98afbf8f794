"""Something goes wrong at each single call to AWS of each action: the run ends calmly, and the next one ends well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.fault_kinds import KINDS, Kind
from support.fault_scenarios import SCENARIOS, Scenario
from support.fault_world import Killed, World
from support.tool import Ran


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


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_run_ends_calmly_and_the_next_one_well(
    world: World,
    undisturbed: Callable[[Scenario], tuple[int, dict[str, Any]]],
    record_property: Callable[[str, object], None],
    scenario: Scenario,
    kind: Kind,
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
        if ran is None or ran.code != 0:
            if "--wait" not in scenario.retry:
                world.rest()
            again = world.run(*scenario.retry)
            assert again.code == 0, f"{where}, second run: {again.stderr}"
        assert world.state() == expected, where
    record_property("tried", (scenario.name, kind.heading, count))


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
    assert ran.code == kind.code or (kind.may_refuse and ran.code == 4), f"{where}: {ran.code} {ran.stderr}"
    assert "Traceback" not in ran.stderr + ran.log, where
    assert "Unexpected" not in ran.stderr, where
    if kind.code not in (0, 130):
        assert any(one in ran.stderr for one in kind.says), f"{where}: {ran.stderr}"
        assert "help:" in ran.stderr, where
