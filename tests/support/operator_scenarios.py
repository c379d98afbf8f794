"""What an operator does, scenario by scenario; together they need every permission of the operator's policy.

A scenario prepares the account (without its policies deciding) and then does something with the tool that must
succeed. `tests/cases/operator_policy/needed_by.yaml` says which permission is needed by which scenario.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from sec_local.cloudformation import early_validation
from sec_local.faults import Fault
from support.configs import master
from support.local_aws import REGION
from support.operator import CONFIG, Operator
from support.small_stack import STACK, STEM, large_config, small_config
from support.stack_samples import document, statement, trust
from support.tool import Tool

GROUP, ROLE = "edge-prod-b001-group-sta-{}", "edge-prod-b001-role-sta-{}"
READERS, WORKER = GROUP.format("readers"), ROLE.format("worker")
_DOCUMENT = json.dumps(document(statement("s3:ListAllMyBuckets")))
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
FINDING = "a rule of tomorrow"
_NONE: Callable[[Operator, Tool], None] = lambda *_: None  # noqa: E731 - a scenario that needs no preparation


@dataclass(frozen=True)
class Scenario:
    """`config` is the operator's for the account; `prepare` has whatever rights it likes."""

    config: Callable[[str], str]
    command: tuple[str, ...]
    prepare: Callable[[Operator, Tool], None] = _NONE
    code: int = 0


# --- configs ----------------------------------------------------------------------------------------


def rich_config(account_id: str, **changes: str) -> str:
    """Groups with policies of AWS, an administrators' group, a role with everything that can change."""
    parts = {
        "groups": "analysts, readers, admins",
        "deployment": "",
        "tags": "{owner: security, team: red}",
        "reader_policies": "[ReadOnlyAccess]",
        "reader_levels": "{s3: level2}",
        "worker_policies": "[SecurityAudit]",
        "worker_levels": "{s3: level1}",
        "worker_statements": '[{Sid: Own, Effect: Allow, Action: ["sns:ListTopics"], Resource: "*"}]',
        "description": "Works",
        "service": "lambda.amazonaws.com",
        **changes,
    }
    return f"""\
tier: {{name: startup, version: startup-5}}
client: {{company_name: Edge, company_prefix: edge, tenant_id: b001, account_id: "{account_id}"}}
environment: {{env: prod, region: us-west-1}}
deployment: {{{parts["deployment"]}}}
tags: {parts["tags"]}
suppressions:
  - {{id: broad-managed-policy, on: security.iam_groups, reason: tests}}
security_profiles:
  startup:
    enabled_groups: [{parts["groups"]}]
    enabled_service_roles: [worker]
security:
  iam_groups:
    analysts: {{description: Analysts, policy_assignments: {{s3: level2}}}}
    writers: {{description: Writers, policy_assignments: {{s3: level2}}}}
    readers:
      description: Readers
      policy_assignments: {parts["reader_levels"]}
      managed_policies: {parts["reader_policies"]}
    admins: {{description: Administrators, managed_policies: [AdministratorAccess]}}
  service_roles:
    worker:
      description: {parts["description"]}
      service: {parts["service"]}
      policy_assignments: {parts["worker_levels"]}
      managed_policies: {parts["worker_policies"]}
      statements: {parts["worker_statements"]}
"""


def changed_config(account_id: str) -> str:
    """The same after a change of everything that can change in place, with one group gone and another new."""
    return rich_config(
        account_id,
        groups="writers, readers, admins",
        tags="{owner: platform}",
        reader_policies="[SecurityAudit]",
        reader_levels="{}",
        worker_policies="[ReadOnlyAccess]",
        worker_levels="{}",
        worker_statements="[]",
        description="Works well",
        service="ec2.amazonaws.com",
    )


def medium_config(account_id: str) -> str:
    """The tier as it ships; its template does not fit into a request."""
    return master("medium", client__account_id=account_id)


def key_config(account_id: str) -> str:
    key = f"arn:aws:kms:us-west-1:{account_id}:alias/templates"
    return large_config(account_id, deployment=f"template_bucket_kms_key: {key}")


def bounded_config(account_id: str) -> str:
    return small_config(account_id, deployment=f"permissions_boundary: arn:aws:iam::{account_id}:policy/bound")


def administrators_role_config(account_id: str) -> str:
    return rich_config(account_id, worker_policies="[AdministratorAccess]")


def bounded_rich_config(account_id: str) -> str:
    return rich_config(account_id, deployment=f"permissions_boundary: arn:aws:iam::{account_id}:policy/bound")


