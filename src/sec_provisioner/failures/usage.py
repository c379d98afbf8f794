"""The command was not understood, or names what is not there. Nothing was looked at yet."""

from __future__ import annotations

from sec_provisioner.errors import UsageError
from sec_provisioner.failures.base import Area, FailureClass

WRONG_COMMAND = FailureClass("wrong-command", UsageError, "{told}", mend="{command} --help")

# --- configs and templates --------------------------------------------------------------------------

NO_CONFIG_NAMED = FailureClass(
    "no-config-named",
    UsageError,
    "Which config? --config is missing.",
    mend="--config FILE, looked up in configs/.",
)

NO_CONFIG = FailureClass(
    "no-config",
    UsageError,
    "There is no config {name} in {folder}.",
    mend="{offer}",
    more="A bare name is looked up in `configs/`, a path with a `/` as it is. `init-config` makes a config.",
)

CONFIG_IS_FOLDER = FailureClass(
    "config-is-folder",
    UsageError,
    "{path} is a folder, not a config file.",
    mend="{offer}",
    more="Name the file in it.",
)

NO_TEMPLATE = FailureClass(
    "no-template",
    UsageError,
    "There is no template {name} in {folder}.",
    mend="There are: {there}.",
    more="A bare name is looked up in `templates/`; `create-prov-template` writes one there.",
)

ANOTHER_TIERS_IMAGE = FailureClass(
    "another-tiers-image",
    UsageError,
    "This is the image of the tier {image}; the config is of the tier {tier}.",
    mend="Use the image of {tier}, or a config of {image}.",
)

NO_TIER_OF_IMAGE = FailureClass(
    "no-tier-of-image",
    UsageError,
    "SEC_TIER is `{image}`, which is no tier.",
    mend="Take it out of the environment, or set it to one of {tiers}.",
    more="It is set in images that were built for one tier, and nowhere else.",
)

ANOTHER_REGION = FailureClass(
    "another-region",
    UsageError,
    "--region {region} is not the config's region, {own}.",
    mend="Leave --region out, or say --region {own}.",
)

# --- init-config ------------------------------------------------------------------------------------

NO_TIER_NAMED = FailureClass(
    "no-tier-named",
    UsageError,
    "Which tier? --tier is missing, and SEC_TIER is not set.",
    mend="--tier startup, medium or enterprise.",
)

UNKNOWN_TIER = FailureClass(
    "unknown-tier",
    UsageError,
    "There is no tier `{tier}`.",
    mend="{offer}",
    more="The tiers are startup, medium and enterprise.",
)

UNKNOWN_REGION = FailureClass(
    "unknown-region",
    UsageError,
    "There is no AWS region `{region}`.",
    mend="Write it as AWS does, like us-east-1. {offer}",
)

SETTING_WITHOUT_VALUE = FailureClass(
    "setting-without-value",
    UsageError,
    "--set {pair} has no value.",
    mend="--set client.company_prefix=edge",
)

NO_PLACE = FailureClass(
    "no-place-in-config",
    UsageError,
    "`{path}` is no place in a config.",
    mend="Write it like `client.company_prefix`.",
)

UNKNOWN_PLACE = FailureClass(
    "unknown-place-in-config",
    UsageError,
    "`{path}` is no place in a config: unknown key `{key}`.",
    mend="{offer}",
    more="`schema` prints every key that there is.",
)

PART_OF_VALUE = FailureClass(
    "part-of-value",
    UsageError,
    "`{path}` can't be set by itself.",
    mend="Set the whole value that it is part of.",
)

WRONG_SETTINGS = FailureClass(
    "wrong-settings",
    UsageError,
    "{problems}",
    mend="{offer}",
    more="A setting has a value that its field does not take; each is named with what to write instead.",
)

# --- the rest ---------------------------------------------------------------------------------------

NO_ACTION_ON_AWS = FailureClass(
    "no-action-on-aws",
    UsageError,
    "--for: {name} is no action that calls AWS.",
    mend="{offer} There are: {known}.",
)

WRONG_ENDPOINT = FailureClass(
    "wrong-endpoint",
    UsageError,
    "{told}.",
    mend="Write it as http://127.0.0.1:4566 (--endpoint-url, or AWS_ENDPOINT_URL).",
    more="The endpoint is no URL.",
)

AREA = Area(
    "The command",
    "Nothing was done: the command names something that is not there, or does not fit.",
    (
        WRONG_COMMAND,
        NO_CONFIG_NAMED,
        NO_CONFIG,
        CONFIG_IS_FOLDER,
        NO_TEMPLATE,
        ANOTHER_TIERS_IMAGE,
        NO_TIER_OF_IMAGE,
        ANOTHER_REGION,
        NO_TIER_NAMED,
        UNKNOWN_TIER,
        UNKNOWN_REGION,
        SETTING_WITHOUT_VALUE,
        NO_PLACE,
        UNKNOWN_PLACE,
        PART_OF_VALUE,
        WRONG_SETTINGS,
        NO_ACTION_ON_AWS,
        WRONG_ENDPOINT,
    ),
)
