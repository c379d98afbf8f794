"""The actions, in the order of `--help`. A new one is a module with `run(ctx)` and a line here."""

from __future__ import annotations

from sec_provisioner.actions.base import ActionClass, ActionSpec

_HERE = "sec_provisioner.actions"

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        name="validate-config",
        kind=ActionClass.LOCAL,
        summary="Check a config and what would be built from it, every problem at once.",
        module=f"{_HERE}.validate_config",
    ),
    ActionSpec(
        name="schema",
        kind=ActionClass.LOCAL,
        summary="Print the JSON Schema of the config, for editors.",
        module=f"{_HERE}.schema",
        config="none",
    ),
    ActionSpec(
        name="export-groups",
        kind=ActionClass.LOCAL,
        summary="Write one JSON file per enabled group into groups/.",
        module=f"{_HERE}.export_groups",
    ),
    ActionSpec(
        name="export-roles",
        kind=ActionClass.LOCAL,
        summary="Write one JSON file per role into roles/, with its trust policy.",
        module=f"{_HERE}.export_roles",
    ),
    ActionSpec(
        name="export-policies",
        kind=ActionClass.LOCAL,
        summary="Write the document of each managed policy into policies/.",
        module=f"{_HERE}.export_policies",
    ),
    ActionSpec(
        name="create-prov-template",
        kind=ActionClass.LOCAL,
        summary="Write the CloudFormation template into templates/.",
        module=f"{_HERE}.create_prov_template",
    ),
)
