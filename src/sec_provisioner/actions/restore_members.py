"""restore-members: who was taken out of a group by delete-stack comes back."""

from __future__ import annotations

from pathlib import Path

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.members_files import mark_restored, read_file, waiting_files
from sec_provisioner.actions.on_aws import open_run, require_consent
from sec_provisioner.errors import AwsError, ExitCode
from sec_provisioner.failures.members import MEMBERS_OF_OTHERS, MEMBERS_STAY_OUT
from sec_provisioner.lifecycle.guards import guard_account
from sec_provisioner.lifecycle.membership import PutBack, put_back
from sec_provisioner.live.members import Membership, SavedMembers, united
from sec_provisioner.naming import Names
from sec_provisioner.report.change_results import MemberEntry, RestoreResult
from sec_provisioner.report.change_text import restore_lines

_NOTHING = RestoreResult((), (), ())


def run(ctx: Context) -> ExitCode:
    """Put members back from the named file, or from all that wait."""
    names = ctx.built.names
    files = _files(ctx, names)
    connected = guard_account(open_run(ctx), names)
    members = united(saved.groups for _, saved in files)
    if not members:
        ctx.log.say("No saved members wait to be put back.")
        return ctx.finish(_NOTHING, render=restore_lines)
    for group, users in members.items():
        ctx.log.say(f"{group}: {', '.join(users)}")
    if ctx.own("dry_run"):
        return ctx.finish(_NOTHING, render=restore_lines)
    require_consent(ctx, f"Put {sum(map(len, members.values()))} members back into {len(members)} groups?")
    back = put_back(connected, members)
    if not back.failed:
        for path, saved in files:
            mark_restored(ctx, path, saved)
    return ctx.finish(
        _result(back),
        render=restore_lines,
        failure=_failure(back),
    )


def _files(ctx: Context, names: Names) -> list[tuple[Path, SavedMembers]]:
    named = ctx.own("members_file")
    if named is None:
        folder = ctx.folders.reports.path
        return [(folder / name, saved) for name, saved in waiting_files(ctx, names).items()]
    path, saved = read_file(ctx, named)
    if (saved.stem, saved.account_id) != (names.stem, names.identity.account_id):
        raise MEMBERS_OF_OTHERS(
            path=path,
            stem=saved.stem,
            account=saved.account_id,
            own_stem=names.stem,
            own_account=names.identity.account_id,
        )
    return [(path, saved)]


def _failure(back: PutBack) -> AwsError | None:
    if not back.failed:
        return None
    number = len(back.failed)
    return MEMBERS_STAY_OUT(count=f"{number} member{'s' if number > 1 else ''}")


def _result(back: PutBack) -> RestoreResult:
    return RestoreResult(
        restored=tuple(_entry(one) for one in back.restored),
        already=tuple(_entry(one) for one in back.already),
        failed=tuple(_entry(one, reason) for one, reason in back.failed),
    )


def _entry(one: Membership, reason: str = "") -> MemberEntry:
    return MemberEntry(one.group, one.user, reason)