def own_bucket_config(account_id: str) -> str:
    return large_config(account_id, deployment="template_bucket: templates-of-edge")


def service_role_config(account_id: str) -> str:
    role = f"arn:aws:iam::{account_id}:role/for-cloudformation"
    return small_config(account_id, deployment=f"cloudformation_role_arn: {role}")


# --- what is there before ----------------------------------------------------------------------------


def deployed(operator: Operator, config: str) -> None:
    operator.administrator_runs(operator.tool(config), "deploy", "--force")


def rich_stack(operator: Operator, _: Tool) -> None:
    deployed(operator, rich_config(operator.account_id))


def small_stack(operator: Operator, _: Tool) -> None:
    deployed(operator, small_config(operator.account_id))


def boundary(operator: Operator) -> None:
    operator.root("iam").create_policy(PolicyName="bound", PolicyDocument=_DOCUMENT)


def small_stack_and_a_boundary(operator: Operator, tool: Tool) -> None:
    boundary(operator)
    small_stack(operator, tool)


def bounded_stack(operator: Operator, _: Tool) -> None:
    boundary(operator)
    deployed(operator, bounded_config(operator.account_id))


def encryption_key(operator: Operator, _: Tool) -> None:
    kms = operator.root("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/templates", TargetKeyId=key)


def service_role(operator: Operator, _: Tool) -> None:
    iam = operator.root("iam")
    trusted = json.dumps(trust({"Service": "cloudformation.amazonaws.com"}))
    iam.create_role(RoleName="for-cloudformation", AssumeRolePolicyDocument=trusted)
    iam.attach_role_policy(RoleName="for-cloudformation", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


def stack_of_the_service_role_with_drift(operator: Operator, tool: Tool) -> None:
    service_role(operator, tool)
    deployed(operator, service_role_config(operator.account_id))
    operator.root("iam").update_role(RoleName=WORKER, Description="By hand")


def moved_group(operator: Operator, tool: Tool) -> None:
    """A group got another path, and with it another ARN."""
    rich_stack(operator, tool)
    operator.root("iam").update_group(GroupName=READERS, NewPath="/moved/")


def bucket_without_versions(operator: Operator, _: Tool) -> None:
    operator.root("s3").create_bucket(
        Bucket="templates-of-edge", CreateBucketConfiguration={"LocationConstraint": REGION}
    )


def strict_early_validation(operator: Operator, _: Tool) -> None:
    """CloudFormation finds something that the tool's own checks do not know."""
    finding = ("GroupReaders", "AWS::IAM::Group", "PROPERTY_VALIDATION", "/Resources/GroupReaders", FINDING)
    operator.monkeypatch.setattr(early_validation, "static_findings", lambda *_: [finding])


def stack_with_drift(operator: Operator, tool: Tool) -> None:
    """Something of every kind was changed by hand."""
    rich_stack(operator, tool)
    iam = operator.root("iam")
    iam.put_group_policy(GroupName=READERS, PolicyName="extra", PolicyDocument=_DOCUMENT)
    iam.attach_group_policy(GroupName=READERS, PolicyArn=AUDIT)
    iam.detach_group_policy(GroupName=READERS, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.update_role(RoleName=WORKER, Description="By hand", MaxSessionDuration=7200)
    iam.put_role_policy(RoleName=WORKER, PolicyName="extra", PolicyDocument=_DOCUMENT)
    name = iam.list_policies(Scope="Local")["Policies"]
    arn = next(one["Arn"] for one in name if "project-buckets-only" in one["Arn"])
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=_DOCUMENT, SetAsDefault=True)
    operator.root("ssm").put_parameter(Name=f"/security/{STEM}/group-readers", Value="other", Overwrite=True)
    iam.tag_role(RoleName=WORKER, Tags=[{"Key": "extra", "Value": "x"}])
    iam.create_group(GroupName=f"{READERS}-abc123")


def stack_with_everything_in_the_way(operator: Operator, tool: Tool) -> None:
    """A member, extra policies and versions, and others who have what is the config's."""
    rich_stack(operator, tool)
    iam = operator.root("iam")
    arn = next(
        one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"] if "project-buckets-only" in one["Arn"]
    )
    for user in ("anna", "bob", "carl"):
        iam.create_user(UserName=user)
    iam.create_group(GroupName="ops")
    iam.create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(trust()), PermissionsBoundary=arn)
    iam.add_user_to_group(GroupName=READERS, UserName="anna")
    iam.put_group_policy(GroupName=READERS, PolicyName="extra", PolicyDocument=_DOCUMENT)
    iam.attach_role_policy(RoleName=WORKER, PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=_DOCUMENT, SetAsDefault=False)
    iam.attach_user_policy(UserName="bob", PolicyArn=arn)
    iam.attach_group_policy(GroupName="ops", PolicyArn=arn)
    iam.attach_role_policy(RoleName="other", PolicyArn=arn)
    iam.put_user_permissions_boundary(UserName="carl", PermissionsBoundary=arn)
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName=WORKER)
    operator.root("cloudformation").update_termination_protection(StackName=STACK, EnableTerminationProtection=True)


