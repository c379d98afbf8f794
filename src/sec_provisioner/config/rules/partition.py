"""What the config names must exist in its partition: services, service principals, AWS managed policies."""

from __future__ import annotations

from collections.abc import Iterator

from sec_provisioner.catalogue.partitions import (
    managed_policy_exists,
    nearest_managed_policy,
    nearest_principal,
    partition_of,
    principal_exists,
    service_exists,
)
from sec_provisioner.config import paths
from sec_provisioner.config.model import Config, Holder, ServiceRole
from sec_provisioner.config.rules.rule import Broken, holders
from sec_provisioner.problem import Severity

_LEAVE_OUT = "Leave it out."


def check(config: Config) -> Iterator[Broken]:
    """Errors are what the partition is known to lack, warnings what is not known at all."""
    partition = partition_of(config.environment.region)
    if partition is None:
        return  # a finding of its own
    for _, path, holder in holders(config):
        yield from _services(holder, path, partition)
        yield from _actions(holder, path, partition)
        yield from _managed_policies(holder, path, partition)
        if isinstance(holder, ServiceRole):
            yield from _principal(holder.service, f"{path}.service", partition)


def _services(holder: Holder, path: str, partition: str) -> Iterator[Broken]:
    for service in holder.policy_assignments:
        if service_exists(service, partition) is False:
            place = paths.child(f"{path}.policy_assignments", service)
            message = f"the partition {partition} has no {service}"
            yield Broken("service-not-in-partition", place, message, _LEAVE_OUT, at_key=True)


def _actions(holder: Holder, path: str, partition: str) -> Iterator[Broken]:
    """IAM takes such an action, so it does no more harm than to promise something."""
    for number, statement in enumerate(holder.statements):
        actions = statement.get("Action", [])
        place = f"{paths.item(f'{path}.statements', number)}.Action"
        listed = isinstance(actions, list)
        for index, action in enumerate(actions if listed else [actions]):
            service = action.partition(":")[0].lower()
            if service_exists(service, partition) is False:
                message = f"the partition {partition} has no {service}"
                where = paths.item(place, index) if listed else place
                yield Broken("action-not-in-partition", where, message, _LEAVE_OUT, Severity.WARNING)


def _managed_policies(holder: Holder, path: str, partition: str) -> Iterator[Broken]:
    for index, name in enumerate(holder.managed_policies):
        exists = managed_policy_exists(name, partition)
        if exists:
            continue
        place = paths.item(f"{path}.managed_policies", index)
        near = nearest_managed_policy(name, partition)
        hint = f"Did you mean `{near}`?" if near and near != name else _LEAVE_OUT
        if exists is False:
            message = f"the partition {partition} has no AWS managed policy `{name}`"
            yield Broken("managed-policy-not-in-partition", place, message, hint)
        elif managed_policy_exists(name, "aws"):
            message = f"`{name}` is an AWS managed policy; whether {partition} has it is not known"
            look = f"Look with `aws iam list-policies --scope AWS` in {partition}."
            yield Broken("unknown-managed-policy", place, message, look, Severity.INFO)
        else:
            message = f"`{name}` is not among the AWS managed policies that are known"
            yield Broken("unknown-managed-policy", place, message, hint, Severity.WARNING)


def _principal(principal: str, path: str, partition: str) -> Iterator[Broken]:
    exists = principal_exists(principal, partition)
    if exists:
        return
    near = nearest_principal(principal, partition)
    hint = f"Did you mean `{near}`?" if near and near != principal else "The service's page in AWS's docs names it."
    if exists is False:
        message = f"the partition {partition} has no service principal `{principal}`"
        yield Broken("principal-not-in-partition", path, message, hint)
    else:
        message = f"`{principal}` is not among the service principals that are known"
        yield Broken("unknown-principal", path, message, hint, Severity.WARNING)
