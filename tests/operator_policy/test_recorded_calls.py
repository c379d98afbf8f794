"""Every call that the tool really makes is allowed to an operator with the policy for that action alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from sec_local.faults import Fault
from sec_provisioner.lifecycle.detection import detect_drift
from sec_provisioner.lifecycle.drift import check_drift
from sec_provisioner.lifecycle.execute import execute, set_protection, take_steps
from sec_provisioner.lifecycle.guards import guard_account
from sec_provisioner.lifecycle.membership import put_back
from sec_provisioner.lifecycle.plan import Step
from sec_provisioner.lifecycle.prepare_change import prepared_change
from sec_provisioner.lifecycle.remove import plan_removal, remove
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.lifecycle.temporary import describe_author
from sec_provisioner.lifecycle.test_stacks import (
    clear_empty,
    find_test_stacks,
    plan_test_removal,
    remove_test_stack,
)
from sec_provisioner.lifecycle.verify import read_back
from sec_provisioner.operator_policy.build import build_operator_policy
from sec_provisioner.operator_policy.needs import EXCLUDED
from support.plain_evaluator import is_allowed
from support.sdk_calls import permissions_of
from support.small_stack import (
    REGION,
    STACK,
    STEM,
    built_from,
    client,
    deployment_from,
    make_change_set,
    run_here,
    small_config,
    stack_statuses,
)

READERS = "edge-prod-b001-group-sta-readers"
WORKER = "edge-prod-b001-role-sta-worker"
MANY = tuple(f"group-{n}" for n in range(95))


@dataclass(frozen=True)
class Call:
    """One request of the tool, before it is sent."""

    service: str
    operation: str
    parameters: dict[str, Any]


@dataclass
class Calls:
    """The requests since the last look."""

    seen: list[Call] = field(default_factory=list)

    def run(self) -> Run:
        """A run of the tool that is listened to; a test's own clients are not."""
        run = run_here()
        for one in (run.aws.cloudformation, run.aws.iam, run.aws.s3, run.aws.ssm, run.aws.sts):
            one.meta.events.register("provide-client-params", self.note)
        return run

    def note(self, **event: Any) -> None:
        """What botocore tells before it sends a request."""
        model = event["model"]
        self.seen.append(Call(model.service_model.endpoint_prefix, model.name, dict(event["params"])))

    @contextmanager
    def allowed(self, action: str, account_id: str, text: str) -> Iterator[None]:
        """Hold what happens inside to the policy that the config has for one action."""
        self.seen.clear()
        yield
        statements = build_operator_policy(built_from(text), [action])["Statement"]
        refused = [
            (permission, resource)
            for one in self.seen
            for permission in permissions_of(one.service, one.operation)
            if permission not in EXCLUDED
            for resource in resources_of(one, permission, account_id)
            if not is_allowed(statements, permission, resource, context_of(one, account_id))
        ]
        assert refused == []

    @property
    def operations(self) -> set[str]:
        return {one.operation for one in self.seen}


@pytest.fixture
def calls(account_id: str) -> Calls:
    assert account_id
    return Calls()


# --- what IAM would be asked ------------------------------------------------------------------------


def resources_of(call: Call, permission: str, account_id: str) -> list[str]:
    if call.service == "ssm":
        given = call.parameters
        names = given.get("Names") or [given.get("Name") or given["Path"]]
        return [f"arn:aws:ssm:{REGION}:{account_id}:parameter{name}" for name in names]
    return [resource_of(call, permission, account_id)]


def resource_of(call: Call, permission: str, account_id: str) -> str:
    given, kind = call.parameters, call.service
    if kind == "cloudformation":
        return stack_arn(call, account_id)
    if kind == "s3":
        bucket = f"arn:aws:s3:::{given['Bucket']}"
        return f"{bucket}/{given['Key']}" if "Key" in given and permission != "s3:ListBucket" else bucket
    iam = f"arn:aws:iam::{account_id}"
    for name, resource in _IAM_RESOURCES.items():
        if name in given:
            return str(given[name]) if name == "PolicyArn" else f"{iam}:{resource}/{given[name]}"
    return "*"


# The first that a request has is what it is about.
_IAM_RESOURCES = {
    "InstanceProfileName": "instance-profile",
    "GroupName": "group",
    "RoleName": "role",
    "UserName": "user",
    "PolicyArn": "policy",
}


