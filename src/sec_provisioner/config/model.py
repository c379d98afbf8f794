"""What a config is: the sections of the file as frozen values, and nothing about how they are read.

The JSON Schema that editors use is made from these classes (`config.schema`), so each field's description is
written for the person who fills it in. What a value means together with another is checked in `config.rules`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from sec_provisioner.catalogue.partitions import partition_of
from sec_provisioner.config import text
from sec_provisioner.config.section import Limits, Section, described
from sec_provisioner.config.statement import Statement
from sec_provisioner.naming import Identity

FORMAT_VERSION = 1
"""The newest format of the config that this version reads."""

Seconds = Annotated[int, Limits(minimum=3600, maximum=43200)]
"""How long a role session may last: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""


class Tier(Section):
    """The size of the product that this config is written for."""

    name: Literal["startup", "medium", "enterprise"] = described("startup, medium or enterprise")
    version: text.Filled = described("startup-5, medium-10 or enterprise-12: it goes with the name")


class Client(Section):
    """Whose resources these are, and in which AWS account."""

    company_name: text.CompanyName = described("Free text for people")
    company_prefix: text.CompanyPrefix = described(
        "Begins the name of everything: small letters, digits and dashes, e.g. edge"
    )
    tenant_id: text.TenantId = described("Four small letters or digits, e.g. b001")
    account_id: text.AccountId = described("The 12 digits of the AWS account, in quotes")


class Environment(Section):
    """Which environment of the client, and where."""

    env: Literal["prod", "dev", "test", "staging"] = described("prod, test, staging or dev; part of every name")
    region: text.Filled = described("AWS region, e.g. us-west-1")


class AssumeRole(Section):
    """A role that the tool assumes before it starts."""

    role_arn: text.RoleArn = described("ARN of the role")
    external_id: text.ExternalId | None = described("External id, where the role's trust asks for one", default=None)
    session_name: text.SessionName | None = described("Name of the session in CloudTrail", default=None)


class Quotas(Section):
    """The quotas that AWS raises on request: state here what your account has."""

    role_attached_policies: Annotated[int, Limits(minimum=1, maximum=25)] = described(
        "Managed policies that may be attached to a role", default=10
    )
    group_attached_policies: Annotated[int, Limits(minimum=1, maximum=25)] = described(
        "Managed policies that may be attached to a group", default=10
    )
    role_trust_policy: Annotated[int, Limits(minimum=2048, maximum=8192)] = described(
        "Characters of a role's trust policy", default=2048
    )


class Deployment(Section):
    """How the stack is deployed. All of it has defaults."""

    security_profile: text.Filled | None = described(
        "Which of security_profiles is active; by default the one named like the tier", default=None
    )
    security_model: Literal["groups-only", "roles-based"] = described(
        "Whether permissions sit on the groups or on one role for each group", default="groups-only"
    )
    template_bucket: text.BucketName | None = described(
        "S3 bucket for templates that are too large to send inline; made by default", default=None
    )
    template_bucket_kms_key: text.KmsKeyArn | None = described(
        "ARN of the KMS key for the template; by default the bucket's own encryption", default=None
    )
    mode: Literal["standard", "express"] = described("CloudFormation's deployment mode", default="standard")
    termination_protection: bool = described("Whether the stack refuses to be deleted", default=False)
    permissions_boundary: text.BoundaryPolicy | None = described(
        "ARN or name of a policy that caps every role of the stack", default=None
    )
    cloudformation_role_arn: text.RoleArn | None = described(
        "Service role that CloudFormation uses instead of the caller's rights", default=None
    )
    assume_role: AssumeRole | None = described("Role that the tool assumes before it starts", default=None)
    access_change_gate: Literal["never", "broadening", "any"] = described(
        "Which changes of access deploy stops at", default="never"
    )
    quotas: Quotas = described("Quotas that AWS raised for this account", default_factory=Quotas)


