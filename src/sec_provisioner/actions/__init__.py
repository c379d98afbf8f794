"""The actions, in the order of `--help`. A new one is a module with `run(ctx)` and a line here."""

from __future__ import annotations

import click

from sec_provisioner.actions.base import ActionClass, ActionSpec

_HERE = "sec_provisioner.actions"

_INIT = (
    click.Option(["--config"], metavar="NAME", help="Name of the new file [the one that belongs to its content]."),
    click.Option(["--tier"], metavar="TIER", help="startup, medium or enterprise [SEC_TIER]."),
    click.Option(
        ["--set", "settings"],
        metavar="PATH=VALUE",
        multiple=True,
        help="Fill in a field, such as client.company_prefix=edge; repeatable. The rest is asked for on a terminal.",
    ),
    click.Option(["--force"], is_flag=True, help="Overwrite a file that is there."),
)

_OPERATOR = (
    click.Option(
        ["--for", "narrowed_to"],
        metavar="ACTION[,ACTION]",
        help="Only what these actions need [all actions that call AWS].",
    ),
    click.Option(
        ["--with", "extras"],
        type=click.Choice(["cloudtrail"]),
        multiple=True,
        help="Add looking up in CloudTrail who changed something.",
    ),
)

_STATE = click.Option(["--state-dir"], metavar="DIR", help="Where the local AWS keeps its state [HOME/local-aws].")
_SERVE = (
    click.Option(["--port"], type=click.IntRange(0, 65535), default=4566, show_default=True, help="0: any free one."),
    click.Option(["--port-file"], metavar="FILE", help="Write the port's number there when it listens."),
    click.Option(["--enforce"], is_flag=True, help="Let IAM's policies decide who may do what, as AWS does."),
    _STATE,
)

_FORCE = click.Option(["--force"], is_flag=True, help="Do not ask.")
_DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Stop after the preview.")
_WAIT = click.Option(["--wait"], is_flag=True, help="Wait for an operation that is going on, instead of refusing.")
_CREATE_BUCKET = click.Option(
    ["--create-bucket"], is_flag=True, help="Make the template bucket that the config names, where it is missing."
)
_KEEP_DRIFT = click.Option(["--keep-drift"], is_flag=True, help="Set back nothing of what was changed by hand.")
_CLEANUP = click.Option(["--cleanup"], is_flag=True, help="Delete the test stack at the end, also after a failure.")
_EXPRESS = click.Option(
    ["--express"], is_flag=True, help="Use CloudFormation's express mode, then read everything back [deployment.mode]."
)
_SHOW = (
    click.Option(["--no-change-set"], is_flag=True, help="Only read: compare the template with the deployed one."),
    _KEEP_DRIFT,
    _WAIT,
    _CREATE_BUCKET,
)
_DRIFT = (
    click.Option(["--members"], is_flag=True, help="List the members of each group; they are no drift."),
    click.Option(["--cloudformation"], is_flag=True, help="Run CloudFormation's own detection, too, and compare."),
    click.Option(
        ["--to-config"],
        is_flag=True,
        help="Propose the change of the config that would accept it, as a diff; the config is not written.",
    ),
    click.Option(
        ["--who"], is_flag=True, help="Ask CloudTrail who may have done it, 90 days back; two calls a second."
    ),
)
_DEPLOY = (
    _FORCE,
    _DRY_RUN,
    click.Option(["--expect"], metavar="DIGEST", help="Go on only if the preview has this digest."),
    _KEEP_DRIFT,
    _WAIT,
    _CREATE_BUCKET,
    _EXPRESS,
)
_DELETE = (
    _FORCE,
    _DRY_RUN,
    _WAIT,
    click.Option(
        ["--detach-foreign"],
        metavar="NAME",
        multiple=True,
        help="Take the stack's policies and roles away from this user, group, role or instance profile; repeatable.",
    ),
    click.Option(["--disable-termination-protection"], is_flag=True, help="Delete a stack that is protected, too."),
)
_RESTORE = (
    _FORCE,
    _DRY_RUN,
    click.Option(
        ["--members-file"], metavar="FILE", help="A name in reports/, or a path [all files that were not restored yet]."
    ),
)

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        name="validate-config",
        kind=ActionClass.LOCAL,
        summary="Check a config and what would be built from it, every problem at once.",
        module=f"{_HERE}.validate_config",
    ),
    ActionSpec(
        name="init-config",
        kind=ActionClass.LOCAL,
        summary="Make a new config from a tier's master config; makes missing folders.",
        module=f"{_HERE}.init_config",
        options=_INIT,
        config="none",
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
        name="export-iam-policy",
        kind=ActionClass.LOCAL,
        summary="Write the least-privilege policy of the operator of this tool into policies/.",
        module=f"{_HERE}.export_iam_policy",
        options=_OPERATOR,
    ),
    ActionSpec(
        name="create-prov-template",
        kind=ActionClass.LOCAL,
        summary="Write the CloudFormation template into templates/.",
        module=f"{_HERE}.create_prov_template",
    ),
    ActionSpec(
        name="validate-prov-template",
        kind=ActionClass.LOCAL,
        summary="Check a template against quotas, IAM checks and cfn-lint's rules.",
        module=f"{_HERE}.validate_prov_template",
        options=(
            click.Option(
                ["--template"],
                metavar="FILE",
                help="A name in templates/, or a path with a separator [the generated template].",
            ),
        ),
    ),
    ActionSpec(
        name="show-changes",
        kind=ActionClass.PREVIEWS,
        summary="Show what deploy would do, property by property, with a digest of it.",
        module=f"{_HERE}.show_changes",
        options=_SHOW,
    ),
    ActionSpec(
        name="check-drift",
        kind=ActionClass.READS,
        summary="Compare what is on AWS with what was deployed, property by property.",
        module=f"{_HERE}.check_drift",
        options=_DRIFT,
    ),
    ActionSpec(
        name="test-deploy",
        kind=ActionClass.CHANGES,
        summary="Make a test stack beside the real one, under names of its own, and read it back.",
        module=f"{_HERE}.test_deploy",
        options=(_CLEANUP, _DRY_RUN, _CREATE_BUCKET),
    ),
    ActionSpec(
        name="delete-test-stacks",
        kind=ActionClass.CHANGES,
        summary="Delete the test stacks of this config that were left behind.",
        module=f"{_HERE}.delete_test_stacks",
        options=(_FORCE, _DRY_RUN, _WAIT),
    ),
    ActionSpec(
        name="deploy",
        kind=ActionClass.CHANGES,
        summary="Create or update the stack, after a preview and a question.",
        module=f"{_HERE}.deploy",
        options=_DEPLOY,
    ),
    ActionSpec(
        name="delete-stack",
        kind=ActionClass.CHANGES,
        summary="Delete the stack; the members of its groups are saved first.",
        module=f"{_HERE}.delete_stack",
        options=_DELETE,
    ),
    ActionSpec(
        name="restore-members",
        kind=ActionClass.CHANGES,
        summary="Put saved members back into their groups.",
        module=f"{_HERE}.restore_members",
        options=_RESTORE,
    ),
    ActionSpec(
        name="local-serve",
        kind=ActionClass.LOCAL,
        summary="Run a local AWS on 127.0.0.1, to try things out; its state survives.",
        module=f"{_HERE}.local_serve",
        options=_SERVE,
        config="none",
    ),
    ActionSpec(
        name="local-reset",
        kind=ActionClass.LOCAL,
        summary="Forget all that the local AWS has kept.",
        module=f"{_HERE}.local_reset",
        options=(_STATE,),
        config="none",
    ),
)
