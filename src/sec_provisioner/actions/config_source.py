"""From `--config` to a parsed config: where the file is, whether this image and this region take it."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.config.nodes import Document, Mapping, Node, Scalar
from sec_provisioner.config.parse import parse_config
from sec_provisioner.errors import FolderError
from sec_provisioner.failures.usage import (
    ANOTHER_REGION,
    ANOTHER_TIERS_IMAGE,
    CONFIG_IS_FOLDER,
    NO_CONFIG,
    NO_TIER_OF_IMAGE,
)
from sec_provisioner.naming import TIER_CODES, Identity, Names
from sec_provisioner.report.files import Folder, Folders, is_folder

if TYPE_CHECKING:
    from sec_provisioner.actions.base import Context
    from sec_provisioner.config.model import Config
    from sec_provisioner.config.parse import ParsedConfig


@dataclass(frozen=True)
class ConfigSource:
    """The config file as read. `file` is how messages name it: a bare name, or the path that was given."""

    file: str
    path: Path
    content: bytes

    @property
    def text(self) -> str:
        """The content for showing lines of it; what is no UTF-8 is replaced."""
        return self.content.decode("utf-8-sig", errors="replace")


def read_config(name: str, folders: Folders) -> ConfigSource:
    """Read the config: a bare name from `configs`, a path with a separator as it is.

    Raises:
        UsageError: no such file.
        FolderError: the folder or the file can't be read.
    """
    path = Path(name).expanduser() if os.sep in name else folders.configs.path / name
    folder = Folder(path.parent)
    try:
        return ConfigSource(name, path, folder.read(path.name))
    except FileNotFoundError:
        raise NO_CONFIG(name=name, folder=folder.path, offer=_offer(name, folder)) from None
    except FolderError:
        if is_folder(path):
            raise CONFIG_IS_FOLDER(path=path, offer=_offer(name, folder)) from None
        raise


def _offer(wanted: str, folder: Folder) -> str:
    if os.sep not in wanted and Path(wanted).is_file():
        return f"Bare names are looked up there; for the file in this folder say --config ./{wanted}."
    names = [name for name in folder.names() if name.endswith((".yaml", ".yml"))]
    if not names:
        return "No config is there yet. sec-provisioner init-config makes one."
    close = difflib.get_close_matches(Path(wanted).name, names, n=1)
    first = f"Did you mean {close[0]}? " if close else ""
    return f"{first}There are: {', '.join(names)}."


def parse_source(ctx: Context) -> ParsedConfig:
    """Parse the config, and let the run know whose it is: from here on it has names, a log file and secrets.

    Raises:
        UsageError: another tier than the image's, or another region than `--region`.
    """
    source = ctx.source
    parsed = parse_config(source.content, source.file)
    # Where it can't be read here, what is wrong with it is among the problems.
    named = identity_of(parsed.document)
    identity = parsed.config.identity() if parsed.config and named else named
    if parsed.config is not None:
        ctx.hide(*_secrets(parsed.config))
    if identity is not None:
        ctx.belongs_to(Names(identity))
        must_fit_image(identity.tier, ctx.environment.get("SEC_TIER", ""))
        _must_fit_region(identity.region, ctx.options.region)
    return parsed


def identity_of(document: Document | None) -> Identity | None:
    """Whose config it is, where that much of an invalid one can be read: it names the log all the same."""
    if document is None:
        return None
    found = [_scalar(document, path) for path in _IDENTITY_PATHS]
    company_prefix, env, tenant_id, region, tier, account_id = found
    if tier not in TIER_CODES or not all(_SAFE.fullmatch(one) for one in found):
        return None
    return Identity(company_prefix, env, tenant_id, region, tier, account_id)


_IDENTITY_PATHS = (
    "client.company_prefix",
    "environment.env",
    "client.tenant_id",
    "environment.region",
    "tier.name",
    "client.account_id",
)
# What may stand in a file name without surprise.
_SAFE = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


def _scalar(document: Document, path: str) -> str:
    node: Node = document.root
    for step in path.split("."):
        if not isinstance(node, Mapping) or step not in node.entries:
            return ""
        node = node.entries[step].value
    return node.text if isinstance(node, Scalar) else ""


def must_fit_image(tier: str, image_tier: str) -> None:
    """An image of one tier (SEC_TIER) takes only configs of that tier.

    Raises:
        UsageError: names both; or SEC_TIER names none.
    """
    if not image_tier:
        return
    name = image_tier.partition("-")[0]
    if name not in TIER_CODES:
        raise NO_TIER_OF_IMAGE(image=image_tier, tiers=", ".join(one.version for one in tiers().values()))
    if name != tier:
        raise ANOTHER_TIERS_IMAGE(image=image_tier, tier=tier)


def _must_fit_region(own: str, region: str | None) -> None:
    if region is not None and region != own:
        raise ANOTHER_REGION(region=region, own=own)


def _secrets(config: Config) -> tuple[str, ...]:
    roles = config.security.cross_account_roles.values()
    found = [role.external_id for role in roles]
    if config.deployment.assume_role is not None:
        found.append(config.deployment.assume_role.external_id)
    return tuple(one for one in found if one)
