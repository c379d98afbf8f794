"""Put our CloudFormation in place of MiniStack's, part by part."""

from __future__ import annotations

from sec_local.cloudformation import capabilities, operations, template_url
from sec_local.cloudformation.group import GroupHandler
from sec_local.cloudformation.managed_policy import ManagedPolicyHandler
from sec_local.cloudformation.resources import register
from sec_local.cloudformation.role import RoleHandler


def install() -> None:
    """Called once, when CloudFormation is first asked for."""
    register("AWS::IAM::Group", GroupHandler(), name_property="GroupName", name_limit=128)
    register("AWS::IAM::Role", RoleHandler(), name_property="RoleName", name_limit=64)
    register("AWS::IAM::ManagedPolicy", ManagedPolicyHandler(), name_property="ManagedPolicyName", name_limit=128)
    for part in (capabilities, operations, template_url):
        part.install()
