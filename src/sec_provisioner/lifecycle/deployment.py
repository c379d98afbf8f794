"""What is to be on AWS: a template with its name, tags and the way it travels. The input of all of this package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sec_provisioner.aws.upload import Bucket
from sec_provisioner.live.changes import name_of, resolved_resources
from sec_provisioner.live.ownership import WantedName
from sec_provisioner.naming import Names
from sec_provisioner.template.functions import Resolver
from sec_provisioner.template.render import goes_inline

_KINDS = {"AWS::IAM::Group": "group", "AWS::IAM::Role": "role", "AWS::IAM::ManagedPolicy": "policy"}


def resolve_template(template: Mapping[str, Any], names: Names) -> dict[str, dict[str, Any]]:
    """The resources of a stack's template, functions worked out as far as that goes without AWS."""
    resources = template.get("Resources", {})
    return resolved_resources(resources, Resolver(resources, names.identity, names.stack))


@dataclass(frozen=True)
class Deployment:
    """One stack as the config wants it."""

    names: Names
    template: Mapping[str, Any]
    text: str
    """The same template as minified JSON: what is sent."""
    tags: Mapping[str, str]
    bucket: Bucket
    role_arn: str | None = None
    termination_protection: bool = False
    express: bool = False
    """Whether CloudFormation's express mode is asked for."""

    @property
    def stack(self) -> str:
        """The stack's name."""
        return self.names.stack

    @property
    def is_inline(self) -> bool:
        """Whether the template fits into the request itself; else it goes through the bucket."""
        return goes_inline(self.text)

    @property
    def policy_owner(self) -> str:
        """What the ARNs of the account's own policies begin with: `arn:aws:iam::123456789012`."""
        identity = self.names.identity
        return f"arn:{identity.partition}:iam::{identity.account_id}"

    @property
    def digest(self) -> str:
        """SHA-256 of the template."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def resolved(self, template: Mapping[str, Any] | None = None) -> dict[str, dict[str, Any]]:
        """The resources of this or an older template of the stack, functions worked out as far as that goes."""
        return resolve_template(self.template if template is None else template, self.names)

    @property
    def wanted_names(self) -> tuple[WantedName, ...]:
        """The IAM names that the template claims."""
        return tuple(
            WantedName(_KINDS[one["Type"]], name_of(one), logical_id)
            for logical_id, one in self.resolved().items()
            if one["Type"] in _KINDS
        )
