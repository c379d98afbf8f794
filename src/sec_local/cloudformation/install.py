"""Put our CloudFormation in place of MiniStack's, part by part."""

from __future__ import annotations

from sec_local.cloudformation import (
    ascii_only,
    capabilities,
    change_sets,
    drift,
    early_validation,
    events,
    exports,
    express,
    imports,
    interrupted,
    operations,
    parameter,
    resource_view,
    small_iam_types,
    stack_rules,
    stack_view,
    template_parameters,
    template_summary,
    template_syntax,
    template_url,
    tokens,
    untagged,
)
from sec_local.cloudformation.group import GroupHandler
from sec_local.cloudformation.managed_policy import ManagedPolicyHandler
from sec_local.cloudformation.resources import register
from sec_local.cloudformation.role import RoleHandler

_PARTS = (
    ascii_only, capabilities, template_syntax, template_parameters, template_url, early_validation, events, operations,
    parameter, small_iam_types, imports, untagged, exports, change_sets, express, interrupted,
    stack_rules, stack_view, resource_view, template_summary, drift, tokens,
)  # fmt: skip


def install() -> None:
    """Called once, when CloudFormation is first asked for."""
    register("AWS::IAM::Group", GroupHandler(), name_property="GroupName", name_limit=128)
    register("AWS::IAM::Role", RoleHandler(), name_property="RoleName", name_limit=64)
    register("AWS::IAM::ManagedPolicy", ManagedPolicyHandler(), name_property="ManagedPolicyName", name_limit=128)
    for part in _PARTS:
        part.install()
    stack_rules.ignore_inert_parts()
    stack_rules.hide_deleted()
    _let_group_names_replace()


def _let_group_names_replace() -> None:
    """MiniStack has groups in none of its tables.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html
    """
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - imported on first use

    provisioners._REPLACING_PROPERTIES["AWS::IAM::Group"] = ("GroupName",)  # noqa: SLF001 - its table
