"""Put our CloudFormation in place of MiniStack's, part by part."""

from __future__ import annotations

from sec_local.cloudformation import (
    capabilities,
    change_sets,
    drift,
    early_validation,
    events,
    express,
    operations,
    stack_rules,
    stack_view,
    template_url,
)
from sec_local.cloudformation.group import GroupHandler
from sec_local.cloudformation.managed_policy import ManagedPolicyHandler
from sec_local.cloudformation.resources import register
from sec_local.cloudformation.role import RoleHandler

_PARTS = (
    capabilities, template_url, early_validation, events, operations, change_sets, express, stack_rules, stack_view, drift,
)  # fmt: skip


def install() -> None:
    """Called once, when CloudFormation is first asked for."""
    register("AWS::IAM::Group", GroupHandler(), name_property="GroupName", name_limit=128)
    register("AWS::IAM::Role", RoleHandler(), name_property="RoleName", name_limit=64)
    register("AWS::IAM::ManagedPolicy", ManagedPolicyHandler(), name_property="ManagedPolicyName", name_limit=128)
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - imported on first use

    provisioners._REPLACING_PROPERTIES["AWS::IAM::Group"] = ("GroupName",)  # noqa: SLF001 - its table
    for part in _PARTS:
        part.install()
    stack_rules.ignore_inert_parts()
