"""What can't be deleted yet: DeleteConflict.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sec_local.iam.stores import Record, attachments, boundary_uses, groups_of, inline_policies, store
from sec_local.iam.wire import Answer, Check, Params, error, guard, parameter

Conflicts = Callable[[str, Record], Iterator[str]]


def install() -> None:
    """Guard the deletions."""
    for kind, conflicts in (("Role", _role), ("Group", _group), ("User", _user)):
        guard((f"Delete{kind}",), _check(kind, f"{kind}Name", conflicts))
    guard(("DeletePolicy",), _check("Policy", "PolicyArn", _policy))
    guard(("DeleteVirtualMFADevice",), _device_check)


def _check(kind: str, name_parameter: str, conflicts: Conflicts) -> Check:
    def check(params: Params) -> Answer | None:
        name = parameter(params, name_parameter)
        record = store(kind).get(name)
        found = next(conflicts(name, record), None) if record is not None else None
        return error("DeleteConflict", f"Cannot delete entity, must {found}", 409) if found else None

    return check


def _device_check(params: Params) -> Answer | None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html: deactivated first."""
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    device = iam._mfa_devices.get(parameter(params, "SerialNumber")) or {}  # noqa: SLF001 - its store
    message = "Cannot delete entity, must deactivate the MFA device first."
    return error("DeleteConflict", message, 409) if device.get("User") else None


def _attached(kind: str, name: str, record: Record) -> Iterator[str]:
    if record.get("AttachedPolicies"):
        yield "detach all policies first."
    if inline_policies(kind, name):
        yield "delete policies first."


def _role(name: str, record: Record) -> Iterator[str]:
    if any(name in profile.get("Roles", []) for profile in store("InstanceProfile").values()):
        yield "remove roles from instance profile first."
    yield from _attached("Role", name, record)


def _group(name: str, record: Record) -> Iterator[str]:
    if record.get("Users"):
        yield "remove users from group first."
    yield from _attached("Group", name, record)


def _user(name: str, record: Record) -> Iterator[str]:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    if groups_of(name):
        yield "remove users from group first."
    yield from _attached("User", name, record)
    if any(key["UserName"] == name for key in iam._access_keys.values()):  # noqa: SLF001 - the same
        yield "delete access keys first."
    if iam._login_profiles.get(name):  # noqa: SLF001 - its store
        yield "delete login profile first."
    if any(device.get("User") == name for device in iam._mfa_devices.values()):  # noqa: SLF001 - the same
        yield "delete MFA device first."


def _policy(arn: str, record: Record) -> Iterator[str]:
    if attachments(arn) or boundary_uses(arn):
        yield "detach it from all entities first: a policy attached to entities cannot be deleted."
    if len(record["Versions"]) > 1:
        yield (
            "delete the other versions first: this policy has more than one version. The default version is "
            "deleted with the policy."
        )
