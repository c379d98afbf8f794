"""What a config is: the sections of the file as frozen values, and nothing about how they are read.

The JSON Schema that editors use is made from these classes (`config.schema`), so each field's description is
written for the person who fills it in. What a value means together with another is checked in `config.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sec_provisioner.catalogue.partitions import partition_of
from sec_provisioner.config import text
from sec_provisioner.config.statement import Statement
from sec_provisioner.naming import Identity

FORMAT_VERSION = 1
"""The newest format of the config that this version reads."""

Seconds = Annotated[int, Field(ge=3600, le=43200)]
"""How long a role session may last: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""


class Section(BaseModel):
    """A part of the config: fixed once it is read, and no key is ever dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(Section):
    """The size of the product that this config is written for."""

    name: Literal["startup", "medium", "enterprise"] = Field(description="startup, medium or enterprise")
    version: text.Filled = Field(description="startup-5, medium-10 or enterprise-12: it goes with the name")


class Client(Section):
    """Whose resources these are, and in which AWS account."""

    company_name: text.CompanyName = Field(description="Free text for people")
    company_prefix: text.CompanyPrefix = Field(
        description="Begins the name of everything: small letters, digits and dashes, e.g. edge"
    )
    tenant_id: text.TenantId = Field(description="Four small letters or digits, e.g. b001")
    account_id: text.AccountId = Field(description="The 12 digits of the AWS account, in quotes")


class Environment(Section):
    """Which environment of the client, and where."""

    env: Literal["prod", "dev", "test", "staging"] = Field(description="Part of every name")
    region: text.Filled = Field(description="AWS region, e.g. us-west-1")


class AssumeRole(Section):
    """A role that the tool assumes before it starts."""

    role_arn: text.RoleArn = Field(description="ARN of the role")
    external_id: text.ExternalId | None = Field(None, description="External id, where the role's trust asks for one")
    session_name: text.SessionName | None = Field(None, description="Name of the session in CloudTrail")


class Quotas(Section):
    """The quotas that AWS raises on request: state here what your account has."""

    role_attached_policies: Annotated[int, Field(ge=1, le=25)] = Field(
        10, description="Managed policies that may be attached to a role"
    )
    group_attached_policies: Annotated[int, Field(ge=1, le=25)] = Field(
        10, description="Managed policies that may be attached to a group"
    )
    role_trust_policy: Annotated[int, Field(ge=2048, le=8192)] = Field(
        2048, description="Characters of a role's trust policy"
    )


class Deployment(Section):
    """How the stack is deployed. All of it has defaults."""

    security_profile: text.Filled | None = Field(
        None, description="Which of security_profiles is active; by default the one named like the tier"
    )
    security_model: Literal["groups-only", "roles-based"] = Field(
        "groups-only", description="Whether permissions sit on the groups or on one role for each group"
    )
    template_bucket: text.BucketName | None = Field(
        None, description="S3 bucket for templates that are too large to send inline; made by default"
    )
    template_bucket_kms_key: text.KmsKeyArn | None = Field(
        None, description="ARN of the KMS key for the template; by default the bucket's own encryption"
    )
    mode: Literal["standard", "express"] = Field("standard", description="CloudFormation's deployment mode")
    termination_protection: bool = Field(False, description="Whether the stack refuses to be deleted")
    permissions_boundary: text.BoundaryPolicy | None = Field(
        None, description="ARN or name of a policy that caps every role of the stack"
    )
    cloudformation_role_arn: text.RoleArn | None = Field(
        None, description="Service role that CloudFormation uses instead of the caller's rights"
    )
    assume_role: AssumeRole | None = Field(None, description="Role that the tool assumes before it starts")
    access_change_gate: Literal["never", "broadening", "any"] = Field(
        "never", description="Which changes of access deploy stops at"
    )
    quotas: Quotas = Field(default_factory=Quotas, description="Quotas that AWS raised for this account")


class Suppression(Section):
    """An IAM finding that is accepted, and why."""

    id: text.Filled = Field(description="Id of the finding, e.g. broad-managed-policy")
    on: text.Filled = Field(description="Where: the finding's path in the config, or the beginning of it")
    reason: text.Filled = Field(description="Why it is accepted: stands in the reports")


class SecurityProfile(Section):
    """What of the security section is deployed."""

    enabled_groups: tuple[str, ...] = Field((), description="Keys of iam_groups")
    enabled_service_roles: tuple[str, ...] = Field((), description="Keys of service_roles")
    enabled_assumable_roles: tuple[str, ...] = Field((), description="Keys of assumable_roles")
    enabled_cross_account_roles: tuple[str, ...] = Field((), description="Keys of cross_account_roles")


class Holder(Section):
    """What groups and all roles have in common: permissions."""

    description: text.Description = Field("", description="Free text for people")
    policy_assignments: dict[str, text.Filled] = Field(
        default_factory=dict, description="Service -> level, by number (level2) or name (project-buckets-only)"
    )
    managed_policies: tuple[text.ManagedPolicyName, ...] = Field(
        (), description="AWS managed policies by name, with the path where they have one"
    )
    statements: tuple[Statement, ...] = Field((), description="Own statements in IAM's JSON keys")


class IamGroup(Holder):
    """A group of people."""

    assumable_roles: tuple[str, ...] = Field((), description="Keys of assumable_roles that members may assume")
    self_service_credentials: bool = Field(
        False, description="Whether members manage their own password, MFA device and access keys"
    )


class ServiceRole(Holder):
    """A role that an AWS service works with."""

    service: text.ServicePrincipal = Field(description="Service principal, e.g. sagemaker.amazonaws.com")
    passable_by: tuple[str, ...] = Field(
        (), description="Keys of groups and roles that may hand this role to its service"
    )


class AssumableRole(Holder):
    """A role that people assume for a while, instead of their own rights."""

    mirrors_group: str | None = Field(None, description="Key of the group whose permissions the role has")
    max_session_duration: Seconds = Field(3600, description="Seconds, 3600 to 43200")
    require_mfa: bool = Field(False, description="Whether only a session with MFA may assume it")


class CrossAccountRole(Holder):
    """A role that another account assumes, always with an external id."""

    trusted_account: text.AccountId | None = Field(
        None, description="The 12 digits of the other account, in quotes; required once the role is enabled"
    )
    trusted_roles: tuple[text.RoleArn, ...] = Field(
        (), description="ARNs of roles of that account, where not all of the account is trusted"
    )
    external_id: text.ExternalId | None = Field(
        None, description="Shared secret against the confused deputy; required once the role is enabled"
    )
    max_session_duration: Seconds = Field(3600, description="Seconds, 3600 to 43200")


class Security(Section):
    """All groups and roles that may be enabled, by key."""

    iam_groups: dict[text.Key, IamGroup] = Field(default_factory=dict, description="Groups of people")
    service_roles: dict[text.Key, ServiceRole] = Field(default_factory=dict, description="Roles of AWS services")
    assumable_roles: dict[text.Key, AssumableRole] = Field(
        default_factory=dict, description="Roles that people assume for a while"
    )
    cross_account_roles: dict[text.Key, CrossAccountRole] = Field(
        default_factory=dict, description="Roles that other accounts assume"
    )


class Config(Section):
    """The IAM of one tenant in one AWS account."""

    format_version: Annotated[int, Field(ge=1)] = Field(FORMAT_VERSION, description="Version of this file's format")
    tier: Tier = Field(description="The size of the product")
    client: Client = Field(description="Whose resources these are")
    environment: Environment = Field(description="Which environment, and where")
    deployment: Deployment = Field(default_factory=Deployment, description="How the stack is deployed")
    tags: dict[text.Filled, str] = Field(default_factory=dict, description="Tags on everything that takes tags")
    suppressions: tuple[Suppression, ...] = Field((), description="IAM findings that are accepted")
    security_profiles: dict[str, SecurityProfile] = Field(description="Profile -> what of security is deployed")
    security: Security = Field(description="All groups and roles that may be enabled")

    @property
    def security_profile_name(self) -> str:
        """The active profile's name: as configured, else that of the tier."""
        return self.deployment.security_profile or self.tier.name

    @property
    def active_profile(self) -> SecurityProfile:
        """What is deployed.

        Raises:
            KeyError: No profile has the active name; `config.rules` reports that as a finding.
        """
        return self.security_profiles[self.security_profile_name]

    def identity(self) -> Identity:
        """What every name is made of. No name holds the partition, so a wrong region may still name a log."""
        return Identity(
            company_prefix=self.client.company_prefix,
            env=self.environment.env,
            tenant_id=self.client.tenant_id,
            region=self.environment.region,
            tier=self.tier.name,
            account_id=self.client.account_id,
            partition=partition_of(self.environment.region) or "aws",
        )


KINDS: Mapping[str, str] = {
    "iam_groups": "enabled_groups",
    "service_roles": "enabled_service_roles",
    "assumable_roles": "enabled_assumable_roles",
    "cross_account_roles": "enabled_cross_account_roles",
}
"""Section of `security` -> the profile's list that enables what it defines."""