class Suppression(Section):
    """An IAM finding that is accepted, and why."""

    id: text.Filled = described("Id of the finding, e.g. broad-managed-policy")
    on: text.Filled = described("Where: the finding's path in the config, or the beginning of it")
    reason: text.Filled = described("Why it is accepted: stands in the reports")


class SecurityProfile(Section):
    """What of the security section is deployed."""

    enabled_groups: tuple[str, ...] = described("Keys of iam_groups", default=())
    enabled_service_roles: tuple[str, ...] = described("Keys of service_roles", default=())
    enabled_assumable_roles: tuple[str, ...] = described("Keys of assumable_roles", default=())
    enabled_cross_account_roles: tuple[str, ...] = described("Keys of cross_account_roles", default=())


class Holder(Section):
    """What groups and all roles have in common: permissions."""

    description: text.Description = described("Free text for people", default="")
    policy_assignments: dict[str, text.Filled] = described(
        "Service -> level, by number (level2) or name (project-buckets-only)", default_factory=dict
    )
    managed_policies: tuple[text.ManagedPolicyName, ...] = described(
        "AWS managed policies by name, with the path where they have one", default=()
    )
    statements: tuple[Statement, ...] = described("Own statements in IAM's JSON keys", default=())


class IamGroup(Holder):
    """A group of people."""

    assumable_roles: tuple[str, ...] = described("Keys of assumable_roles that members may assume", default=())
    self_service_credentials: bool = described(
        "Whether members manage their own password, MFA device and access keys", default=False
    )


class ServiceRole(Holder):
    """A role that an AWS service works with."""

    service: text.ServicePrincipal = described("Service principal, e.g. sagemaker.amazonaws.com")
    passable_by: tuple[str, ...] = described(
        "Keys of groups and roles that may hand this role to its service", default=()
    )


class AssumableRole(Holder):
    """A role that people assume for a while, instead of their own rights."""

    mirrors_group: str | None = described("Key of the group whose permissions the role has", default=None)
    max_session_duration: Seconds = described("Seconds, 3600 to 43200", default=3600)
    require_mfa: bool = described("Whether only a session with MFA may assume it", default=False)


class CrossAccountRole(Holder):
    """A role that another account assumes, always with an external id."""

    trusted_account: text.AccountId | None = described(
        "The 12 digits of the other account, in quotes; required once the role is enabled", default=None
    )
    trusted_roles: tuple[text.RoleArn, ...] = described(
        "ARNs of roles of that account, where not all of the account is trusted", default=()
    )
    external_id: text.ExternalId | None = described(
        "Shared secret against the confused deputy; required once the role is enabled", default=None
    )
    max_session_duration: Seconds = described("Seconds, 3600 to 43200", default=3600)


class Security(Section):
    """All groups and roles that may be enabled, by key."""

    iam_groups: dict[text.Key, IamGroup] = described("Groups of people", default_factory=dict)
    service_roles: dict[text.Key, ServiceRole] = described("Roles of AWS services", default_factory=dict)
    assumable_roles: dict[text.Key, AssumableRole] = described(
        "Roles that people assume for a while", default_factory=dict
    )
    cross_account_roles: dict[text.Key, CrossAccountRole] = described(
        "Roles that other accounts assume", default_factory=dict
    )


class Config(Section):
    """The IAM of one tenant in one AWS account."""

    format_version: Annotated[int, Limits(minimum=1)] = described(
        "Version of this file's format", default=FORMAT_VERSION
    )
    tier: Tier = described("The size of the product")
    client: Client = described("Whose resources these are")
    environment: Environment = described("Which environment, and where")
    deployment: Deployment = described("How the stack is deployed", default_factory=Deployment)
    tags: dict[text.Filled, str] = described("Tags on everything that takes tags", default_factory=dict)
    suppressions: tuple[Suppression, ...] = described("IAM findings that are accepted", default=())
    security_profiles: dict[str, SecurityProfile] = described("Profile -> what of security is deployed")
    security: Security = described("All groups and roles that may be enabled")

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
