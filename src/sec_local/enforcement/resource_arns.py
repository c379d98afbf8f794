"""The ARN of a resource of a stack, also before it is there.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sec_local.enforcement.needs import ssm

if TYPE_CHECKING:
    from sec_local.cloudformation.resources import Operation

# Type -> the property with its name, and the kind of resource in its ARN.
_OF_IAM = {
    "AWS::IAM::Role": ("RoleName", "role"),
    "AWS::IAM::Group": ("GroupName", "group"),
    "AWS::IAM::User": ("UserName", "user"),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", "instance-profile"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "policy"),
    "AWS::IAM::GroupPolicy": ("GroupName", "group"),
    "AWS::IAM::RolePolicy": ("RoleName", "role"),
    "AWS::IAM::UserPolicy": ("UserName", "user"),
}


def arn_of(operation: Operation, region: str, account: str) -> str:
    """The ARN; `*` for a type that is none of those above. A name that is not made up yet ends in `*`."""
    properties = {**operation.old, **operation.new}
    if operation.physical_id.startswith("arn:"):
        return operation.physical_id
    if operation.type in _OF_IAM:
        name_property, kind = _OF_IAM[operation.type]
        is_policy_of = operation.type.endswith(("GroupPolicy", "RolePolicy", "UserPolicy"))
        given = properties.get(name_property)
        name = given if is_policy_of else operation.physical_id or given
        path = properties.get("Path", "/")
        return f"arn:aws:iam::{account}:{kind}{path}{name or _generated(operation)}"
    if operation.type == "AWS::SSM::Parameter":
        return ssm.arn_of(
            str(operation.physical_id or properties.get("Name") or _generated(operation)), region, account
        )
    if operation.type == "AWS::S3::Bucket":
        return f"arn:aws:s3:::{operation.physical_id or properties.get('BucketName') or _generated(operation).lower()}"
    return "*"


def _generated(operation: Operation) -> str:
    return f"{operation.stack_name}-{operation.logical_id}-*"
