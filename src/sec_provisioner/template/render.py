"""Template -> text: plain YAML for people, minified JSON for AWS. The same value both times."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import yaml

from sec_provisioner.template.build import Template

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
INLINE_LIMIT = 51_200


class _PlainDumper(yaml.CSafeDumper):
    """Keeps the order of keys and writes no anchors: a reader should not have to look things up."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def yaml_text(template: Template) -> str:
    """The file in `templates/`."""
    return yaml.dump(dict(template.body), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)


def minified(template: Template) -> str:
    """What is sent to AWS."""
    return json.dumps(template.body, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """SHA-256 in hex of a rendered template."""
    return hashlib.sha256(text.encode()).hexdigest()


def goes_inline(text: str) -> bool:
    """Whether CreateChangeSet takes the text itself (51,200 bytes), or only by way of a bucket."""
    return len(text.encode()) <= INLINE_LIMIT
