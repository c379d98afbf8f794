"""ListPolicies with all of its filters.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
"""

from __future__ import annotations

from sec_local.iam.stores import attachments, boundary_uses, policy, store
from sec_local.iam.views import managed_policy
from sec_local.iam.wire import Answer, Params, add_action, parameter, result


def install() -> None:
    """MiniStack knows only scope and path."""
    add_action("ListPolicies", _answer)


def _answer(params: Params) -> Answer:
    shown = []
    for arn in _in_scope(parameter(params, "Scope", "All")):
        if _wanted(arn, params):
            view = managed_policy(arn)
            # The list has neither: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
            shown.append({name: value for name, value in view.items() if name not in ("Description", "Tags")})
    return result("ListPolicies", Policies=shown, IsTruncated=False)


def _in_scope(scope: str) -> list[str]:
    from ministack.services import iam  # noqa: PLC0415 - MiniStack is imported on first use

    local = [] if scope == "AWS" else list(store("Policy"))
    return local + ([] if scope == "Local" else list(iam._aws_managed_policies))  # noqa: SLF001 - its store


def _wanted(arn: str, params: Params) -> bool:
    record = policy(arn) or {}
    if not record.get("Path", "/").startswith(parameter(params, "PathPrefix", "/")):
        return False
    usage = parameter(params, "PolicyUsageFilter")
    used = {"PermissionsPolicy": attachments(arn), "PermissionsBoundary": boundary_uses(arn)}
    if usage and not used[usage]:
        return False
    return parameter(params, "OnlyAttached").lower() != "true" or bool(sum(used.values()))
