"""The condition keys that AWS fills in whatever the service, as its page lists them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (read in November 2026)
"""

from __future__ import annotations

from sec_provisioner.iam.condition_key import ConditionKey, KeyType

_TEXT = KeyType("String")
_TEXTS = KeyType("String", multivalued=True)
_ARN = KeyType("ARN")
_BOOL = KeyType("Bool")
_DATE = KeyType("Date")
_IP = KeyType("IPAddress")
_NUMBER = KeyType("Numeric")

# Keys whose presence depends on the action: the service's reference says which actions have them.
BY_ACTION = (
    ConditionKey("aws:RequestTag/${TagKey}", _TEXT),
    ConditionKey("aws:ResourceTag/${TagKey}", _TEXT),
    ConditionKey("aws:TagKeys", _TEXTS),
)

# Keys that may be there in any request, by the principal, its session, the network, the resource's owner or the call.
_NAMES = {
    _TEXT: """
        aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:FederatedProvider aws:PrincipalAccount
        aws:PrincipalOrgID aws:PrincipalServiceName aws:PrincipalTag/${TagKey} aws:PrincipalType aws:referer
        aws:RequestedRegion aws:ResourceAccount aws:ResourceOrgID aws:SourceAccount aws:SourceIdentity aws:SourceOrgID
        aws:SourceVpc aws:SourceVpce aws:UserAgent aws:userid aws:username aws:VpceAccount aws:VpceOrgID
        glue:CredentialIssuingService glue:RoleAssumedBy identitystore:UserId
        """,
    _TEXTS: """
        aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths
        aws:VpceOrgPaths
        """,
    _ARN: """
        aws:ChatbotSourceArn aws:Ec2InstanceSourceVpc aws:PrincipalArn aws:SignInSessionArn aws:SourceArn
        aws:SourceVpcArn codebuild:BuildArn codebuild:ProjectArn ec2:SourceInstanceArn lambda:SourceFunctionArn
        ssm:SourceInstanceArn
        """,
    _BOOL: """
        aws:AssumedRoot aws:IsMcpServiceAction aws:MultiFactorAuthPresent aws:PrincipalIsAWSService aws:SecureTransport
        aws:ViaAWSMCPService aws:ViaAWSService
        """,
    _DATE: "aws:CurrentTime aws:EpochTime aws:TokenIssueTime",
    _IP: "aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIp aws:VpcSourceIp",
    _NUMBER: "aws:MultiFactorAuthAge ec2:RoleDelivery",
}
IN_ANY_REQUEST = tuple(ConditionKey(name, kind) for kind, names in _NAMES.items() for name in names.split())
