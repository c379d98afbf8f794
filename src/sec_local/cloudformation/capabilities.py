"""Templates with named IAM resources are refused without CAPABILITY_NAMED_IAM.

MiniStack checks this only where it enforces IAM; AWS always does.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
"""

from __future__ import annotations


def install() -> None:
    """Let MiniStack's own check run always."""
    from ministack.services.cloudformation import handlers  # noqa: PLC0415 - imported on first use

    handlers._capabilities_enforced = lambda: True  # noqa: SLF001 - its switch
