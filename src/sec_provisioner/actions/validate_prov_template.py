"""validate-prov-template: a template against quotas, IAM checks and cfn-lint's rules.

The generated one, whose findings point at the config, or with `--template` one from a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.checking import finish_check
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.usage import NO_TEMPLATE
from sec_provisioner.problem import Problem
from sec_provisioner.report.files import Folder
from sec_provisioner.report.results import NotCheckedEntry
from sec_provisioner.template.cfn_lint import LintMatch, is_installed, lint
from sec_provisioner.template.inspection import inspect_template
from sec_provisioner.template.limits import Quotas
from sec_provisioner.template.reading import read_template
from sec_provisioner.template.render import yaml_text

_CFN_LINT = "cfn-lint"
_NO_LINT = NotCheckedEntry("cfn-lint's rules", "cfn-lint is not installed: pip install 'sec-provisioner[lint]'")
_OF_FILE = ("template shape", "quotas", "policy documents", "trust policies")


def run(ctx: Context) -> ExitCode:
    """Check one template, every problem at once."""
    return _check_file(ctx, ctx.own("template")) if ctx.own("template") else _check_generated(ctx)


def _check_generated(ctx: Context) -> ExitCode:
    built, checked = ctx.built, ctx.checked
    region = built.names.identity.region
    matches = lint(yaml_text(built.template), built.names.template_file, region) if is_installed() else ()
    problems = (*checked.problems, *(_in_config(ctx, one) for one in matches))
    return _finish(ctx, built.names.template_file, problems, checked.checked)


def _check_file(ctx: Context, name: str) -> ExitCode:
    content = _read(ctx, name)
    built = ctx.built
    ctx.texts[name] = content.decode("utf-8-sig", errors="replace")
    of = built.config.deployment.quotas
    quotas = Quotas(of.role_attached_policies, of.group_attached_policies, of.role_trust_policy)
    template = read_template(content, name)
    found = inspect_template(template, built.names, quotas)
    not_checked = [NotCheckedEntry(what, reason) for what, reason in found.not_checked]
    if template.body is None:
        return finish_check(ctx, name, found.problems, (), not_checked)
    matches = lint(ctx.texts[name], name, built.names.identity.region) if is_installed() else ()
    problems = (*found.problems, *(_problem(one) for one in matches))
    return _finish(ctx, name, problems, _OF_FILE, not_checked)


def _read(ctx: Context, name: str) -> bytes:
    path = Path(name).expanduser() if os.sep in name else ctx.folders.templates.path / name
    try:
        return Folder(path.parent).read(path.name)
    except FileNotFoundError:
        there = ", ".join(Folder(path.parent).names()) or "none"
        raise NO_TEMPLATE(name=name, folder=path.parent, there=there) from None


def _finish(
    ctx: Context,
    subject: str,
    problems: Iterable[Problem],
    checked: tuple[str, ...],
    not_checked: Iterable[NotCheckedEntry] = (),
) -> ExitCode:
    if is_installed():
        return finish_check(ctx, subject, problems, (*checked, _CFN_LINT), not_checked)
    return finish_check(ctx, subject, problems, checked, (*not_checked, _NO_LINT))


def _problem(match: LintMatch) -> Problem:
    return Problem(f"{_CFN_LINT}-{match.rule}", match.severity, match.message, where=match.where)


def _in_config(ctx: Context, match: LintMatch) -> Problem:
    """The same finding at the line of the config that the property comes from, where there is one."""
    source = ""
    match match.path:
        case ("Resources", str(logical_id), "Properties", *rest):
            dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
            source = ctx.built.template.source(logical_id, dotted.removeprefix("."))
        case ("Resources", str(logical_id), *_):
            source = ctx.built.template.source(logical_id, "")
    document = ctx.parsed.document
    where = document.nearest_location(source) if document and source else match.where
    return Problem(f"{_CFN_LINT}-{match.rule}", match.severity, match.message, where=where, path=source)
