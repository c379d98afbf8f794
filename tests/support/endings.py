"""Actions that end in every way there is, for the tests of the boundary around them."""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner.actions.base import Context
from sec_provisioner.errors import AwsError, ExitCode, FindingsError, RefusedError, StackFailedError


@dataclass(frozen=True)
class Made:
    """A result."""

    text: str


def run(ctx: Context) -> ExitCode:
    """End as the option `how` says."""
    how: str = ctx.own("how")
    ctx.log.detail("it begins")
    ctx.record(Made("so far"), render=lambda made, _: [made.text])
    match how:
        case "well":
            return ctx.finish(Made("all"), render=lambda made, _: [made.text])
        case "findings":
            return ctx.finish(Made("x"), failure=FindingsError("Drift was found.", "Look."))
        case "aws":
            raise AwsError("AccessDenied: no", "Ask for it.", code="AccessDenied")
        case "stack":
            raise StackFailedError("The stack failed.")
        case "refused":
            raise RefusedError("Not confirmed.", "--force")
        case "interrupted":
            raise KeyboardInterrupt
        case "secret":
            ctx.hide("Very-Secret-4711")
            raise AwsError("it was Very-Secret-4711", "not Very-Secret-4711")
        case _:
            raise ZeroDivisionError("Very odd")
