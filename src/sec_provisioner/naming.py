"""Every name the product makes, and the limits AWS sets on them.

One place on purpose: nothing else knows what a test suffix does to a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

RoleKind = Literal["service", "assumable", "cross-account"]

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
ROLE_NAME_LIMIT = 64
GROUP_NAME_LIMIT = 128
POLICY_NAME_LIMIT = 128
# The console's "switch role" form takes path and name together, and the path is at least "/".
SWITCH_ROLE_NAME_LIMIT = 63
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
STACK_NAME_LIMIT = 128

TIER_CODES = {"startup": "sta", "medium": "med", "enterprise": "ent"}


def dashed(key: str) -> str:
    """A config key as it is spelt inside an IAM name: `data_scientists` -> `data-scientists`."""
    return key.replace("_", "-")


@dataclass(frozen=True)
class Identity:
    """Who this config is about: the fields that every name is made of."""

    company_prefix: str
    env: str
    tenant_id: str
    region: str
    tier: str
    account_id: str
    partition: str = "aws"


@dataclass(frozen=True)
class Names:
    """All names of one config; with `suffix` (6 of a-z0-9) those of a test stack."""

    identity: Identity
    suffix: str | None = None

    @cached_property
    def project(self) -> str:
        """`edge-prod-b001`: the prefix of every IAM name. The same in a test stack."""
        one = self.identity
        return f"{one.company_prefix}-{one.env}-{one.tenant_id}"

    @cached_property
    def stem(self) -> str:
        """`edge-prod-b001-us-west-1-medium-sec`: names files and the stack. The same in a test stack."""
        return f"{self.project}-{self.identity.region}-{self.identity.tier}-sec"

    @cached_property
    def stack_stem(self) -> str:
        """The stem with `-test-{suffix}` where this is a test stack: what SSM and the stack hang under."""
        return f"{self.stem}-test-{self.suffix}" if self.suffix else self.stem

    @cached_property
    def stack(self) -> str:
        """The CloudFormation stack."""
        return f"{self.stack_stem}-stack"

    def suffix_in(self, stack: str) -> str | None:
        """The suffix in the name of a test stack of this config; None for any other name."""
        found = re.fullmatch(rf"{re.escape(self.stem)}-test-([a-z0-9]{{6}})-stack", stack)
        return found[1] if found else None

    @cached_property
    def resource_scope(self) -> str:
        """What `${Project}` in a policy stands for: the names (and `project` tag) that policies point at.

        In a test stack `{project}-test-{suffix}`, so that it grants nothing on real resources.
        """
        return f"{self.project}-test-{self.suffix}" if self.suffix else self.project

    @cached_property
    def config_file(self) -> str:
        """The config's usual file name; it has no tier, so that it survives an upgrade."""
        return f"{self.project}-{self.identity.region}-sec.yaml"

    @cached_property
    def template_file(self) -> str:
        """The exported template."""
        return f"{self.stem}-template.yaml"

    @cached_property
    def operator_policy_file(self) -> str:
        """The exported policy of the operator of this tool."""
        return f"{self.stem}-iam-policy.json"

    @cached_property
    def default_bucket(self) -> str:
        """The template bucket by default: never under `{project}-`, which the tenant's groups may write."""
        return f"sec-templates-{self.identity.account_id}-{self.identity.region}"

    @cached_property
    def parameter_path(self) -> str:
        """`/security/{stem}/`, under which one level of SSM parameters lies."""
        return f"/security/{self.stack_stem}/"

    @property
    def _code(self) -> str:
        return TIER_CODES[self.identity.tier]

    @property
    def _tail(self) -> str:
        return f"-{self.suffix}" if self.suffix else ""

    def prefix(self, kind: Literal["group", "role", "policy"]) -> str:
        """How every IAM name of a kind begins, in a test stack as well: project and tier, no region."""
        return f"{self.project}-{kind}-{self._code}-"

    def group(self, key: str) -> str:
        """IAM group name for a key of `iam_groups`."""
        return f"{self.prefix('group')}{dashed(key)}{self._tail}"

    def role(self, key: str) -> str:
        """IAM role name for a key of any kind of role."""
        return f"{self.prefix('role')}{dashed(key)}{self._tail}"

    def policy(self, service: str, level_name: str, part: int = 1) -> str:
        """Managed policy name of a service's level; parts after the first end in `-2`, `-3`."""
        number = f"-{part}" if part > 1 else ""
        return f"{self.prefix('policy')}{dashed(service)}-{dashed(level_name)}{number}{self._tail}"

    def parameter(self, kind: str, name: str) -> str:
        """SSM parameter that holds the ARN of a `group`, `role` or `policy`; `name` as in its IAM name."""
        return f"{self.parameter_path}{kind}-{dashed(name)}"
