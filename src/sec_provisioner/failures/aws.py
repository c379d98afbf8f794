"""AWS answers with a failure, or there is no way to it. `doing` is what the call was for: "read the stack"."""

from __future__ import annotations

from sec_provisioner.errors import AwsError
from sec_provisioner.failures.base import SO_FAR, Area, FailureClass

_AGAIN = "what was begun is taken up"

# --- AWS has answered -------------------------------------------------------------------------------

PERMISSION_LACKING = FailureClass(
    "permission-lacking",
    AwsError,
    "Can't {doing}: the credentials lack the permission {permission}{where}{why}.",
    state=SO_FAR,
    mend="export-iam-policy{option} writes the policy that the operator of this tool needs.",
    more="Where AWS names no permission, the operation is named instead. An explicit deny comes from a policy that "
    "forbids it, perhaps one of the organization: no further permission helps.",
)

TEMPLATE_NOT_FETCHED = FailureClass(
    "template-not-fetched",
    AwsError,
    "Can't {doing}: CloudFormation can't fetch the template from the bucket: the credentials lack s3:GetObject or "
    "s3:GetObjectVersion on it, or kms:Decrypt on the bucket's key.",
    state=SO_FAR,
    mend="export-iam-policy writes the policy that the operator of this tool needs.",
    more="CloudFormation reads the bucket with the operator's rights, and does not say which one is missing.",
)

THROTTLED = FailureClass(
    "throttled",
    AwsError,
    "Can't {doing}: AWS still throttles after all retries ({code}).",
    state=SO_FAR,
    mend=f"Run again in some minutes; {_AGAIN}.",
)

FAULT_OF_AWS = FailureClass(
    "fault-of-aws",
    AwsError,
    "Can't {doing}: AWS has a fault of its own, also after all retries ({code}: {told}).",
    state=SO_FAR,
    mend=f"Look at https://health.aws.amazon.com and run again; {_AGAIN}.",
)

NOT_SWITCHED_ON = FailureClass(
    "not-switched-on",
    AwsError,
    "Can't {doing}: the account has not switched on this service or region.",
    state=SO_FAR,
    mend="Enable the region in the account's settings.",
)

AWS_REFUSES = FailureClass(
    "aws-refuses",
    AwsError,
    "Can't {doing}: {told} ({code}).",
    state=SO_FAR,
    mend="Mend what AWS names and run again. The log has the details.",
    more="AWS's own words and its error code: a quota, most often. Quotas are raised in the Service Quotas console.",
)

# --- there is no way to it --------------------------------------------------------------------------

PROXY_SILENT = FailureClass(
    "proxy-silent",
    AwsError,
    "Can't {doing}: the proxy does not answer ({told}).",
    state=SO_FAR,
    mend="Check HTTPS_PROXY and NO_PROXY.",
)

CERTIFICATE_NOT_TRUSTED = FailureClass(
    "certificate-not-trusted",
    AwsError,
    "Can't {doing}: the TLS certificate is not trusted ({told}).",
    state=SO_FAR,
    mend="Behind a proxy with its own certificate authority set AWS_CA_BUNDLE to its file.",
)

NO_WAY_THERE = FailureClass(
    "no-way-there",
    AwsError,
    "Can't {doing}: {told}.",
    state=SO_FAR,
    mend="Check the network, the region and --endpoint-url (AWS_ENDPOINT_URL).",
)

BROKEN_OFF = FailureClass(
    "broken-off",
    AwsError,
    "Can't {doing}: the connection broke off ({told}).",
    state=SO_FAR,
    mend=f"Run again; {_AGAIN}.",
    more="AWS may have done it all the same: the next run finds that, too.",
)

NO_SUCH_ENDPOINT = FailureClass(
    "no-such-endpoint",
    AwsError,
    "Can't {doing}: {told}.",
    state=SO_FAR,
    mend="Check environment.region and --endpoint-url.",
)

SDK_FAULT = FailureClass(
    "sdk-fault",
    AwsError,
    "Can't {doing}: {told}.",
    state=SO_FAR,
    mend="Run again; the log has the details.",
)

# --- its answer is not understood -------------------------------------------------------------------

UNKNOWN_STATUS = FailureClass(
    "unknown-status",
    AwsError,
    "CloudFormation gives the stack a status that this version does not know: {status}.",
    state=SO_FAR,
    mend="Look for a newer version of the tool; the CloudFormation console says what it means.",
)

UNKNOWN_CHANGE_SET_STATUS = FailureClass(
    "unknown-change-set-status",
    AwsError,
    "The change set has a status that this version does not know: {status} ({reason}).",
    state="It was not executed.",
    mend="Look for a newer version of the tool; the CloudFormation console says what it means.",
)

DEPLOYED_TEMPLATE_UNREADABLE = FailureClass(
    "deployed-template-unreadable",
    AwsError,
    "The deployed template can't be read: {told}.",
    state="Nothing was changed.",
    mend="Look at it: aws cloudformation get-template.",
)

AREA = Area(
    "AWS and the way to it",
    "These can come at any call. Requests were repeated before they are given up. Nothing is begun after them; what "
    "was done before stays, and the next run of the same action looks at what is there and goes on from that.",
    (
        PERMISSION_LACKING,
        TEMPLATE_NOT_FETCHED,
        THROTTLED,
        FAULT_OF_AWS,
        NOT_SWITCHED_ON,
        AWS_REFUSES,
        PROXY_SILENT,
        CERTIFICATE_NOT_TRUSTED,
        NO_WAY_THERE,
        BROKEN_OFF,
        NO_SUCH_ENDPOINT,
        SDK_FAULT,
        UNKNOWN_STATUS,
        UNKNOWN_CHANGE_SET_STATUS,
        DEPLOYED_TEMPLATE_UNREADABLE,
    ),
)
