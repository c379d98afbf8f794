"""The AWS actions as an operator types them, in process, on the local AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.actions import deploy
from sec_provisioner.lifecycle.verify import Executed, read_back
from support.small_stack import STACK, STEM, client, small_config, stack_statuses
from support.startup import make_startup_config
from support.tool import Ran, Tool, make_tool, run

READERS = "edge-prod-b001-group-sta-readers"


def add_user(name: str, group: str) -> None:
    client("iam").create_user(UserName=name)
    client("iam").add_user_to_group(GroupName=group, UserName=name)


def members_of(group: str) -> list[str]:
    return [one["UserName"] for one in client("iam").get_group(GroupName=group)["Users"]]


def test_from_a_preview_to_a_stack_and_away_again(tool: Tool) -> None:
    preview = run(tool, "show-changes", "--output", "json")
    assert preview.code == 0, preview.stderr
    result = preview.document["result"]
    assert (result["stack"], result["operation"], result["blockers"], result["bucket"]) == (STACK, "create", [], None)
    assert stack_statuses() == {}

    done = run(tool, "deploy", "--force", "--expect", result["digest"], "--output", "json")
    assert done.code == 0, done.stderr
    outcome = done.document["result"]
    assert outcome["outcome"] == {"stack_status": "CREATE_COMPLETE", "root_cause": None}
    assert outcome["changes"] == result["changes"]
    assert outcome["events"][-1]["status"] == "CREATE_COMPLETE"
    assert "error" not in done.log.lower()

    again = run(tool, "deploy", "--force")
    assert (again.code, "no changes" in again.stdout) == (0, True)

    gone = run(tool, "delete-stack", "--force", "--output", "json")
    assert gone.code == 0, gone.stderr
    assert READERS in gone.document["result"]["deleted"]
    assert stack_statuses() == {}
    assert run(tool, "delete-stack", "--force").code == 0


def test_a_startup_config_as_it_is_made_deploys(tmp_path: Path, account_id: str) -> None:
    tool = make_tool(tmp_path / "startup")
    make_startup_config(tool, client__account_id=account_id)
    done = run(tool, "deploy", "--force", "--output", "json")
    assert done.code == 0, done.stderr
    assert done.document["result"]["outcome"]["stack_status"] == "CREATE_COMPLETE"
    assert run(tool, "show-changes", "--output", "json").document["result"]["operation"] == "none"


@pytest.mark.parametrize("action", ["deploy", "delete-stack"])
def test_without_a_terminal_and_force_nothing_is_changed(tool: Tool, action: str) -> None:
    if action == "delete-stack":
        assert run(tool, "deploy", "--force").code == 0
    before = stack_statuses()
    ran = run(tool, action)
    assert ran.code == 4
    assert "--force" in ran.stderr
    assert stack_statuses() == before


@pytest.mark.parametrize(("answer", "code", "stacks"), [("y\n", 0, 1), ("n\n", 4, 0), ("\n", 4, 0), ("", 4, 0)])
def test_the_question_defaults_to_no(tool: Tool, answer: str, code: int, stacks: int) -> None:
    tool.is_terminal = True
    ran = run(tool, "deploy", answers=answer)
    assert ran.code == code
    assert len(stack_statuses()) == stacks
    assert READERS in ran.stderr


@pytest.mark.parametrize("answer", ["y\n", "n\n"])
def test_who_has_seen_the_preview_with_the_question_does_not_see_it_again(tool: Tool, answer: str) -> None:
    tool.is_terminal = True
    ran = run(tool, "deploy", answers=answer)
    assert READERS not in ran.stdout
    created = f"{STACK} CREATE_COMPLETE: added 2 Group, 2 ManagedPolicy, 5 Parameter, 1 Role\n"
    assert ran.stdout == (created if answer == "y\n" else "")


def test_a_dry_run_stops_after_the_preview(tool: Tool) -> None:
    ran = run(tool, "deploy", "--force", "--dry-run", "--output", "json")
    assert (ran.code, ran.document["result"]["outcome"]) == (0, None)
    assert stack_statuses() == {}


def test_another_digest_than_the_approved_one_is_refused(tool: Tool) -> None:
    ran = run(tool, "deploy", "--force", "--expect", "0" * 64)
    assert ran.code == 4
    assert "digest" in ran.stderr
    assert stack_statuses() == {}


def test_a_change_of_termination_protection_alone_is_previewed_and_approved(tool: Tool, account_id: str) -> None:
    assert run(tool, "deploy", "--force").code == 0
    before = run(tool, "show-changes", "--output", "json").document["result"]
    assert before["termination_protection"] is None
    tool.write_config(small_config(account_id, deployment="termination_protection: true"))
    shown = run(tool, "show-changes")
    assert "termination protection: on" in shown.stdout
    assert "stays as it is" not in shown.stdout
    now = run(tool, "show-changes", "--output", "json").document["result"]
    assert now["termination_protection"] is True
    refused = run(tool, "deploy", "--force", "--expect", before["digest"])
    assert refused.code == 4
    assert run(tool, "deploy", "--force", "--expect", now["digest"]).code == 0


def test_a_failure_says_the_cause_first_and_ends_with_3(tool: Tool, local_aws: Any) -> None:
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker", message="No more roles"))
    ran = run(tool, "deploy", "--force", "--output", "json")
    assert ran.code == 3
    document = ran.document
    assert document["status"] == "failed"
    assert document["failure"]["message"].startswith("RoleWorker")
    assert document["result"]["outcome"]["root_cause"]["logical_id"] == "RoleWorker"
    assert ran.log.rstrip().splitlines()[-1].split()[1] == "ERROR"
    recovered = run(tool, "deploy", "--force", "--output", "json")
    assert recovered.code == 0, recovered.stderr
    assert recovered.document["result"]["steps"]


def test_the_wrong_account_is_refused(tool: Tool) -> None:
    tool.write_config(small_config("999999999999"))
    for action in ("show-changes", "deploy", "delete-stack", "restore-members"):
        ran = run(tool, action, *(("--force",) if action != "show-changes" else ()))
        assert (ran.code, "999999999999" in ran.stderr) == (4, True), action


def test_missing_credentials_end_with_3_and_a_mend(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    ran = run(tool, "show-changes")
    assert (ran.code, "no AWS credentials" in ran.stderr) == (3, True)
    assert "Traceback" not in ran.stderr + ran.log


def test_members_are_saved_on_disk_and_come_back(tool: Tool) -> None:
    assert run(tool, "deploy", "--force").code == 0
    add_user("anna", READERS)
    gone = run(tool, "delete-stack", "--force", "--output", "json")
    assert gone.code == 0, gone.stderr
    result = gone.document["result"]
    assert (result["removed_members"], result["members_file"]) == (1, f"reports/{STEM}-members-20261123T060000Z.json")
    assert "restore-members --config edge-prod-b001-us-west-1-sec.yaml --members-file" in gone.stderr

    early = run(tool, "restore-members", "--force", "--output", "json")
    assert early.code == 3
    assert [one["reason"] for one in early.document["result"]["failed"]] == ["there is no such group"]

    assert run(tool, "deploy", "--force").code == 0
    back = run(tool, "restore-members", "--force", "--output", "json")
    assert back.code == 0
    assert back.document["result"]["restored"] == [{"group": READERS, "user": "anna", "reason": ""}]
    assert members_of(READERS) == ["anna"]
    assert run(tool, "restore-members", "--force", "--output", "json").document["result"]["restored"] == []
    named = run(
        tool, "restore-members", "--force", "--members-file", Path(result["members_file"]).name, "--output", "json"
    )
    assert [one["user"] for one in named.document["result"]["already"]] == ["anna"]


# What is killed closes nothing.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_second_run_after_a_kill_takes_over_what_the_first_saved(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    from sec_provisioner.lifecycle import remove  # noqa: PLC0415 - patched here

    assert run(tool, "deploy", "--force").code == 0
    add_user("anna", READERS)

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(remove, "_clear", kill)
        with pytest.raises(Killed):
            run(tool, "delete-stack", "--force")
    assert members_of(READERS) == []
    second = run(tool, "delete-stack", "--force", "--output", "json")
    assert second.code == 0, second.stderr
    assert second.document["result"]["members_file"].endswith("-2.json")
    assert run(tool, "deploy", "--force").code == 0
    back = run(tool, "restore-members", "--force", "--output", "json")
    assert [one["user"] for one in back.document["result"]["restored"]] == ["anna"]
    assert run(tool, "restore-members", "--force", "--output", "json").document["result"]["already"] == []


def test_a_members_file_of_another_stem_is_refused(tool: Tool) -> None:
    (tool.home / "reports" / "other.json").write_text(
        '{"schema_version": 1, "kind": "members", "stem": "other", "account_id": "1", "groups": {"g": ["u"]}}',
        encoding="utf-8",
    )
    ran = run(tool, "restore-members", "--force", "--members-file", "other.json")
    assert (ran.code, "other" in ran.stderr) == (4, True)
    missing = run(tool, "restore-members", "--force", "--members-file", "nowhere.json")
    assert (missing.code, "nowhere.json" in missing.stderr) == (2, True)


def test_blockers_of_a_deletion_end_with_4_and_touch_nothing(tool: Tool) -> None:
    assert run(tool, "deploy", "--force").code == 0
    iam = client("iam")
    add_user("bob", READERS)
    iam.attach_user_policy(UserName="bob", PolicyArn=iam.list_policies(Scope="Local")["Policies"][0]["Arn"])
    ran = run(tool, "delete-stack", "--force", "--output", "json")
    assert ran.code == 4
    assert {one["id"] for one in ran.document["result"]["blockers"]} == {"foreign-use", "group-has-members"}
    assert members_of(READERS) == ["bob"]
    assert run(tool, "delete-stack", "--force", "--detach-foreign", "bob").code == 0


def test_a_refusal_tells_the_first_blockers_and_the_result_all(tool: Tool) -> None:
    assert run(tool, "deploy", "--force").code == 0
    iam = client("iam")
    arn = iam.list_policies(Scope="Local")["Policies"][0]["Arn"]
    for user in ("anna", "bert", "carl", "dora"):
        iam.create_user(UserName=user)
        iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=arn)
    ran = run(tool, "delete-stack", "--force")
    assert ran.code == 4
    assert "The user carl, outside the stack" in ran.stderr
    assert "dora" not in ran.stderr
    assert "And 1 more stand in the way" in ran.stderr
    assert "--detach-foreign anna. Take it away yourself, or say so: --detach-foreign bert." in ran.stderr
    assert "--detach-foreign dora" in ran.stdout
    named = run(tool, "delete-stack", "--force", "--dry-run", "--detach-foreign", "anna")
    assert "no longer caps what anna may do" in named.stdout


PARTNER = """\
  cross_account_roles:
    partner:
      description: Partner
      trusted_account: "210987654321"
      external_id: very-secret-id
      policy_assignments: {s3: level1}
