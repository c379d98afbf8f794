"""A change of a stack -> text for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sec_provisioner.report.change_results import (
    ChangeEntry,
    DeleteResult,
    DeployResult,
    MemberEntry,
    PreviewResult,
    RestoreResult,
)
from sec_provisioner.report.document import ProblemEntry
from sec_provisioner.report.drift_text import resource_lines
from sec_provisioner.report.log import printable
from sec_provisioner.report.marked_text import Paints, marked
from sec_provisioner.report.property_text import Paragraph, paragraphs
from sec_provisioner.report.terminal import Style
from sec_provisioner.report.test_stack_results import DeleteTestStacksResult, TestDeployResult

_PARAMETER = "AWS::SSM::Parameter"
# Of what comes or goes as a whole: its name stands there, the others are the same for all.
_SAID_ALREADY = frozenset({"GroupName", "RoleName", "ManagedPolicyName", "Path", "Tags"})
_DONE = {"add": "added", "modify": "modified", "replace": "replaced", "remove": "removed"}
_MARKS = {"add": "+", "modify": "~", "replace": "!", "remove": "-"}


def preview_lines(result: PreviewResult, style: Style) -> Iterator[str]:
    """What would be done, resource by resource."""
    yield f"{style.strong(result.stack)} {_heading(result)}"
    for step in result.steps:
        yield f"  {style.careful('first:')} {step}"
    if result.bucket:
        made = " (created for it)" if result.bucket.created else ""
        yield f"  template goes through the bucket {result.bucket.name}{made}"
    if result.mode == "express":
        yield "  CloudFormation does it in express mode, and everything is read back afterwards"
    if result.termination_protection is not None:
        yield f"  termination protection: {style.good('on') if result.termination_protection else style.bad('off')}"
    # A new stack is reviewed as a config; of a change each line matters.
    in_full = result.operation == "update"
    for change in result.changes:
        yield from _change_lines(change, style, in_full=in_full and change.type != _PARAMETER)
    if result.changes:
        yield f"{_counted(result.changes)}"
    yield from _drift_lines(result, style)
    yield from _blocker_lines(result.blockers, style)
    for note in result.notes:
        yield f"{style.careful('note:')} {printable(note)}"
    yield f"digest {style.faint(result.digest)}"


def _heading(result: PreviewResult) -> str:
    if result.operation != "none":
        return f"will be {result.operation}d"
    if result.restores:
        return "has no changes but what is set back"
    if result.termination_protection is not None:
        return "has no changes but in its termination protection"
    return "stays as it is: no changes"


def _drift_lines(result: PreviewResult, style: Style) -> Iterator[str]:
    """What was changed by hand, by what becomes of it."""
    parts = (
        ("changed by hand, will be set back (- as deployed, + as it is now):", result.restores),
        ("changed by hand, stays as it is, --keep-drift (- as deployed, + as it is now):", result.kept_drift),
        ("changed by hand, the update writes over it (- as deployed, + as it is now):", result.overwrites),
    )
    for heading, resources in parts:
        if resources:
            yield style.strong(heading)
        for one in resources:
            yield from (f"  {line}" for line in resource_lines(one, style))


def _change_lines(change: ChangeEntry, style: Style, *, in_full: bool) -> Iterator[str]:
    paint = {"add": style.good, "modify": style.strong, "replace": style.careful, "remove": style.bad}[change.action]
    kind = change.type.rsplit("::", 1)[-1]
    yield f"  {paint(_MARKS[change.action])} {change.action:<8}{kind:<14} {printable(change.name)}"
    for cost in change.costs:
        yield f"      {style.careful('costs:')} {printable(cost)}"
    if not in_full:
        return
    if change.used_by:
        yield f"      concerns {printable(', '.join(change.used_by))}"
    for one in paragraphs(change.properties):
        if change.action in ("modify", "replace") or one.heading not in _SAID_ALREADY:
            yield from _paragraph_lines(one, style)


def _paragraph_lines(one: Paragraph, style: Style) -> Iterator[str]:
    yield f"      {printable(one.heading)}"
    paints: Paints = {"+": style.good, "-": style.bad, "~": style.careful, " ": style.faint}
    for line in one.lines:
        yield from marked(line, "        ", paints)


def _counted(changes: Iterable[ChangeEntry]) -> str:
    counts = Counter[str](one.action for one in changes)
    return ", ".join(f"{counts[action]} to {action}" for action in _MARKS if counts[action])


def _blocker_lines(blockers: Iterable[ProblemEntry], style: Style) -> Iterator[str]:
    for one in blockers:
        word = style.bad("blocked:") if one.severity == "error" else style.careful("note:")
        yield f"{word} {printable(one.message)}"
        if one.hint:
            yield f"  {style.paint('help:', 'cyan')} {printable(one.hint)}"


def deploy_lines(result: DeployResult, style: Style) -> Iterator[str]:
    """The preview, and what came of it."""
    yield from preview_lines(result, style)
    yield from outcome_lines(result, style)


def outcome_lines(result: DeployResult, style: Style) -> Iterator[str]:
    """What came of it alone, for who has just seen the preview."""
    for one in result.set_back:
        yield f"{style.good('set back:')} {printable(one)}"
    if result.outcome is None:
        return
    if result.outcome.root_cause:
        yield f"{style.strong(result.stack)} {style.bad(result.outcome.stack_status)}"
    else:
        yield f"{style.strong(result.stack)} {style.good(result.outcome.stack_status)}: {_done(result.changes)}"
    yield from _verified_lines(result, style)


def _done(changes: Iterable[ChangeEntry]) -> str:
    """`added 5 Group, 2 Role; removed 1 Group`."""
    counts = Counter((one.action, one.type.rsplit("::", 1)[-1]) for one in changes)
    by_action = {
        action: ", ".join(f"{number} {kind}" for (each, kind), number in sorted(counts.items()) if each == action)
        for action in _DONE
    }
    return "; ".join(f"{_DONE[action]} {told}" for action, told in by_action.items() if told)


def _verified_lines(result: DeployResult, style: Style) -> Iterator[str]:
    for one in result.verified:
        if one.status != "in_sync":
            yield from resource_lines(one, style)
    equal = sum(one.status == "in_sync" for one in result.verified)
    if equal:
        paint = style.good if equal == len(result.verified) else style.careful
        yield f"read back: {paint(f'{equal} of {len(result.verified)} resources')} are as the template says"


def test_deploy_lines(result: TestDeployResult, style: Style) -> Iterator[str]:
    """The preview, what came of it, what it does not show of the real stack, and how the stack is deleted."""
    yield from deploy_lines(result, style)
    yield "differs from production:"
    for one in result.differs_from_production:
        yield f"  {printable(one)}"
    if result.deleted:
        yield f"{style.strong(result.stack)} {style.good('deleted')}"
    elif result.outcome is not None:
        yield f"to delete it: {printable(result.delete_command)}"


def delete_test_lines(result: DeleteTestStacksResult, style: Style) -> Iterator[str]:
    """Which test stacks there are, which are gone, and which are not and why."""
    for one in result.found:
        yield f"{style.strong(one.stack)} {one.status}, {one.resources} resources"
        yield from _blocker_lines(one.notes, style)
    for name in result.deleted:
        yield f"{style.good('deleted')} {printable(name)}"
    for failed in result.failed:
        yield f"{style.bad('not deleted')} {printable(f'{failed.stack}: {failed.reason} {failed.hint}'.rstrip())}"
    if not result.found and not result.failed:
        yield "There are no test stacks of this config."


def delete_lines(result: DeleteResult, style: Style) -> Iterator[str]:
    """What was found in the way, and what is gone."""
    if result.outcome is None:
        yield f"{style.strong(result.stack)} {'would be deleted' if result.exists else 'does not exist'}"
    yield from _blocker_lines(result.blockers, style)
    if result.members_file:
        yield f"members removed from their groups: {result.removed_members}, saved in {result.members_file}"
    if result.restored_members:
        yield f"members put back: {result.restored_members}"
    if result.outcome is not None:
        for name in result.kept:
            yield f"  {style.careful('kept:')} {printable(name)}"
        paint = style.bad if result.outcome.root_cause else style.good
        counts = f"{len(result.deleted)} resources deleted, {len(result.kept)} kept"
        yield f"{style.strong(result.stack)} {paint(result.outcome.stack_status)}: {counts}"


def restore_lines(result: RestoreResult, style: Style) -> Iterator[str]:
    """Who is back, who is not."""
    for entries, word in ((result.restored, style.good("restored")), (result.already, "already there")):
        for one in entries:
            yield f"{word} {_member(one)}"
    for one in result.failed:
        yield f"{style.bad('failed')} {_member(one)}: {printable(one.reason)}"
    yield f"{len(result.restored)} restored, {len(result.already)} already there, {len(result.failed)} not possible"


def _member(one: MemberEntry) -> str:
    return printable(f"{one.user} in {one.group}")
