"""The results of the local actions: the trees that feed both text and JSON. Their keys are fixed by schema version.

The schemas in `data/schemas/` are made from these classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SeverityName = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class NotCheckedEntry:
    """Something that was not checked, with the reason."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """validate-config and validate-prov-template; the problems stand beside the result."""

    checked: tuple[str, ...]
    not_checked: tuple[NotCheckedEntry, ...]
    counts: dict[SeverityName, int]


@dataclass(frozen=True, slots=True)
class InitResult:
    """init-config: the file it made and the dotted paths that are still to be filled in.

    `left_out` says what the region's partition lacks, `enabled_roles` which cross-account roles a setting enabled.
    """

    config: str
    tier: str
    left_to_fill: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    enabled_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemaResult:
    """schema: the schema itself is on stdout."""

    bytes: int


@dataclass(frozen=True, slots=True)
class TemplateResult:
    """create-prov-template: sizes in bytes, of the file and of what would be sent."""

    template: str
    bytes: int
    inline_bytes: int
    sha256: str
    resources: dict[str, int]
    delivery: Literal["inline", "s3"]


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The exports: which files were written, removed, left as they were."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperatorPolicyResult:
    """export-iam-policy: the file, its size in characters as IAM counts, how many actions each statement allows."""

    policy: str
    size: int
    statements: dict[str, int]


@dataclass(frozen=True, slots=True)
class LocalServeResult:
    """local-serve, once it has been stopped: where it was and where its state lies."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class LocalResetResult:
    """local-reset: how many files of the state were removed."""

    state: str
    removed: int