"""


def test_external_ids_never_come_out(tool: Tool, account_id: str) -> None:
    enabled = "    enabled_cross_account_roles: [partner]\n    enabled_service_roles"
    text = small_config(account_id).replace("    enabled_service_roles", enabled) + PARTNER
    tool.write_config(text)
    made = run(tool, "deploy", "--force", "--output", "json")
    assert made.code == 0, made.stderr
    tool.write_config(text.replace("very-secret-id", "another-secret-id"))
    changed = run(tool, "show-changes", "--output", "json")
    assert [one["name"] for one in changed.document["result"]["changes"]] == ["edge-prod-b001-role-sta-partner"]
    for one in (made, changed):
        assert "secret-id" not in one.stdout + one.stderr + one.log


@pytest.mark.parametrize("by", ["flag", "config"])
def test_in_express_mode_everything_is_read_back(tool: Tool, account_id: str, by: str) -> None:
    if by == "config":
        tool.write_config(small_config(account_id, deployment="mode: express"))
    done = run(tool, "deploy", "--force", "--output", "json", *(["--express"] if by == "flag" else []))
    assert done.code == 0, done.stderr
    found = done.document["result"]
    assert found["mode"] == "express"
    assert {one["status"] for one in found["verified"]} == {"in_sync"}
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    assert stack["DeploymentConfig"] == {"Mode": "EXPRESS", "DisableRollback": False}


def test_in_the_standard_mode_nothing_is_read_back(tool: Tool) -> None:
    assert result_of(run(tool, "deploy", "--force", "--output", "json"))["verified"] == []


def test_where_express_mode_is_refused_deploy_uses_the_standard_one_and_says_so(tool: Tool, local_aws: Any) -> None:
    local_aws.settings.express = False
    found = result_of(run(tool, "deploy", "--force", "--express", "--output", "json"))
    assert (found["mode"], found["outcome"]["stack_status"]) == ("standard", "CREATE_COMPLETE")
    assert any("standard mode is used" in one for one in found["notes"])


def test_what_an_update_in_express_mode_takes_away_must_be_gone(
    tool: Tool, account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tool, "deploy", "--force").code == 0
    tool.write_config(small_config(account_id, groups=("readers",)))

    def slow(*args: Any) -> Executed:
        client("iam").create_group(GroupName="edge-prod-b001-group-sta-analysts")
        return read_back(*args)

    monkeypatch.setattr(deploy, "read_back", slow)
    done = run(tool, "deploy", "--force", "--express", "--output", "json")
    assert done.code == 3
    wrong = [one for one in result_of(done)["verified"] if one["status"] != "in_sync"]
    assert [(one["name"], one["status"]) for one in wrong] == [("edge-prod-b001-group-sta-analysts", "extra")]
    assert "What is live is still not what the template says" in done.stderr


def test_drift_that_is_kept_is_no_failure_of_express_mode(tool: Tool, account_id: str) -> None:
    assert run(tool, "deploy", "--force").code == 0
    client("iam").update_role(RoleName="edge-prod-b001-role-sta-worker", Description="Works", MaxSessionDuration=7200)
    tool.write_config(small_config(account_id, groups=("readers",)))
    flags = ("--force", "--express", "--keep-drift", "--output", "json")
    done = run(tool, "deploy", *flags)
    assert done.code == 0, done.stderr
    (worker,) = [one for one in result_of(done)["verified"] if one["name"] == "edge-prod-b001-role-sta-worker"]
    assert (worker["status"], worker["notes"]) == ("in_sync", ["what was changed by hand is kept"])


def result_of(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = ran.document["result"]
    return found
