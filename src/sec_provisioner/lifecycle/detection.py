"""CloudFormation's own drift detection, from start to end. It changes nothing."""

from __future__ import annotations

from dataclasses import replace

from sec_provisioner.aws.detection import fetch_detection, fetch_resource_drifts, start_detection
from sec_provisioner.errors import AwsError
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.detection import Detection

# A stack's status that does not allow it, among others.
_NOT_POSSIBLE = "ValidationError"


def detect_drift(run: Run, stack_id: str) -> Detection:
    """Let CloudFormation detect drift, wait for it, and read all of what it found.

    Where CloudFormation refuses (some statuses of a stack), the detection has failed for that reason.
    """
    run.say("CloudFormation detects drift; that takes a while.")
    try:
        detection = start_detection(run.aws, stack_id)
    except AwsError as error:
        if error.code != _NOT_POSSIBLE:
            raise
        return Detection("DETECTION_FAILED", "UNKNOWN", error.message)
    states = (fetch_detection(run.aws, detection) for _ in run.looks())
    found = next(one for one in states if not one.is_running)
    return replace(found, resources=fetch_resource_drifts(run.aws, stack_id))
