"""The actions, in the order of `--help`. A new one is a module with `run(ctx)` and a line here."""

from __future__ import annotations

from sec_provisioner.actions.base import ActionClass, ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        name="schema",
        kind=ActionClass.LOCAL,
        summary="Print the JSON Schema of the config, for editors.",
        module="sec_provisioner.actions.schema",
        config="none",
    ),
)
