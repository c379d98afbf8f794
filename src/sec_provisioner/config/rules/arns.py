"""ARNs in the config: of the config's partition, and of its account where that is the only one that works."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.catalogue.partitions import partition_of
from sec_provisioner.config import paths
from sec_provisioner.config.model import Config
from sec_provisioner.config.rules.rule import Broken

_OF_AWS = "aws"


def check(config: Config) -> Iterator[Broken]:
    """ARNs that can't work where this config is deployed."""
    identity = config.identity()
    if partition_of(identity.region) is None:
        return  # the region is wrong; what that makes of the ARNs is anybody's guess
    for path, arn, own_account in _arns(config):
        _, partition, _, _, account, *_ = arn.split(":")
        if partition != identity.partition:
            message = f"`{arn}` lies in the partition {partition}; {identity.region} is in {identity.partition}"
            yield Broken("arn-of-other-partition", path, message, f"It begins with `arn:{identity.partition}:`.")
        elif own_account and account not in {identity.account_id, _OF_AWS}:
            message = f"`{arn}` is of the account {account}; the config's is {identity.account_id}"
            yield Broken("arn-of-other-account", path, message, "Name one of the config's own account.")


def _arns(config: Config) -> Iterator[tuple[str, str, bool]]:
    """Each ARN, its place, and whether it must be of the own account."""
    deployment = config.deployment
    if deployment.permissions_boundary is not None and deployment.permissions_boundary.startswith("arn:"):
        yield "deployment.permissions_boundary", deployment.permissions_boundary, True
    if deployment.cloudformation_role_arn is not None:
        yield "deployment.cloudformation_role_arn", deployment.cloudformation_role_arn, True
    if deployment.assume_role is not None:
        yield "deployment.assume_role.role_arn", deployment.assume_role.role_arn, True
    if deployment.template_bucket_kms_key is not None:
        yield "deployment.template_bucket_kms_key", deployment.template_bucket_kms_key, False
    for key, role in config.security.cross_account_roles.items():
        place = f"{paths.child('security.cross_account_roles', key)}.trusted_roles"
        for index, arn in enumerate(role.trusted_roles):
            yield paths.item(place, index), arn, False
