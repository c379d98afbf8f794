"""How the template travels: inside the request, or through the bucket where it is too large for that."""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner.aws import upload
from sec_provisioner.aws.upload import Bucket, BucketState, Uploaded
from sec_provisioner.failures.buckets import NO_BUCKET
from sec_provisioner.lifecycle.deployment import Deployment
from sec_provisioner.lifecycle.run import Run


@dataclass(frozen=True, slots=True)
class Route:
    """The bucket a template goes through (None: inline), and whether it must be made, or finished, first."""

    bucket: Bucket | None = None
    is_missing: bool = False


def choose_route(run: Run, deployment: Deployment) -> Route:
    """Inline if it fits; else the bucket, which is looked at here and changed nowhere.

    Raises:
        AwsError: the bucket that the config names is missing, elsewhere, or out of reach.
        RefusedError: the bucket is somebody else's.
    """
    if deployment.is_inline:
        return Route()
    bucket = deployment.bucket
    state = upload.fetch_bucket_state(run.aws, bucket)
    if state is BucketState.MISSING and not bucket.is_made_here:
        raise NO_BUCKET(bucket=bucket.name, region=bucket.region, code="NoSuchBucket")
    return Route(bucket, is_missing=state is not BucketState.USABLE)


def send_template(run: Run, deployment: Deployment, route: Route) -> Uploaded | None:
    """Put the template into the bucket; None where it goes inline."""
    if route.bucket is None:
        return None
    run.say(f"Sending the template through the bucket {route.bucket.name}.")
    return upload.upload_template(run.aws, route.bucket, deployment.names.stem, deployment.text)