def stack_arn(call: Call, account_id: str) -> str:
    """What a call about a change set is checked against, but for DescribeEvents, is the stack."""
    given = call.parameters
    if call.operation in ("ListStacks", "DescribeStackDriftDetectionStatus"):
        return "*"
    prefix = f"arn:aws:cloudformation:{REGION}:{account_id}"
    if "PhysicalResourceId" in given:
        return f"{prefix}:stack/some-other-stack/id"
    if call.operation == "DescribeEvents":
        return str(given["ChangeSetName"])
    name = str(given.get("StackName", STACK))
    return name if name.startswith("arn:") else f"{prefix}:stack/{name}/id"


def context_of(call: Call, account_id: str) -> dict[str, str | list[str]]:
    """The condition keys of the request; a boundary that is taken off is a policy of the config."""
    found: dict[str, str | list[str]] = {}
    if "PolicyArn" in call.parameters:
        found["iam:PolicyARN"] = call.parameters["PolicyArn"]
    if call.operation.endswith("PermissionsBoundary"):
        found["iam:PermissionsBoundary"] = own_policy(account_id)
    if "RoleARN" in call.parameters:
        found["iam:PassedToService"] = "cloudformation.amazonaws.com"
    return found


def own_policy(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:policy/edge-prod-b001-policy-sta-s3-project-buckets-only"


# --- the life of a stack ----------------------------------------------------------------------------


def deployed(calls: Calls, text: str) -> None:
    with prepared_change(calls.run(), deployment_from(text)) as (run, plan):
        assert execute(run, plan).is_success


def test_show_changes(calls: Calls, account_id: str) -> None:
    text = small_config(account_id)
    with calls.allowed("show-changes", account_id, text), prepared_change(calls.run(), deployment_from(text)):
        pass
    assert calls.operations >= {"CreateChangeSet", "DeleteChangeSet", "DeleteStack", "GetAccountAuthorizationDetails"}


def test_show_changes_where_a_name_is_taken_or_the_change_set_fails(
    calls: Calls, local_aws: Any, account_id: str
) -> None:
    text = small_config(account_id)
    client("iam").create_group(GroupName=READERS)
    with (
        calls.allowed("show-changes", account_id, text),
        failing(),
        prepared_change(calls.run(), deployment_from(text)),
    ):
        pass
    assert "DescribeStackResources" in calls.operations


def test_deploy_of_a_large_template_and_its_update(calls: Calls, account_id: str) -> None:
    text = small_config(account_id, groups=MANY, levels="")
    with calls.allowed("deploy", account_id, text):
        with prepared_change(calls.run(), deployment_from(text)) as (run, plan):
            assert plan.steps == (Step.MAKE_BUCKET,)
            take_steps(run, plan)
        deployed(calls, text)
        protected = deployment_from(small_config(account_id, groups=MANY, levels="", deployment=PROTECTED))
        with prepared_change(calls.run(), protected) as (run, plan):
            set_protection(run, plan)
    assert calls.operations >= {"CreateBucket", "PutBucketPolicy", "PutObject", "DeleteObject", "ExecuteChangeSet"}
    assert "UpdateTerminationProtection" in calls.operations
    with calls.allowed("show-changes", account_id, text), prepared_change(calls.run(), deployment_from(text)):
        pass


PROTECTED = "termination_protection: true"


def test_deploy_after_a_creation_that_failed(calls: Calls, local_aws: Any, account_id: str) -> None:
    text = small_config(account_id)
    local_aws.faults.add(Fault("resource", operation="create", resource="RoleWorker"))
    with calls.allowed("deploy", account_id, text):
        with prepared_change(calls.run(), deployment_from(text)) as (run, plan):
            assert not execute(run, plan).is_success
        with prepared_change(calls.run(), deployment_from(text)) as (run, plan):
            assert plan.steps == (Step.CLEAR,)
            take_steps(run, plan)
        deployed(calls, text)


def test_delete_stack_with_everything_in_the_way(calls: Calls, account_id: str) -> None:
    text = small_config(account_id)
    deployed(calls, text)
    policy = obstacles()
    disk: dict[str, tuple[str, ...]] = {}
    with calls.allowed("delete-stack", account_id, text):
        names = deployment_from(text).names
        run, plan = plan_removal(calls.run(), names, detach_foreign=["bob", "ops", "carl", "profile"])
        assert plan is not None
        assert not plan.blockers
        assert remove(run, plan, disk.update, {}).ended.is_success
    assert disk == {READERS: ("anna",)}
    assert calls.operations >= {
        "RemoveUserFromGroup",
        "DeleteGroupPolicy",
        "DetachRolePolicy",
        "DetachUserPolicy",
        "DeleteUserPermissionsBoundary",
        "DeletePolicyVersion",
        "RemoveRoleFromInstanceProfile",
        "DeleteStack",
    }, policy


def test_test_deploy_with_its_cleanup(calls: Calls, account_id: str) -> None:
    text = small_config(account_id, groups=MANY, levels="")
    deployment = deployment_from(text, suffix="abc123", express=True)
    with calls.allowed("test-deploy", account_id, text):
        run = guard_account(calls.run(), deployment.names)
        assert clear_empty(run, find_test_stacks(run, deployment_from(text).names)) == ()
        with prepared_change(run, deployment) as (run, plan):
            take_steps(run, plan)
        with prepared_change(run, deployment) as (run, plan):
            ended = execute(run, plan)
            assert read_back(run, plan, ended).is_success
        remove_test_stacks(run, text)
    assert calls.operations >= {"ListStacks", "ListRoles", "GetParametersByPath", "CreateBucket", "DeleteStack"}


def test_delete_test_stacks_with_somebody_in_a_group_and_an_empty_one(calls: Calls, account_id: str) -> None:
    text = small_config(account_id)
    with prepared_change(run_here(), deployment_from(text, suffix="abc123")) as (run, plan):
        assert execute(run, plan).is_success
    iam = client("iam")
    iam.create_user(UserName="anna")
    iam.add_user_to_group(GroupName=f"{READERS}-abc123", UserName="anna")
    iam.attach_role_policy(RoleName=f"{WORKER}-abc123", PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    empty = f"{STEM}-test-empty1-stack"
    make_change_set("sec-provisioner-1", deployment_from(text).text, "CREATE", describe_author(run), empty)
    with calls.allowed("delete-test-stacks", account_id, text):
        remove_test_stacks(guard_account(calls.run(), deployment_from(text).names), text)
    assert calls.operations >= {"ListStacks", "DeleteChangeSet", "RemoveUserFromGroup", "DetachRolePolicy"}
    assert stack_statuses() == {}


def remove_test_stacks(run: Run, text: str) -> None:
    found = find_test_stacks(run, deployment_from(text).names)
    assert found
    for one in found:
        assert remove_test_stack(run, plan_test_removal(run, one)).ended.is_success


def test_restore_members(calls: Calls, account_id: str) -> None:
    text = small_config(account_id)
    deployed(calls, text)
    client("iam").create_user(UserName="anna")
    with calls.allowed("restore-members", account_id, text):
        assert put_back(calls.run(), {READERS: ("anna",)}).restored
    assert calls.operations == {"GetGroup", "AddUserToGroup"}


def test_check_drift(calls: Calls, account_id: str) -> None:
    text = small_config(account_id)
    deployed(calls, text)
    client("iam").create_group(GroupName=f"{READERS}-abc123")
    with calls.allowed("check-drift", account_id, text):
        run = calls.run()
        drift = check_drift(run, deployment_from(text).names)
        assert drift.resources
        assert detect_drift(run, drift.stack.id).resources
    assert calls.operations >= {
        "GetTemplate",
        "ListRoles",
        "ListStacks",
        "GetParametersByPath",
        "DescribeStackResourceDrifts",
    }


def obstacles() -> str:
    """A member, extra policies and versions, and others who have what is the config's."""
    iam = client("iam")
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'
    policies = iam.list_policies(Scope="Local")["Policies"]
    policy = str(policies[0]["Arn"])
    for user in ("anna", "bob", "carl"):
        iam.create_user(UserName=user)
    iam.add_user_to_group(GroupName=READERS, UserName="anna")
    iam.put_group_policy(GroupName=READERS, PolicyName="extra", PolicyDocument=document)
    iam.attach_role_policy(RoleName=WORKER, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document, SetAsDefault=False)
    iam.attach_user_policy(UserName="bob", PolicyArn=policy)
    iam.put_user_permissions_boundary(UserName="carl", PermissionsBoundary=policy)
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName=WORKER)
    return policy


# --- that the net holds -----------------------------------------------------------------------------


@contextmanager
def failing() -> Iterator[None]:
    """The run is refused; what matters is what it asked for."""
    with pytest.raises(Exception, match="Nothing was changed"):
        yield


def _execute(calls: Calls, account_id: str, text: str) -> None:
    with calls.allowed("show-changes", account_id, text):
        deployed(calls, text)


def _remove(calls: Calls, account_id: str, text: str) -> None:
    deployed(calls, text)
    with calls.allowed("deploy", account_id, text):
        client("iam").create_user(UserName="anna")
        put_back(calls.run(), {READERS: ("anna",)})


@pytest.mark.parametrize("act", [_execute, _remove])
def test_a_call_beyond_the_action_would_be_seen(
    calls: Calls, account_id: str, act: Callable[[Calls, str, str], None]
) -> None:
    with pytest.raises(AssertionError, match=r"ExecuteChangeSet|AddUserToGroup"):
        act(calls, account_id, small_config(account_id))
