"""Statements of one's own for what no level can hold, since it needs ids: keys, networks, Studio."""

from __future__ import annotations

from dataclasses import dataclass

from guides.markdown import document


@dataclass(frozen=True)
class Recipe:
    """What a group or role gets beside its levels, as it stands in a config."""

    title: str
    text: str
    statements: str
    """YAML: a list under `statements`."""
    source: str


_KEY = Recipe(
    "A customer-managed KMS key",
    "For buckets, volumes and logs that are encrypted with a key of one's own. The services are those through which "
    "the key may be used; in China their names end with `.com.cn`. The second statement is for volumes of jobs, "
    "endpoints and notebooks, whose services hand the key on to others of AWS. The key's own policy has to let the "
    "account's IAM in.",
    """\
statements:
  - Sid: UseKey
    Effect: Allow
    Action: [kms:Decrypt, kms:GenerateDataKey]
    Resource: arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab
    Condition:
      StringEquals:
        kms:ViaService: ["s3.${AWS::Region}.amazonaws.com", "sagemaker.${AWS::Region}.amazonaws.com"]
  - Sid: LetServicesUseKey
    Effect: Allow
    Action: kms:CreateGrant
    Resource: arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab
    Condition:
      Bool: {"kms:GrantIsForAWSResource": "true"}
      StringEquals: {"kms:ViaService": "sagemaker.${AWS::Region}.amazonaws.com"}
""",
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
)
_NETWORK = Recipe(
    "A VPC",
    "For the service role of what runs in the VPC: sagemaker_execution, lambda_execution, glue_execution or "
    "codebuild_execution. It may put network interfaces into these subnets with these security groups, and into no "
    "others. Lambda also needs `ec2:AssignPrivateIpAddresses` and `ec2:UnassignPrivateIpAddresses` beside "
    "`ec2:DeleteNetworkInterface`.",
    """\
statements:
  - Sid: MakeInterfaces
    Effect: Allow
    Action: ec2:CreateNetworkInterface
    Resource:
      - arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:network-interface/*
      - arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/sg-0123456789abcdef0
      - arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:subnet/subnet-0123456789abcdef0
  - Sid: KeepInterfaces
    Effect: Allow
    Action:
      - ec2:CreateNetworkInterfacePermission
      - ec2:DeleteNetworkInterface
      - ec2:DeleteNetworkInterfacePermission
    Resource: arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:network-interface/*
    Condition:
      ArnEquals:
        ec2:Subnet: arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:subnet/subnet-0123456789abcdef0
  - Sid: SeeNetwork
    Effect: Allow
    Action:
      - ec2:DescribeDhcpOptions
      - ec2:DescribeNetworkInterfaces
      - ec2:DescribeSecurityGroups
      - ec2:DescribeSubnets
      - ec2:DescribeVpcs
    Resource: "*"
""",
    "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
)
_STUDIO = Recipe(
    "Apps and spaces in SageMaker Studio",
    "For the execution role of a Studio domain, as which everybody works who has opened it. A member starts and stops "
    "apps in spaces of their own; `${sagemaker:DomainId}` and `${sagemaker:UserProfileName}` are SageMaker's, and say "
    "whose session it is.",
    """\
statements:
  - Sid: WorkInOwnSpaces
    Effect: Allow
    Action:
      - sagemaker:CreateApp
      - sagemaker:CreateSpace
      - sagemaker:DeleteApp
      - sagemaker:DeleteSpace
      - sagemaker:UpdateSpace
    Resource:
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:app/${sagemaker:DomainId}/*
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:space/${sagemaker:DomainId}/*
    Condition:
      ArnLike:
        sagemaker:OwnerUserProfileArn: arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:user-profile/\
${sagemaker:DomainId}/${sagemaker:UserProfileName}
      StringEquals: {"sagemaker:SpaceSharingType": Private}
  - Sid: TagWhatIsMade
    Effect: Allow
    Action: sagemaker:AddTags
    Resource:
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:app/${sagemaker:DomainId}/*
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:space/${sagemaker:DomainId}/*
    Condition:
      "Null": {"sagemaker:TaggingAction": "false"}
  - Sid: SeeDomain
    Effect: Allow
    Action:
      - sagemaker:DescribeApp
      - sagemaker:DescribeDomain
      - sagemaker:DescribeSpace
      - sagemaker:DescribeUserProfile
    Resource:
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:app/${sagemaker:DomainId}/*
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:domain/${sagemaker:DomainId}
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:space/${sagemaker:DomainId}/*
      - arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:user-profile/${sagemaker:DomainId}/*
""",
    "https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-jl-admin-guide-permissions.html",
)
RECIPES = (_KEY, _NETWORK, _STUDIO)


def render_recipe(recipe: Recipe) -> str:
    """A recipe as a part of a page."""
    return document(
        f"### {recipe.title}", recipe.text, f"```yaml\n{recipe.statements}```", f"Source: <{recipe.source}>"
    ).rstrip()
