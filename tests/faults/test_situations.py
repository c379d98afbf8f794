"""What else goes wrong at night: disks, folders, colleagues, large accounts, stacks that fail."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.aws import identity
from sec_provisioner.report import files
from support.fault_scenarios import (
    ANALYSTS,
    DOCUMENT,
    OPEN_TRUST,
    READERS,
    WORKER,
    deployed,
    drifted,
    fresh,
    to_delete,
    to_update,
)
from support.fault_world import CONFIG, World
from support.small_stack import STACK, client, small_config, stack_statuses
from support.tool import make_tool
from support.users import as_nobody


@pytest.fixture
def start(world: World) -> Callable[[Callable[[World], None]], None]:
    """Begin in an empty account and home, prepared as said."""

    def begin(prepare: Callable[[World], None]) -> None:
        world.start_over()
        prepare(world)

    return begin


Start = Callable[[Callable[[World], None]], None]


# --- a stack that fails -------------------------------------------------------------------------------


@pytest.mark.fault("a resource fails while the stack is created", "root cause first, exit 3; deploy clears it away")
@pytest.mark.parametrize("resource", ["GroupAnalysts", "RoleWorker", "ParameterRoleWorker"])
def test_a_creation_that_fails_is_cleared_away_by_the_next_deploy(world: World, start: Start, resource: str) -> None:
    start(fresh)
    world.local.faults.add(Fault("resource", operation="create", resource=resource, message="Not today"))
    ran = world.run("deploy", "--force")
    assert (ran.code, ran.stderr.startswith(f"error: {resource}") or f"error: {resource}" in ran.stderr) == (3, True)
    assert "Not today" in ran.stderr
    assert "ROLLBACK_COMPLETE" in ran.stderr
    world.local.faults.clear()
    assert world.run("deploy", "--force").code == 0
    assert world.run("check-drift").code == 0


@pytest.mark.fault("a resource fails while the stack is updated", "everything is put back, exit 3; deploy goes on")
@pytest.mark.parametrize("operation", ["create", "update"])
def test_an_update_that_fails_leaves_what_was_there(world: World, start: Start, operation: str) -> None:
    start(to_update)
    resource = "GroupWriters" if operation == "create" else "GroupAnalysts"
    world.local.faults.add(Fault("resource", operation=operation, resource=resource, message="Not today"))
    ran = world.run("deploy", "--force")
    assert (ran.code, "Not today" in ran.stderr, "as it was before" in ran.stderr) == (3, True, True)
    world.local.faults.clear()
    assert world.run("check-drift").code == 0
    assert world.run("deploy", "--force").code == 0
    assert world.run("check-drift").code == 0


@pytest.mark.fault(
    "the rollback of an update fails, too", "says so, exit 3; deploy continues the rollback, then updates"
)
def test_a_rollback_that_fails_is_continued_by_the_next_deploy(world: World, start: Start) -> None:
    start(to_update)
    world.local.faults.add(Fault("resource", operation="create", resource="ParameterGroupWriters", message="No"))
    # The second update of the group is the rollback's.
    world.local.faults.add(Fault("resource", operation="update", resource="GroupAnalysts", nth=2, message="Nor back"))
    ran = world.run("deploy", "--force")
    assert (ran.code, "UPDATE_ROLLBACK_FAILED" in ran.stderr) == (3, True)
    world.local.faults.clear()
    again = world.run("deploy", "--force")
    assert again.code == 0, again.stderr
    assert world.run("check-drift").code == 0


@pytest.mark.fault("a resource can't be deleted", "members come back where their group remains, exit 3; run again")
def test_a_deletion_that_fails_puts_members_back_and_can_be_repeated(world: World, start: Start) -> None:
    start(to_delete)
    world.local.faults.add(Fault("resource", operation="delete", resource="GroupReaders", message="In use"))
    ran = world.run("delete-stack", "--force")
    assert (ran.code, "In use" in ran.stderr, "DELETE_FAILED" in ran.stderr) == (3, True, True)
    assert [one["UserName"] for one in client("iam").get_group(GroupName=READERS)["Users"]] == ["anna", "bert"]
    world.local.faults.clear()
    again = world.run("delete-stack", "--force")
    assert again.code == 0, again.stderr
    assert stack_statuses() == {}
    assert world.state()["members"] == {READERS: ["anna", "bert"], ANALYSTS: ["cleo"]}


# --- folders and disks --------------------------------------------------------------------------------


@pytest.mark.fault("reports/ becomes unwritable before members are saved", "nobody is taken out, exit 3; run again")
def test_members_that_can_not_be_saved_stay_where_they_are(world: World, start: Start) -> None:
    start(to_delete)
    before = world.state()
    with _unwritable_from(world, "GetGroup"):
        ran = world.run("delete-stack", "--force")
    assert ran.code == 3
    assert "reports" in ran.stderr
    assert world.state() == before
    assert world.run("delete-stack", "--force").code == 0


@pytest.mark.fault(
    "reports/ becomes unwritable while the stack is changed", "the change is done and said, with a warning"
)
def test_a_deployment_ends_without_its_report(world: World, start: Start) -> None:
    start(to_update)
    with _unwritable_from(world, "ExecuteChangeSet"):
        ran = world.run("deploy", "--force")
    assert ran.code == 0, ran.stderr
    assert "reports" in ran.stderr
    assert world.run("check-drift").code == 0


class _unwritable_from:  # noqa: N801 - reads as a phrase
    """From a call of this operation on, reports/ takes no new file: for a user without rights, as root has all."""

    def __init__(self, world: World, operation: str) -> None:
        self._world, self._operation = world, operation
        self._reports = world.tool.home / "reports"
        self._nobody: Any = as_nobody()

    def __enter__(self) -> None:
        for folder in (self._world.folder, *self._world.folder.parents):
            if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o055)
        self._reports.chmod(0o777)
        self._nobody.__enter__()

        def strike(_: int) -> None:
            if self._world.wire.calls[-1] == self._operation:
                self._close()

        self._world.wire.strike = strike

    def _close(self) -> None:
        if os.geteuid() != self._reports.stat().st_uid:
            self._nobody.__exit__(None, None, None)
            self._reports.chmod(0o555)
            self._nobody = as_nobody()
            self._nobody.__enter__()
        else:
            self._reports.chmod(0o555)

    def __exit__(self, *_: object) -> None:
        self._nobody.__exit__(None, None, None)
        self._reports.chmod(0o755)
        self._world.wire.disarm()


@pytest.fixture
def full_disk(patch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """From the nth file on, the disk is full in the middle of it."""
    written = 0

    def fill(nth: int) -> None:
        def write(path: Path, content: bytes, *, durable: bool = False) -> None:
            nonlocal written
            written += 1
            if written < nth:
                return real(path, content, durable=durable)
            path.write_bytes(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

        inner.setattr(files, "_write", write)

    real = files._write  # noqa: SLF001 - where every file is written
    with pytest.MonkeyPatch.context() as inner:
        yield fill


@pytest.mark.fault("the disk is full in the middle of a file", "the old file stays whole, nothing half-written, exit 3")
@pytest.mark.parametrize("action", ["export-groups", "export-roles", "export-policies", "create-prov-template"])
def test_a_full_disk_leaves_no_half_written_file(
    world: World, start: Start, full_disk: Callable[[int], None], action: str
) -> None:
    start(fresh)
    assert world.run(action).code == 0
    before = _outputs(world)
    world.tool.write_config(
        small_config(world.account_id, groups=("analysts", "others"), levels="s3: level3").replace("level1", "level4")
    )
    full_disk(1)
    ran = world.run(action)
    assert (ran.code, "the disk is full" in ran.stderr) == (3, True)
    assert _outputs(world) == before


def _outputs(world: World) -> dict[str, str]:
    return {
        f"{folder}/{name}": text
        for folder in ("groups", "roles", "policies", "templates")
        for name, text in world.tool.files(folder).items()
    }


@pytest.mark.fault("the disk is full when members are to be saved", "nobody is taken out, exit 3")
def test_a_full_disk_keeps_members_in_their_groups(
    world: World, start: Start, full_disk: Callable[[int], None]
) -> None:
    start(to_delete)
    before = world.state()
    # The first file proves that reports/ can be written, the second has the members.
    full_disk(2)
    ran = world.run("delete-stack", "--force")
    assert (ran.code, "the disk is full" in ran.stderr) == (3, True)
    assert world.state() == before


# --- other people -------------------------------------------------------------------------------------


@pytest.mark.fault("a colleague deploys something else at any call", "one of both wins whole; the other is refused")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_of_two_deployments_at_once_one_wins_and_nothing_is_mixed(world: World, start: Start, tmp_path: Path) -> None:
    start(to_update)
    world.keep()
    assert world.run("deploy", "--force").code == 0
    count, mine = len(world.wire.calls), world.state()["account"]
    world.restore()
    theirs_config = small_config(world.account_id, groups=("analysts", "readers", "others"))
    theirs = _colleague(world, tmp_path / "first", theirs_config)
    assert theirs().code == 0
    their_state = world.state()["account"]
    refused = 0
    for nth in range(1, count + 1):
        world.restore()
        colleague = _colleague(world, tmp_path / str(nth), theirs_config)

        def meanwhile(now: int, nth: int = nth, colleague: Any = colleague) -> None:
            if now == nth:
                world.wire.strike = None
                done = colleague()
                assert done.code in (0, 4), done.stderr

        world.wire.strike = meanwhile
        ran = world.run("deploy", "--force", "--wait")
        world.wire.disarm()
        assert ran.code in (0, 4), f"at call {nth}: {ran.stderr}"
        if ran.code == 4:
            refused += 1
            assert "somebody else" in ran.stderr, ran.stderr
        assert world.state()["account"] in (mine, their_state), f"at call {nth}"
    assert refused


@pytest.mark.fault("somebody edits in the console at any call of deploy", "seen and refused, or found by the next run")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("prepare", [to_update, drifted], ids=["an update", "drift set back"])
def test_an_edit_by_hand_while_deploy_runs_is_never_lost_sight_of(
    world: World, start: Start, prepare: Callable[[World], None]
) -> None:
    start(prepare)
    world.keep()
    assert world.run("deploy", "--force").code == 0
    count, whole = len(world.wire.calls), world.state()
    for nth in range(1, count + 1):
        world.restore()

        def meanwhile(now: int, nth: int = nth) -> None:
            if now == nth:
                world.wire.strike = None
                client("iam").put_group_policy(GroupName=ANALYSTS, PolicyName="late", PolicyDocument=DOCUMENT)
                client("iam").update_assume_role_policy(RoleName=WORKER, PolicyDocument=OPEN_TRUST)

        world.wire.strike = meanwhile
        ran = world.run("deploy", "--force", "--wait")
        world.wire.disarm()
        assert ran.code in (0, 4), f"at call {nth}: {ran.stderr}"
        found = world.run("check-drift")
        assert found.code == 1 or world.state() == whole, f"at call {nth}: {found.stdout}"
        assert world.run("deploy", "--force", "--wait").code == 0, f"at call {nth}"
        assert world.state() == whole, f"at call {nth}"


def _colleague(world: World, home: Path, config: str) -> Callable[[], Any]:
    tool = make_tool(home)
    tool.write_config(config)
    return lambda: tool("deploy", "--config", CONFIG, "--force", "--wait")


# --- what is not there yet ------------------------------------------------------------------------------


@pytest.mark.fault("IAM shows a change only after a while", "read again until it is there, then exit 0")
@pytest.mark.parametrize("action", ["deploy", "test-deploy"])
def test_what_is_read_too_early_is_read_again(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    start(to_update)
    executed: list[int] = []
    early: list[Any] = []
    fetch = identity.fetch_account

    def fetch_late(aws: Any) -> Any:
        """The first two times after the change: what was there before it."""
        if "ExecuteChangeSet" in world.wire.calls and len(executed) < 2:
            executed.append(1)
            return early[-1]
        early.append(fetch(aws))
        return early[-1]

    monkeypatch.setattr(identity, "fetch_account", fetch_late)
    ran = world.run(action, *(("--force", "--express") if action == "deploy" else ()), "--output", "json")
    assert ran.code == 0, ran.stderr
    assert len(executed) == 2
    assert {one["status"] for one in ran.document["result"]["verified"]} == {"in_sync"}


# --- large accounts -----------------------------------------------------------------------------------


@pytest.mark.fault("the account has 300 groups and many users", "every list is read to its last page")
def test_an_account_with_many_groups_is_read_in_full(world: World, start: Start) -> None:
    start(deployed)
    iam = client("iam")
    for number in range(290):
        iam.create_group(GroupName=f"another-{number:03}")
    for number in range(120):
        iam.create_user(UserName=f"user-{number:03}")
        iam.add_user_to_group(GroupName=READERS, UserName=f"user-{number:03}")
    assert world.run("check-drift").code == 0
    assert world.run("deploy", "--force").code == 0
    gone = world.run("delete-stack", "--force", "--output", "json")
    assert gone.code == 0, gone.stderr
    assert gone.document["result"]["removed_members"] == 120
    assert len(world.state()["members"][READERS]) == 120
    assert len(iam.get_account_authorization_details(Filter=["Group"], MaxItems=1000)["GroupDetailList"]) == 290


@pytest.mark.fault("the stack has 480 resources", "created, compared and deleted like a small one")
def test_a_stack_near_the_limit_lives_like_a_small_one(world: World, start: Start) -> None:
    def large(world: World) -> None:
        groups = tuple(f"team-{number}" for number in range(238))
        world.tool.write_config(small_config(world.account_id, groups=groups, levels=""))

    start(large)
    done = world.run("deploy", "--force", "--output", "json")
    assert done.code == 0, done.stderr
    assert len(done.document["result"]["changes"]) >= 480 - 2
    assert world.run("check-drift").code == 0
    assert world.run("deploy", "--force").code == 0
    assert world.run("delete-stack", "--force").code == 0
    assert STACK not in stack_statuses()
