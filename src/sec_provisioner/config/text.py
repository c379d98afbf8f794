"""The kinds of text a config holds: what each may look like, and how to say so to someone who wrote it otherwise."""

from __future__ import annotations

import re
from typing import Annotated

from sec_provisioner.config.section import Limits

KEY = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"
_COMPANY_PREFIX = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_TENANT_ID = r"^[a-z0-9]{4}$"
_ACCOUNT_ID = r"^[0-9]{12}$"
# What IAM takes in a role's description:
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_DESCRIPTION = r"^[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*$"
_ONE_LINE = r"^[\u0020-\u007E\u00A1-\u00FF]+$"
_SERVICE = r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$"
# Path, where there is one, and name: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html
_MANAGED_POLICY = r"^([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]+$"
_ROLE_ARN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$"
_BOUNDARY = r"^(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+|[A-Za-z0-9+=,.@_-]+)$"
_KMS_KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+$"
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_EXTERNAL_ID = r"^[A-Za-z0-9_+=,.@:/-]{2,1224}$"
_SESSION_NAME = r"^[A-Za-z0-9_+=,.@-]{2,64}$"

SHAPES = {
    KEY: "small letters and digits, in parts joined by single `_` or `-`, beginning with a letter",
    _COMPANY_PREFIX: "small letters and digits, in parts joined by single `-`, beginning with a letter",
    _TENANT_ID: "exactly four small letters or digits",
    _ACCOUNT_ID: "the 12 digits of an AWS account, in quotes",
    _DESCRIPTION: "letters, digits and signs of Latin-1 (no typographic quotes or dashes, no emoji)",
    _ONE_LINE: "one line of letters, digits and signs of Latin-1 (no typographic quotes or dashes, no emoji)",
    _SERVICE: "a service principal such as `sagemaker.amazonaws.com`",
    _MANAGED_POLICY: "the name of an AWS managed policy, with its path where it has one, such as "
    "`job-function/ViewOnlyAccess`; not its ARN",
    _ROLE_ARN: "the ARN of a role, such as `arn:aws:iam::123456789012:role/deployer`, without wildcards",
    _BOUNDARY: "the ARN of a policy, or the name of a policy of this account",
    _KMS_KEY_ARN: "the ARN of a KMS key, such as `arn:aws:kms:eu-west-1:123456789012:key/...`",
    _BUCKET: "a bucket name: 3 to 63 small letters and digits, in parts joined by dashes or single dots",
    _EXTERNAL_ID: "2 to 1,224 letters, digits and `_+=,.@:/-`",
    _SESSION_NAME: "2 to 64 letters, digits and `_+=,.@-`",
}
"""Pattern -> what it means in words, for messages."""

FREE_TEXT = frozenset({_DESCRIPTION, _ONE_LINE})
STRANGE_CHARACTER = re.compile(r"[^\t\n\r\u0020-\u007E\u00A1-\u00FF]")
"""What no free text may hold."""

Key = Annotated[str, Limits(pattern=KEY, max_length=64)]
CompanyPrefix = Annotated[str, Limits(pattern=_COMPANY_PREFIX)]
TenantId = Annotated[str, Limits(pattern=_TENANT_ID)]
AccountId = Annotated[str, Limits(pattern=_ACCOUNT_ID)]
Description = Annotated[str, Limits(pattern=_DESCRIPTION, max_length=1000)]
CompanyName = Annotated[str, Limits(pattern=_ONE_LINE, max_length=128)]
ServicePrincipal = Annotated[str, Limits(pattern=_SERVICE)]
ManagedPolicyName = Annotated[str, Limits(pattern=_MANAGED_POLICY, max_length=512)]
RoleArn = Annotated[str, Limits(pattern=_ROLE_ARN, max_length=2048)]
BoundaryPolicy = Annotated[str, Limits(pattern=_BOUNDARY, max_length=2048)]
KmsKeyArn = Annotated[str, Limits(pattern=_KMS_KEY_ARN, max_length=2048)]
BucketName = Annotated[str, Limits(pattern=_BUCKET, min_length=3, max_length=63)]
ExternalId = Annotated[str, Limits(pattern=_EXTERNAL_ID)]
SessionName = Annotated[str, Limits(pattern=_SESSION_NAME)]
Filled = Annotated[str, Limits(min_length=1)]
