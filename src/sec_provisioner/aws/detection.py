"""CloudFormation's drift detection: started, asked for its status, and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sec_provisioner.aws.errors import explained
from sec_provisioner.live.detection import Detection, ServiceDrift

if TYPE_CHECKING:
    from sec_provisioner.aws.session import Aws

_RESOURCES_A_PAGE = 100


@explained("let CloudFormation detect drift")
def start_detection(aws: Aws, stack_id: str) -> str:
    """Begin to detect the drift of a stack. Returns the detection's id."""
    return aws.cloudformation.detect_stack_drift(StackName=stack_id)["StackDriftDetectionId"]


@explained("read how far CloudFormation's drift detection is")
def fetch_detection(aws: Aws, detection: str) -> Detection:
    """How a detection stands, without its resources."""
    found = aws.cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    return Detection(
        status=found["DetectionStatus"],
        stack_status=found.get("StackDriftStatus", ""),
        reason=found.get("DetectionStatusReason", ""),
    )


@explained("read what CloudFormation's drift detection found")
def fetch_resource_drifts(aws: Aws, stack_id: str) -> tuple[ServiceDrift, ...]:
    """What the last detection found, resource by resource."""
    found: list[ServiceDrift] = []
    more: Any = {}
    while True:
        page: Any = aws.cloudformation.describe_stack_resource_drifts(
            StackName=stack_id, MaxResults=_RESOURCES_A_PAGE, **more
        )
        found.extend(
            ServiceDrift(
                logical_id=one["LogicalResourceId"],
                status=one["StackResourceDriftStatus"],
                properties=tuple(each["PropertyPath"] for each in one.get("PropertyDifferences", [])),
                reason=one.get("DriftStatusReason", ""),
            )
            for one in page["StackResourceDrifts"]
        )
        if not page.get("NextToken"):
            return tuple(found)
        more = {"NextToken": page["NextToken"]}
