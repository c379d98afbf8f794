"""What export-groups, export-roles and export-policies share: bring one folder in line with what is exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import ExitCode
from sec_provisioner.exports import Kind, export_text, is_export_name
from sec_provisioner.naming import Names
from sec_provisioner.report.files import Folder
from sec_provisioner.report.results import ExportResult
from sec_provisioner.report.terminal import Style


def export(ctx: Context, folder: Folder, kind: Kind, contents: Mapping[str, Mapping[str, Any]]) -> ExitCode:
    """Write what is new or changed, remove what this project no longer has, leave everything else alone."""
    texts = {name: export_text(dict(content)) for name, content in contents.items()}
    result = bring_in_line(folder, kind, texts, ctx.built.names)
    return ctx.finish(result, render=export_lines, problems=ctx.checked.problems, files=result.written)


def bring_in_line(folder: Folder, kind: Kind, texts: Mapping[str, bytes], names: Names) -> ExportResult:
    """Make the folder hold these files of the kind and no other of this project.

    Raises:
        FolderError: where it can't be written; then no file has changed.
    """
    folder.must_be_writable()
    there = folder.names()
    changed = {name: text for name, text in texts.items() if name not in there or folder.read(name) != text}
    stale = [name for name in there if name not in texts and is_export_name(name, kind, names)]
    folder.write_all(changed)
    return ExportResult(
        written=tuple(folder.shown(name) for name in sorted(changed)),
        removed=tuple(folder.remove(name) for name in stale),
        unchanged=tuple(folder.shown(name) for name in sorted(texts.keys() - changed.keys())),
    )


def export_lines(result: ExportResult, style: Style) -> Iterator[str]:
    """One line for each file that moved, then how many there are."""
    for name in result.written:
        yield f"{style.good('written')}    {name}"
    for name in result.removed:
        yield f"{style.bad('removed')}    {name}"
    for name in result.unchanged:
        yield style.faint(f"unchanged  {name}")
    yield f"{len(result.written)} written, {len(result.removed)} removed, {len(result.unchanged)} unchanged"
