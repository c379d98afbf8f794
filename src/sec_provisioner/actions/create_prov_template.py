"""create-prov-template: the CloudFormation template, as plain YAML for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import ExitCode
from sec_provisioner.report.results import TemplateResult
from sec_provisioner.report.terminal import Style
from sec_provisioner.template.render import digest, goes_inline, minified, yaml_text


def run(ctx: Context) -> ExitCode:
    """Write `templates/{stem}-template.yaml`."""
    built = ctx.built
    text, sent = yaml_text(built.template), minified(built.template)
    file = ctx.folders.templates.write(built.names.template_file, text.encode())
    types = Counter(resource["Type"] for resource in built.template.resources.values())
    result = TemplateResult(
        template=file,
        bytes=len(text.encode()),
        inline_bytes=len(sent.encode()),
        sha256=digest(sent),
        resources=dict(sorted(types.items())),
        delivery="inline" if goes_inline(sent) else "s3",
    )
    return ctx.finish(result, render=template_lines, problems=ctx.checked.problems, files=(file,))


def template_lines(result: TemplateResult, style: Style) -> Iterator[str]:
    """The file, what is in it, and how it would go to AWS."""
    yield f"{style.good('written')} {style.strong(result.template)} ({result.bytes:,} bytes)"
    for kind, count in result.resources.items():
        yield f"{count:>8}  {kind}"
    way = "inline" if result.delivery == "inline" else "through the template bucket"
    yield f"sent as {result.inline_bytes:,} bytes of JSON, {way}; SHA-256 {result.sha256}"
