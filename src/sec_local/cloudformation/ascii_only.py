"""CloudFormation keeps ASCII: any other character of a template becomes a question mark, in what it makes as well.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1220
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Where MiniStack reads a template, read it as CloudFormation would."""
    from ministack.services.cloudformation import changesets, handlers, helpers  # noqa: PLC0415 - on first use

    resolve = helpers._resolve_template  # noqa: SLF001 - its one reader of templates

    def resolve_ascii(params: dict[str, Any]) -> Any:
        body, refused = resolve(params)
        return (body.encode("ascii", "replace").decode() if body else body), refused

    for module in (helpers, handlers, changesets):
        module._resolve_template = resolve_ascii  # noqa: SLF001 - the same