def saved_members(operator: Operator, tool: Tool) -> None:
    """The stack was deleted, its members saved, and made again."""
    small_stack(operator, tool)
    operator.root("iam").create_user(UserName="anna")
    operator.root("iam").add_user_to_group(GroupName=READERS, UserName="anna")
    operator.administrator_runs(tool, "delete-stack", "--force")
    small_stack(operator, tool)


def left_test_stack(operator: Operator, tool: Tool) -> None:
    operator.administrator_runs(tool, "test-deploy")


def stack_whose_rollback_failed(operator: Operator, tool: Tool) -> None:
    small_stack(operator, tool)
    wider = small_config(operator.account_id, groups=("analysts", "readers", "writers"))
    faults = operator.local.faults
    faults.add(Fault("resource", operation="create", resource="ParameterGroupWriters"))
    # The second update of the group is the rollback's.
    faults.add(Fault("resource", operation="update", resource="GroupReaders", nth=2))
    ran = operator.tool(wider.replace("sns:ListTopics", "sns:ListSubscriptions"))(
        "deploy", "--config", CONFIG, "--force"
    )
    assert ran.code == 3, ran.stderr
    faults.clear()


def name_of_another_stack(operator: Operator, _: Tool) -> None:
    body = json.dumps({"Resources": {"G": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": READERS}}}})
    operator.root("cloudformation").create_stack(
        StackName="another", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"]
    )


# --- the scenarios ----------------------------------------------------------------------------------

DETACHED = ("bob", "ops", "other", "carl", "profile")
SCENARIOS = {
    "first preview": Scenario(rich_config, ("show-changes",)),
    "first deployment": Scenario(rich_config, ("deploy", "--force")),
    "administrators' role": Scenario(administrators_role_config, ("deploy", "--force")),
    "change": Scenario(changed_config, ("deploy", "--force"), rich_stack),
    "large": Scenario(large_config, ("deploy", "--force")),
    "medium tier": Scenario(medium_config, ("deploy", "--force")),
    "large with a key": Scenario(key_config, ("deploy", "--force"), encryption_key),
    "boundary comes": Scenario(bounded_config, ("deploy", "--force"), small_stack_and_a_boundary),
    "boundary goes": Scenario(small_config, ("deploy", "--force"), bounded_stack),
    "service role": Scenario(service_role_config, ("deploy", "--force"), service_role),
    "service role, drift": Scenario(
        service_role_config, ("deploy", "--force"), stack_of_the_service_role_with_drift, code=4
    ),
    "bounded": Scenario(bounded_rich_config, ("deploy", "--force"), lambda operator, _: boundary(operator)),
    "bucket without versions": Scenario(
        own_bucket_config, ("deploy", "--force"), bucket_without_versions
    ),
    "moved group": Scenario(rich_config, ("deploy", "--force"), moved_group),
    "rollback failed": Scenario(small_config, ("deploy", "--force"), stack_whose_rollback_failed),
    "early validation": Scenario(small_config, ("show-changes",), strict_early_validation, code=3),
    "drift": Scenario(rich_config, ("deploy", "--force"), stack_with_drift),
    "check": Scenario(rich_config, ("check-drift", "--who", "--cloudformation"), stack_with_drift, code=1),
    "deletion": Scenario(
        rich_config,
        ("delete-stack", "--force", "--disable-termination-protection",
         *(part for name in DETACHED for part in ("--detach-foreign", name))),
        stack_with_everything_in_the_way,
    ),
    "members": Scenario(small_config, ("restore-members", "--force"), saved_members),
    "test stack": Scenario(rich_config, ("test-deploy", "--cleanup")),
    "test stacks go": Scenario(rich_config, ("delete-test-stacks", "--force"), left_test_stack),
    "name taken": Scenario(small_config, ("deploy", "--force"), name_of_another_stack, code=4),
}  # fmt: skip
