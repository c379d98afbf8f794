"""delete-stack: found before touched, saved before taken out, put back where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.errors import AwsError
from sec_provisioner.lifecycle.remove import Removal, RemovalPlan, plan_removal, remove
from sec_provisioner.lifecycle.run import Run
from support.small_stack import STACK, client, deploy, deployment_from, run_here, small_config, stack_statuses

READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"


class Disk:
    """Notes what was saved, and who was in the group at that moment."""

    def __init__(self) -> None:
        self.saved: dict[str, tuple[str, ...]] = {}
        self.present: list[str] = []

    def __call__(self, members: Mapping[str, tuple[str, ...]]) -> None:
        self.saved = dict(members)
        self.present = members_of(READERS)


def members_of(group: str) -> list[str]:
    return [one["UserName"] for one in client("iam").get_group(GroupName=group)["Users"]]


def add_user(name: str, group: str) -> None:
    client("iam").create_user(UserName=name)
    client("iam").add_user_to_group(GroupName=group, UserName=name)


def planned(account_id: str, **options: Any) -> tuple[Run, RemovalPlan]:
    run, plan = plan_removal(run_here(), deployment_from(small_config(account_id)).names, **options)
    assert plan is not None
    return run, plan


def removed(account_id: str, disk: Disk | None = None, **options: Any) -> Removal:
    run, plan = planned(account_id, **options)
    assert not plan.blockers
    return remove(run, plan, disk or Disk(), {})


@pytest.fixture
def deployed(account_id: str) -> str:
    assert deploy(deployment_from(small_config(account_id))).is_success
    return account_id


def test_there_may_be_nothing_to_delete(account_id: str) -> None:
    _, plan = plan_removal(run_here(), deployment_from(small_config(account_id)).names)
    assert plan is None


def test_a_stack_without_members_goes_and_nothing_is_saved(deployed: str) -> None:
    disk = Disk()
    removal = removed(deployed, disk)
    assert (removal.ended.status_name, removal.kept, disk.saved) == ("DELETE_COMPLETE", (), {})
    assert READERS in removal.deleted
    assert stack_statuses() == {}
    assert client("iam").list_groups()["Groups"] == []


def test_members_are_saved_while_they_are_still_in_the_group(deployed: str) -> None:
    add_user("anna", READERS)
    disk = Disk()
    removal = removed(deployed, disk)
    assert disk.saved == {READERS: ("anna",)}
    assert disk.present == ["anna"]
    assert removal.ended.is_success


def test_members_that_an_earlier_run_saved_are_saved_again(deployed: str) -> None:
    add_user("anna", READERS)
    disk = Disk()
    run, plan = planned(deployed)
    remove(run, plan, disk, {READERS: ("bob",)})
    assert disk.saved == {READERS: ("anna", "bob")}


def test_if_saving_fails_nobody_is_taken_out(deployed: str) -> None:
    add_user("anna", READERS)

    def full(_: object) -> None:
        raise OSError("disk full")

    run, plan = planned(deployed)
    with pytest.raises(OSError, match="disk full"):
        remove(run, plan, full, {})
    assert members_of(READERS) == ["anna"]


def test_where_the_deletion_fails_members_come_back_into_what_remains(local_aws: Any, deployed: str) -> None:
    add_user("anna", READERS)
    local_aws.faults.add(Fault("resource", operation="delete", resource="GroupReaders", message="Not now"))
    removal = removed(deployed)
    assert removal.ended.status_name == "DELETE_FAILED"
    assert removal.ended.root_cause is not None
    assert removal.ended.root_cause.logical_id == "GroupReaders"
    assert READERS in removal.kept
    assert members_of(READERS) == ["anna"]
    assert removed(deployed).ended.is_success


def test_where_the_deletion_is_refused_members_come_back(local_aws: Any, deployed: str) -> None:
    add_user("anna", READERS)
    local_aws.faults.add(
        Fault("error", service="cloudformation", operation="DeleteStack", times=0, code="AccessDenied", status=403)
    )
    with pytest.raises(AwsError, match="permission"):
        removed(deployed)
    assert members_of(READERS) == ["anna"]


def test_a_foreign_principal_blocks_until_it_is_named(deployed: str) -> None:
    iam = client("iam")
    policy = iam.list_policies(Scope="Local")["Policies"][0]
    iam.create_user(UserName="bob")
    iam.attach_user_policy(UserName="bob", PolicyArn=policy["Arn"])
    _, plan = planned(deployed)
    assert [one.id for one in plan.blockers] == ["foreign-use"]
    assert "--detach-foreign bob" in plan.blockers[0].hint
    assert removed(deployed, detach_foreign=["bob"]).ended.is_success
    assert iam.list_attached_user_policies(UserName="bob")["AttachedPolicies"] == []


def test_extra_policies_and_versions_of_the_own_are_removed_with_it(deployed: str) -> None:
    iam = client("iam")
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'
    iam.put_group_policy(GroupName=READERS, PolicyName="extra", PolicyDocument=document)
    iam.attach_role_policy(RoleName=WORKER, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    policy = iam.list_policies(Scope="Local")["Policies"][0]["Arn"]
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document, SetAsDefault=False)
    _, plan = planned(deployed)
    assert {one.id for one in plan.problems} == {"extra-policy", "policy-versions"}
    assert {(one.principal, one.policy) for one in plan.obstacles.extras} == {
        (READERS, "extra"),
        (WORKER, "arn:aws:iam::aws:policy/SecurityAudit"),
    }
    assert removed(deployed).ended.is_success


def test_an_instance_profile_blocks_until_it_is_named(deployed: str) -> None:
    iam = client("iam")
    iam.create_instance_profile(InstanceProfileName="machine")
    iam.add_role_to_instance_profile(InstanceProfileName="machine", RoleName=WORKER)
    _, plan = planned(deployed)
    assert [one.id for one in plan.blockers] == ["foreign-use"]
    assert removed(deployed, detach_foreign=["machine"]).ended.is_success


def test_termination_protection_blocks_until_it_may_be_switched_off(deployed: str) -> None:
    client("cloudformation").update_termination_protection(StackName=STACK, EnableTerminationProtection=True)
    _, plan = planned(deployed)
    assert [one.id for one in plan.blockers] == ["termination-protection"]
    assert removed(deployed, disable_protection=True).ended.is_success


def test_an_empty_stack_of_a_killed_preview_can_be_deleted(account_id: str) -> None:
    from support.small_stack import make_change_set  # noqa: PLC0415 - only here

    make_change_set("theirs", deployment_from(small_config(account_id)).text, "CREATE")
    assert stack_statuses() == {STACK: "REVIEW_IN_PROGRESS"}
    assert removed(account_id).ended.is_success
    assert stack_statuses() == {}
