"""SetDefaultPolicyVersion, which MiniStack lacks, and the state of a policy that goes with it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
"""

from __future__ import annotations

from sec_local.iam.stores import store
from sec_local.iam.wire import Answer, Params, add_action, error, parameter, result


def install() -> None:
    """Add the action."""
    add_action("SetDefaultPolicyVersion", _set_default)


def _set_default(params: Params) -> Answer:
    from ministack.core.responses import now_iso  # noqa: PLC0415 - MiniStack is imported on first use

    arn, wanted = parameter(params, "PolicyArn"), parameter(params, "VersionId")
    record = store("Policy").get(arn)
    if record is None:
        return error("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
    if wanted not in record["Versions"]:
        message = f"Policy {arn} version {wanted} does not exist or is not attachable."
        return error("NoSuchEntity", message, 404)
    for version_id, version in record["Versions"].items():
        version["IsDefaultVersion"] = version_id == wanted
    record["DefaultVersionId"], record["UpdateDate"] = wanted, now_iso()
    return result("SetDefaultPolicyVersion")
