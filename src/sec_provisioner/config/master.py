"""A new config from a tier's master config: settings written into its text, its comments kept.

What it wrote is read back the way every config is read and compared with what was asked for, so that no setting is
lost or changed on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from sec_provisioner.catalogue.partitions import nearest_region, partition_of
from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.config import nodes, paths, scalars
from sec_provisioner.config.document import Document, load_document
from sec_provisioner.config.editing import dump, open_editor, write
from sec_provisioner.config.fields import description_of, type_at
from sec_provisioner.config.findings import Findings
from sec_provisioner.config.fitting import LeftOut, fit_to_partition
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.parse import parse_config
from sec_provisioner.config.settings import refused, setting_value
from sec_provisioner.config.typed import read_as
from sec_provisioner.failures.making import CONFIG_NOT_YAML, SETTING_NOT_WRITABLE
from sec_provisioner.failures.usage import UNKNOWN_REGION, UNKNOWN_TIER
from sec_provisioner.problem import Severity

_MASTERS = Path(__file__).parent.parent / "data" / "masters"
_REGION = "environment.region"
_ROLES = ("security", "cross_account_roles")


@dataclass(frozen=True)
class NewConfig:
    """The text of a new config, and what is still empty in it (dotted paths, in the file's order)."""

    text: str
    left_to_fill: tuple[str, ...]
    enabled_roles: tuple[str, ...] = ()
    """Cross-account roles that a setting enabled."""
    left_out: tuple[LeftOut, ...] = ()
    """What the region's partition does not have."""


@dataclass(frozen=True)
class Question:
    """A field to ask a person for: its place, what belongs there, and the master's value if it has one."""

    path: str
    description: str
    default: str


def questions(tier: str) -> tuple[Question, ...]:
    """What to ask for on a terminal: the client and the environment."""
    document = _document(_master_text(tier))
    return tuple(
        Question(path, description_of(path), "" if scalars.is_null(node) else node.text)
        for path, node in _scalars("", document.root)
        if path.startswith(("client.", "environment."))
    )


def new_config(tier: str, settings: Mapping[str, str], new_external_id: Callable[[], str]) -> NewConfig:
    """Write settings into a tier's master config.

    Args:
        tier: `startup`, `medium` or `enterprise`.
        settings: Dotted path -> value: text for text fields, else YAML. The trusted account of a cross-account
            role enables the role.
        new_external_id: Called for each role that is so enabled and has no external id.

    Raises:
        UsageError: An unknown tier, path or region, or a value that the config can't have there.
    """
    editor = open_editor()
    fitted = fit_to_partition(_master_text(tier), _partition(tier, settings))
    tree = editor.load(fitted.text)
    values = {path: setting_value(path, text) for path, text in settings.items()}
    roles = _roles_to_enable(settings)
    for path, value in values.items():
        write(tree, path, value)
    for role in roles:
        _enable(tree, settings.get("deployment.security_profile", tier), role, new_external_id)
    text = dump(editor, tree)
    return NewConfig(text, _check(text, values), roles, fitted.left_out)


def _partition(tier: str, settings: Mapping[str, str]) -> str:
    """The partition of the region that the config will have."""
    default = next(one.default for one in questions(tier) if one.path == _REGION)
    region = settings.get(_REGION, default)
    partition = partition_of(region)
    if partition is None:
        near = nearest_region(region)
        raise UNKNOWN_REGION(region=region, offer=f"Did you mean `{near}`?" if near else "")
    return partition


def _master_text(tier: str) -> str:
    if tier not in tiers():
        raise UNKNOWN_TIER(tier=tier, offer=suggestion(tier, tiers(), "There are"))
    return (_MASTERS / f"{tier}.yaml").read_text(encoding="utf-8")


def _document(text: str) -> Document:
    document = load_document(text.encode(), "").document
    if document is None:
        raise CONFIG_NOT_YAML()
    return document


def _scalars(path: str, node: nodes.Node) -> Iterator[tuple[str, nodes.Scalar]]:
    """Every scalar with its place, in the order of the file."""
    if isinstance(node, nodes.Scalar):
        yield path, node
    elif isinstance(node, nodes.Mapping):
        for key, entry in node.entries.items():
            yield from _scalars(paths.child(path, key), entry.value)
    else:
        for index, one in enumerate(node.items):
            yield from _scalars(paths.item(path, index), one)


# --- cross-account roles --------------------------------------------------------------------------------


def _roles_to_enable(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The roles whose trusted account is set."""
    places = [paths.steps(path) or () for path in settings]
    return tuple(str(steps[2]) for steps in places if steps[:2] == _ROLES and steps[3:] == ("trusted_account",))


def _enable(tree: CommentedMap, profile: str, role: str, new_external_id: Callable[[], str]) -> None:
    if not tree["security"]["cross_account_roles"][role].get("external_id"):
        write(tree, paths.child(f"{'.'.join(_ROLES)}", role) + ".external_id", new_external_id())
    enabled = tree["security_profiles"][profile].setdefault("enabled_cross_account_roles", CommentedSeq())
    if role not in enabled:
        enabled.fa.set_block_style()
        enabled.append(role)


# --- reading back ---------------------------------------------------------------------------------------


def _check(text: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the text as every config is read. Returns what is still empty.

    Raises:
        UsageError: A setting has a value that its field does not take.
        SecError: A setting reads otherwise than it was written.
    """
    document = _document(text)
    empty = tuple(path for path, node in _scalars("", document.root) if scalars.is_null(node))
    parsed = parse_config(text.encode(), "")
    errors = [one for one in parsed.problems if one.severity is Severity.ERROR and one.path not in empty]
    if errors:
        raise refused(errors)
    for path, value in values.items():
        node = document.node(path)
        if node is None or read_as(type_at(path), node, path, Findings(document)) != value:
            raise SETTING_NOT_WRITABLE(path=path)
    return empty
