"""docs/TROUBLESHOOTING.md: every way in which a run can end badly, from the tables of `failures/`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guides.markdown import bullets, code, document, table
from sec_provisioner.errors import ExitCode, SecError
from sec_provisioner.failures.base import Aftermath, Area, FailureClass
from sec_provisioner.failures.tables import AREAS
from sec_provisioner.live.status import STATUSES, OnDelete, OnDeploy

INTRO = """\
# Troubleshooting

A run that does not end well says three things: what happened, what state things are in, and what to do.

```text
error: The credentials (<caller>) are of the account <account>, the config is for <wanted>. Nothing was read or changed.
  help: Choose the right --profile, or correct client.account_id.
```

- In the run's JSON (`reports/`, or `--output json`) it is `failure`: `message`, `hint`, AWS's error `code` where there
  was one, and `id`, which is a heading on this page.
- The log beside it has every step that came before.
- Whatever happened, these two change nothing: `show-changes` says what is there and what deploy would do, `check-drift`
  what is not as it was deployed.
- Running the same command again is safe: it looks at what is there and goes on from that.
"""

_MEANINGS = {
    ExitCode.OK: "Done. Nothing to do.",
    ExitCode.FINDINGS: "Something was found: problems of the config, or drift.",
    ExitCode.USAGE: "The command was not understood, or names what is not there. Nothing was done.",
    ExitCode.FAILED: "AWS, the machine or the stack's operation failed. What was begun is said.",
    ExitCode.REFUSED: "The tool does not go ahead: it is not confirmed, or somebody must look at something first.",
    ExitCode.INTERRUPTED: "Ctrl-C or SIGTERM.",
}

# Names of values that say little to somebody who does not know the code.
_WORDS = {
    "told": "in its own words",
    "doing": "what was being done",
    "so_far": "what was set back before that",
    "mend": "what to do about it",
    "mends": "what to do about each",
    "offer": "what was meant, or what there is",
    "where": "where",
    "why": "why",
    "option": "option",
    "author": "by whom",
    "cause": "the first resource that failed, and why",
    "problems": "what is wrong",
    "blockers": "everything in the way",
    "names": "which names, and whose",
    "meaning": "what that means",
    "resources": "which resources",
}

_ON_DEPLOY = {
    OnDeploy.CREATE: "creates it",
    OnDeploy.UPDATE: "updates it",
    OnDeploy.CLEAR: "deletes the empty stack, then creates it",
    OnDeploy.CONTINUE: "continues the rollback, then updates it",
    OnDeploy.WAIT: "refuses; waits with `--wait`",
    OnDeploy.REFUSE: "refuses",
}
_ON_DELETE = {
    OnDelete.DELETE: "deletes it",
    OnDelete.WAIT: "refuses; waits with `--wait`",
    OnDelete.NOTHING: "nothing to do",
}


def render_troubleshooting() -> str:
    """The whole page."""
    areas = (block for one in AREAS for block in _area(one))
    return document(INTRO.strip(), *_exit_codes(), *areas, *_statuses())


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes"
    yield table(["code", "meaning"], ([str(int(code)), meaning] for code, meaning in _MEANINGS.items()))


def _area(area: Area) -> Iterator[str]:
    yield f"## {area.title}"
    yield area.about
    for one in area.classes:
        yield f"### {one.id}"
        yield f"```text\n{_shown(one.message)}\n```"
        yield bullets([*_state_and_mend(one), f"**Exit code:** {int(one.kind.exit_code)}"])
        yield one.more
    for two in area.aftermaths:
        yield f"### {two.id}"
        yield f"Told behind another failure. {two.when}"
        yield bullets(_state_and_mend(two))
        yield two.more


def _state_and_mend(one: FailureClass[SecError] | Aftermath) -> Iterator[str]:
    if one.state:
        yield f"**State:** {_prose(one.state)}"
    yield f"**Do:** {_prose(one.mend) if one.mend else 'what the failure itself says.'}"


def _statuses() -> Iterator[str]:
    yield "## Statuses of a stack"
    yield "The status stands in the message, in the preview, and in the CloudFormation console."
    yield table(
        ["status", "what it means", "deploy", "delete-stack", "what to do"],
        (
            [code(one.name), one.state, _ON_DEPLOY[one.on_deploy], _ON_DELETE[one.on_delete], one.mend or "-"]
            for one in STATUSES.values()
        ),
    )


def _shown(template: str) -> str:
    """A text as it is seen, with words for the values."""
    return re.sub(r"\{(\w+)\}", lambda found: f"<{_WORDS.get(found[1], found[1].replace('_', ' '))}>", template)


def _prose(template: str) -> str:
    """The same inside Markdown, where angle brackets would be taken for HTML."""
    return _shown(template).replace("<", r"\<").replace(">", r"\>").replace("*", r"\*")
