"""One table: which of the tool's actions needs which permissions, within which scope, and why.

A permission is here because the tool makes that call, or because CloudFormation makes it with the caller's rights.
The second kind is what AWS's resource schemas publish for the types that our templates hold, as far as `EXCLUDED`
does not say otherwise; a service role of CloudFormation takes it off the caller.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Scope(Enum):
    """What a permission is about; `scopes` tells which resources, conditions and statement that is for a config."""

    GROUPS = auto()
    GROUP_ATTACHMENTS = auto()
    ROLES = auto()
    ROLE_GRANTS = auto()
    ROLE_ATTACHMENTS = auto()
    ADMINISTRATOR_GROUPS = auto()
    ADMINISTRATOR_ROLES = auto()
    POLICIES = auto()
    FOREIGN_ATTACHMENTS = auto()
    FOREIGN_BOUNDARIES = auto()
    FOREIGN_PROFILES = auto()
    STACKS = auto()
    CHANGE_SETS = auto()
    OWNERS = auto()
    SERVICE_ROLE = auto()
    BUCKET = auto()
    TEMPLATES = auto()
    TEMPLATE_KEY = auto()
    PARAMETERS = auto()
    ACCOUNT = auto()
    CALLER = auto()


@dataclass(frozen=True)
class Need:
    """Permissions that belong together.

    `actions` of the tool need them, within `scope`. `is_delegable`: CloudFormation uses them, and takes them from its
    service role where the config names one. `with_boundary`: only where the config has a permissions boundary (True)
    or has none (False).
    """

    scope: Scope
    actions: frozenset[str]
    permissions: tuple[str, ...]
    why: str
    is_delegable: bool = False
    with_boundary: bool | None = None


_DEPLOY = frozenset({"deploy", "test-deploy"})
_PLAN = _DEPLOY | {"show-changes"}
_FOREIGN = frozenset({"delete-stack"})
_TEST = frozenset({"test-deploy", "delete-test-stacks"})
_DELETE = _FOREIGN | _TEST
_MEMBERS = _DELETE | {"restore-members"}
_DRIFT = frozenset({"check-drift"})
_BOTH = _DEPLOY | _DELETE
_STACK = _PLAN | _DELETE

# What the read handlers of the resource types call.
_READ_GROUP = ("iam:GetGroup", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies")
_READ_ROLE = (
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:ListRoleTags",
)
_READ_POLICY = ("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy", "iam:ListPolicyVersions")
_READ_PARAMETER = ("ssm:GetParameters", "ssm:ListTagsForResource")
_DETECTION = "CloudFormation's drift detection reads with the caller's rights, whatever the stack's service role"

CLOUDTRAIL = "cloudtrail"
EXTRAS = (CLOUDTRAIL,)
"""What `--with` adds."""

NEEDS: tuple[Need, ...] = (
    # --- groups ---
    Need(
        Scope.GROUPS,
        _STACK,
        _READ_GROUP,
        "CloudFormation reads a group before, while and after it works on it",
        is_delegable=True,
    ),
    Need(
        Scope.GROUPS,
        _DEPLOY,
        ("iam:CreateGroup", "iam:PutGroupPolicy", "iam:UpdateGroup"),
        "CloudFormation makes and changes the groups",
        is_delegable=True,
    ),
    Need(
        Scope.GROUPS,
        _BOTH,
        ("iam:DeleteGroup", "iam:DeleteGroupPolicy", "iam:DetachGroupPolicy"),
        "CloudFormation removes groups, also by an update or a rollback",
        is_delegable=True,
    ),
    Need(
        Scope.GROUPS,
        _DELETE,
        ("iam:DeleteGroupPolicy", "iam:DetachGroupPolicy"),
        "delete-stack takes off policies that somebody added, which CloudFormation would stumble over",
    ),
    Need(Scope.GROUPS, _MEMBERS, ("iam:GetGroup", "iam:AddUserToGroup"), "members are read and put back"),
    Need(Scope.GROUPS, _DELETE, ("iam:RemoveUserFromGroup",), "a group with members can't be deleted"),
    Need(
        Scope.GROUP_ATTACHMENTS,
        _DEPLOY,
        ("iam:AttachGroupPolicy",),
        "CloudFormation attaches the config's policies to its groups",
        is_delegable=True,
    ),
    Need(
        Scope.ADMINISTRATOR_GROUPS,
        _DEPLOY,
        ("iam:AttachGroupPolicy",),
        "AdministratorAccess goes to those groups that name it, and to no other",
        is_delegable=True,
    ),
    Need(
        Scope.ADMINISTRATOR_ROLES,
        _DEPLOY,
        ("iam:AttachRolePolicy",),
        "AdministratorAccess goes to those roles that name it, and to no other",
        is_delegable=True,
    ),
    Need(Scope.GROUPS, _DRIFT, _READ_GROUP, _DETECTION),
    # --- roles ---
    Need(
        Scope.ROLES,
        _STACK,
        _READ_ROLE,
        "CloudFormation reads a role before, while and after it works on it",
        is_delegable=True,
    ),
    Need(
        Scope.ROLES,
        _DEPLOY,
        ("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
        "CloudFormation changes the roles",
        is_delegable=True,
    ),
    Need(
        Scope.ROLES,
        _BOTH,
        ("iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole"),
        "CloudFormation removes roles, also by an update or a rollback, and keeps their tags",
        is_delegable=True,
    ),
    Need(
        Scope.ROLES,
        _DELETE,
        ("iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
        "delete-stack takes off policies that somebody added, which CloudFormation would stumble over",
    ),
    Need(
        Scope.ROLES,
        _DEPLOY,
        ("iam:DeleteRolePermissionsBoundary",),
        "a boundary that the config no longer has is taken off; one that it has, nobody may take off",
        is_delegable=True,
        with_boundary=False,
    ),
    Need(
        Scope.ROLE_GRANTS,
        _DEPLOY,
        ("iam:CreateRole", "iam:PutRolePolicy"),
        "CloudFormation makes roles and gives them inline policies, under the boundary where there is one",
        is_delegable=True,
    ),
    Need(
        Scope.ROLE_GRANTS,
        _DEPLOY,
        ("iam:PutRolePermissionsBoundary",),
        "roles that were made before the config had a boundary get it",
        is_delegable=True,
        with_boundary=True,
    ),
    Need(
        Scope.ROLE_ATTACHMENTS,
        _DEPLOY,
        ("iam:AttachRolePolicy",),
        "CloudFormation attaches the config's policies to its roles",
        is_delegable=True,
    ),
    Need(Scope.ROLES, _DRIFT, _READ_ROLE, _DETECTION),
    # --- managed policies ---
    Need(
        Scope.POLICIES,
        _STACK,
        _READ_POLICY,
        "CloudFormation reads a policy before, while and after it works on it",
        is_delegable=True,
    ),
    Need(
        Scope.POLICIES,
        _DEPLOY,
        ("iam:CreatePolicy", "iam:CreatePolicyVersion"),
        "CloudFormation makes and changes the policies",
        is_delegable=True,
    ),
    Need(
        Scope.POLICIES,
        _BOTH,
        ("iam:DeletePolicy", "iam:DeletePolicyVersion"),
        "CloudFormation removes policies, also by an update or a rollback, and the oldest version of one",
        is_delegable=True,
    ),
    Need(
        Scope.POLICIES,
        _DELETE,
        ("iam:DeletePolicyVersion",),
        "delete-stack removes versions that somebody added, which CloudFormation would stumble over",
    ),
    Need(Scope.POLICIES, _DRIFT, _READ_POLICY, _DETECTION),
    # --- what others have of the config's, for --detach-foreign ---
    Need(
        Scope.FOREIGN_ATTACHMENTS,
        _FOREIGN,
        ("iam:DetachGroupPolicy", "iam:DetachRolePolicy", "iam:DetachUserPolicy"),
        "delete-stack --detach-foreign takes the config's policies, and no others, away from anybody",
    ),
    Need(
        Scope.FOREIGN_BOUNDARIES,
        _FOREIGN,
        ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"),
        "delete-stack --detach-foreign, where a policy of the config is somebody's boundary",
    ),
    Need(
        Scope.FOREIGN_PROFILES,
        _FOREIGN,
        ("iam:RemoveRoleFromInstanceProfile",),
        "delete-stack --detach-foreign, where a role of the config is in an instance profile; IAM lets no condition "
        "say which role",
    ),
    # --- stacks ---
    Need(
        Scope.STACKS,
        _STACK,
        (
            "cloudformation:DeleteStack",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:GetTemplate",
            "cloudformation:ListStackResources",
        ),
        "the stack is read and watched; a preview removes the empty stack that it made",
    ),
    Need(
        Scope.STACKS,
        _DRIFT,
        ("cloudformation:DescribeStacks", "cloudformation:GetTemplate"),
        "check-drift compares with what was deployed",
    ),
    Need(
        Scope.STACKS,
        _DRIFT,
        (
            "cloudformation:DescribeStackResourceDrifts",
            "cloudformation:DetectStackDrift",
            "cloudformation:DetectStackResourceDrift",
        ),
        "check-drift --cloudformation; the last of these is checked beside the one before it",
    ),
    Need(
        Scope.ACCOUNT,
        _DRIFT,
        ("cloudformation:DescribeStackDriftDetectionStatus",),
        "check-drift --cloudformation waits for the detection; IAM lets the call be narrowed by nothing",
    ),
    Need(
        Scope.STACKS,
        _PLAN,
        ("cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet"),
        "a preview makes a change set",
    ),
    Need(
        Scope.STACKS,
        _PLAN | _TEST,
        ("cloudformation:DeleteChangeSet", "cloudformation:ListChangeSets"),
        "a preview removes its change set; an empty test stack goes unless somebody else is at work on it",
    ),
    Need(
        Scope.STACKS,
        _PLAN,
        ("cloudformation:TagResource", "cloudformation:UntagResource"),
        "the stack's tags go with the change set; these two are checked beside CreateChangeSet",
    ),
    Need(
        Scope.STACKS,
        _DEPLOY,
        ("cloudformation:ExecuteChangeSet",),
        "the change is made",
    ),
    Need(
        Scope.STACKS,
        frozenset({"deploy"}),
        ("cloudformation:ContinueUpdateRollback",),
        "a rollback that failed is continued first",
    ),
    Need(
        Scope.STACKS,
        frozenset({"deploy", "delete-stack"}),
        ("cloudformation:UpdateTerminationProtection",),
        "deploy sets it as the config says, delete-stack switches it off where it was told to",
    ),
    Need(
        Scope.CHANGE_SETS,
        _PLAN,
        ("cloudformation:DescribeEvents",),
        "why a change set could not be made is told for the change set, not for its stack",
    ),
    Need(
        Scope.OWNERS,
        _PLAN,
        ("cloudformation:DescribeStackResources",),
        "a name that is taken may belong to any stack of the region",
    ),
    Need(
        Scope.SERVICE_ROLE,
        _STACK,
        ("iam:PassRole",),
        "CloudFormation is given its service role, and nothing else is",
    ),
    # --- the template's way ---
    Need(
        Scope.BUCKET,
        _PLAN,
        ("s3:GetBucketVersioning", "s3:ListBucket"),
        "HeadBucket, and a plain 404 for an object that is not there; whether the bucket was made in full",
    ),
    Need(
        Scope.BUCKET,
        _DEPLOY,
        (
            "s3:CreateBucket",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
        ),
        "deploy makes the bucket where it is missing: private, versioned, encrypted, TLS only",
    ),
    Need(
        Scope.TEMPLATES,
        _PLAN,
        ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
        "a large template goes through the bucket and is removed again; CloudFormation fetches it as the caller",
    ),
    Need(
        Scope.TEMPLATE_KEY,
        _PLAN,
        ("kms:Decrypt", "kms:GenerateDataKey"),
        "S3 encrypts the template with the config's key, and decrypts it for CloudFormation",
    ),
    # --- parameters ---
    Need(
        Scope.PARAMETERS,
        _STACK,
        _READ_PARAMETER,
        "CloudFormation reads a parameter before, while and after it works on it",
        is_delegable=True,
    ),
    Need(
        Scope.PARAMETERS,
        _DEPLOY,
        ("ssm:AddTagsToResource", "ssm:PutParameter", "ssm:RemoveTagsFromResource"),
        "CloudFormation makes and changes the parameters, and hands the stack's tags down to them",
        is_delegable=True,
    ),
    Need(
        Scope.PARAMETERS,
        _BOTH,
        ("ssm:DeleteParameter",),
        "CloudFormation removes parameters, also by an update or a rollback",
        is_delegable=True,
    ),
    Need(
        Scope.PARAMETERS,
        _DRIFT | _PLAN,
        ("ssm:GetParametersByPath",),
        "check-drift, a preview of what would be set back, and reading back read all parameters of the stack's path",
    ),
    Need(Scope.PARAMETERS, _DRIFT, _READ_PARAMETER, _DETECTION),
    # --- who is who ---
    Need(
        Scope.ACCOUNT,
        _TEST | _DRIFT,
        ("cloudformation:ListStacks",),
        "test stacks are found by their names; the list can't be narrowed",
    ),
    Need(
        Scope.ACCOUNT,
        _DRIFT | _PLAN,
        ("iam:ListRoles",),
        "only the list of all roles tells a role's description and session duration",
    ),
    Need(
        Scope.ACCOUNT,
        _STACK | _DRIFT,
        ("iam:GetAccountAuthorizationDetails",),
        "whose a name is, and what hangs on it, is read for the whole account; IAM lets it be narrowed by nothing",
    ),
    Need(
        Scope.CALLER,
        frozenset({"show-changes", "deploy"}),
        ("iam:SimulatePrincipalPolicy",),
        "with a service role the caller may lack what setting drift back takes, which is asked before it begins",
    ),
)

TRAIL_NEED = Need(
    Scope.ACCOUNT, frozenset(), ("cloudtrail:LookupEvents",), "who changed something is looked up in CloudTrail"
)
"""By `--with cloudtrail` alone, whichever actions the policy is for."""

SETS_BACK = frozenset(
    {
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:CreateGroup",
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:CreateRole",
        "iam:GetGroupPolicy",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedGroupPolicies",
        "iam:ListAttachedRolePolicies",
        "iam:PutGroupPolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateGroup",
        "iam:UpdateRole",
        "ssm:GetParameters",
        "ssm:PutParameter",
    }
)
"""What deploy calls itself to set drift back: rights that CloudFormation takes from the caller anyway.

With a service role the caller has them not. Then deploy says which it lacks, or leaves the drift (`--keep-drift`).
"""

EXCLUDED: dict[str, str] = {
    "iam:AttachUserPolicy": "no template of ours attaches a policy to users",
    "iam:ListGroups": "the list handler serves finding resources, which no stack operation does",
    "iam:ListPolicies": "the list handler serves finding resources, which no stack operation does",
    "ssm:DescribeParameters": "the list handler serves finding resources, which no stack operation does",
    "sts:GetCallerIdentity": "needs no permission and can't be denied",
    "sts:AssumeRole": "deployment.assume_role is assumed with rights outside this policy, which is for that role",
}
"""What the schemas name, or the tool calls, and the policy leaves out."""


def needs_of(actions: frozenset[str]) -> tuple[Need, ...]:
    """The needs of these actions of the tool."""
    return tuple(one for one in NEEDS if one.actions & actions)


def acting() -> frozenset[str]:
    """The actions that need anything at all: those that call AWS."""
    return frozenset[str]().union(*(one.actions for one in NEEDS))
