"""A new config from a tier's master config: settings written into its text, its comments kept.

The only module that edits YAML, hence the only one with ruamel.yaml. What it wrote is read back the way every
config is read and compared with what was asked for, so that no setting is lost or changed on the way.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

from sec_provisioner.catalogue.partitions import nearest_region, partition_of
from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.config import nodes, paths, scalars
from sec_provisioner.config.document import Document, load_document
from sec_provisioner.config.fields import description_of, type_at
from sec_provisioner.config.findings import Findings
from sec_provisioner.config.fitting import LeftOut, fit_to_partition
from sec_provisioner.config.nearest import suggestion
from sec_provisioner.config.parse import parse_config
from sec_provisioner.config.settings import refused, setting_value
from sec_provisioner.config.typed import read_as
from sec_provisioner.errors import SecError, UsageError
from sec_provisioner.problem import Severity

_MASTERS = Path(__file__).parent.parent / "data" / "masters"
_REGION = "environment.region"
_ROLES = ("security", "cross_account_roles")
# Other readers of YAML take these for booleans.
_YAML_1_1_WORDS = {"yes", "no", "on", "off", "y", "n"}


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
    editor = _editor()
    fitted = fit_to_partition(_master_text(tier), _partition(tier, settings))
    tree = editor.load(fitted.text)
    values = {path: setting_value(path, text) for path, text in settings.items()}
    roles = _roles_to_enable(settings)
    for path, value in values.items():
        _write(tree, path, value)
    for role in roles:
        _enable(tree, settings.get("deployment.security_profile", tier), role, new_external_id)
    text = _dump(editor, tree)
    return NewConfig(text, _check(text, values), roles, fitted.left_out)


def _partition(tier: str, settings: Mapping[str, str]) -> str:
    """The partition of the region that the config will have."""
    default = next(one.default for one in questions(tier) if one.path == _REGION)
    region = settings.get(_REGION, default)
    partition = partition_of(region)
    if partition is None:
        near = nearest_region(region)
        raise UsageError(f"There is no AWS region `{region}`.", f"Did you mean `{near}`?" if near else "")
    return partition


def _master_text(tier: str) -> str:
    if tier not in tiers():
        raise UsageError(f"There is no tier `{tier}`.", suggestion(tier, tiers(), "There are"))
    return (_MASTERS / f"{tier}.yaml").read_text(encoding="utf-8")


def _document(text: str) -> Document:
    document = load_document(text.encode(), "").document
    if document is None:
        raise SecError("The config that was made is no YAML.", "Make it without the last setting, and say so to us.")
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


# --- writing --------------------------------------------------------------------------------------------


def _editor() -> YAML:
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    editor.indent(mapping=2, sequence=4, offset=2)
    return editor


def _dump(editor: YAML, tree: CommentedMap) -> str:
    stream = io.StringIO()
    editor.dump(tree, stream)
    return stream.getvalue()


def _write(tree: CommentedMap, path: str, value: Any) -> None:
    """Put a value at a place, with the mappings on the way to it."""
    *above, last = paths.steps(path) or ()
    for step in above:
        if tree.get(step) is None:
            _put(tree, step, CommentedMap())
        tree = tree[step]
    _put(tree, last, _as_yaml(value))


def _put(tree: CommentedMap, key: Any, value: Any) -> None:
    """Set a key so that the comments around it stay where they are.

    The editor keeps a comment with the key above it. A new key therefore goes to the top, and a new value takes
    over what the last part of the old one carries.
    """
    if key not in tree:
        if not tree:
            tree.fa.set_block_style()
        tree.insert(0, key, value)
        return
    old = _last_comment(tree[key])
    tree[key] = value
    if old is not None and isinstance(value, CommentedMap | CommentedSeq) and value:
        holder, last, slot = _last_part(value)
        holder.ca.items.setdefault(last, [None] * 4)[slot] = old


def _last_comment(value: Any) -> CommentToken | None:
    """What follows the last part of a mapping or list, but for a remark on its own line."""
    if not isinstance(value, CommentedMap | CommentedSeq) or not value:
        return None
    holder, last, slot = _last_part(value)
    token = (holder.ca.items.get(last) or [None] * 4)[slot]
    if token is None:
        return None
    return CommentToken("\n" + token.value.partition("\n")[2], token.start_mark, None)


def _last_part(value: CommentedMap | CommentedSeq) -> tuple[CommentedMap | CommentedSeq, Any, int]:
    """The mapping or list that holds the last scalar, its key there, and where the editor keeps its comment."""
    last = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
    if isinstance(value[last], CommentedMap | CommentedSeq) and value[last]:
        return _last_part(value[last])
    return value, last, 2 if isinstance(value, CommentedMap) else 0


def _as_yaml(value: Any) -> Any:
    """The value as the editor writes it; quoted where another reader might take the text for something else."""
    if isinstance(value, dict):
        return CommentedMap((key, _as_yaml(one)) for key, one in value.items())
    if isinstance(value, list):
        return CommentedSeq(_as_yaml(one) for one in value)
    if isinstance(value, str) and _needs_quotes(value):
        return DoubleQuotedScalarString(value)
    return value


def _needs_quotes(text: str) -> bool:
    as_read = nodes.Scalar(nodes.Mark(1, 1), text, plain=True)
    return scalars.looks_like_number(as_read) or text.casefold() in _YAML_1_1_WORDS or not text.isprintable()


# --- cross-account roles --------------------------------------------------------------------------------


def _roles_to_enable(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The roles whose trusted account is set."""
    places = [paths.steps(path) or () for path in settings]
    return tuple(str(steps[2]) for steps in places if steps[:2] == _ROLES and steps[3:] == ("trusted_account",))


def _enable(tree: CommentedMap, profile: str, role: str, new_external_id: Callable[[], str]) -> None:
    if not tree["security"]["cross_account_roles"][role].get("external_id"):
        _write(tree, paths.child(f"{'.'.join(_ROLES)}", role) + ".external_id", new_external_id())
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
            raise SecError(f"The setting `{path}` can't be written so that it reads the same.", "Edit it by hand.")
    return empty
