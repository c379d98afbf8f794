"""Every action that calls AWS, each at a moment in which it has as much to do as it can have."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from support.fault_world import World
from support.small_stack import client, small_config

READERS = "edge-prod-b001-group-sta-readers"
ANALYSTS = "edge-prod-b001-group-sta-analysts"
WORKER = "edge-prod-b001-role-sta-worker"


@dataclass(frozen=True)
class Scenario:
    """One command line and what comes before it. `again` is what the operator types after a failure."""

    name: str
    command: tuple[str, ...]
    prepare: Callable[[World], None]
    again: tuple[str, ...] = ()
    reads_only: bool = False

    @property
    def retry(self) -> tuple[str, ...]:
        """The same again, waiting for what CloudFormation still does."""
        return self.again or self.command


def fresh(world: World) -> None:
    """A config, and nothing on AWS."""
    world.tool.write_config(small_config(world.account_id))


def fresh_large(world: World) -> None:
    """Few resources, but more text than fits into a request: inline policies as large as a role can carry."""
    many = ", ".join(f'"arn:aws:sns:*:*:a-topic-with-a-long-name-{one:04}"' for one in range(210))
    statement = f'{{Sid: Publish, Effect: Allow, Action: ["sns:Publish"], Resource: [{many}]}}'
    names = [f"worker{one}" for one in range(6)]
    text = small_config(world.account_id).replace("[worker]", f"[{', '.join(names)}]")
    head, role = text.split("    worker:")
    roles = (f"    {name}:{role}".replace("{s3: level1}", f"{{}}, statements: [{statement}]") for name in names)
    world.tool.write_config(head + "".join(roles))


def deployed(world: World) -> None:
    """A stack as its config says."""
    fresh(world)
    ran = world.run("deploy", "--force")
    assert ran.code == 0, ran.stderr


def to_update(world: World) -> None:
    """A group more, one less, a statement changed, a description changed."""
    deployed(world)
    text = small_config(world.account_id, groups=("analysts", "writers"))
    world.tool.write_config(
        text.replace("sns:ListTopics", "sns:ListTagsForResource").replace("description: Works", "description: Toils")
    )


def to_delete(world: World) -> None:
    """Groups with members, a policy version, an extra inline policy and an extra attachment."""
    deployed(world)
    iam = client("iam")
    for user, group in (("anna", READERS), ("bert", READERS), ("cleo", ANALYSTS)):
        iam.create_user(UserName=user)
        iam.add_user_to_group(GroupName=group, UserName=user)
    iam.put_group_policy(GroupName=READERS, PolicyName="by-hand", PolicyDocument=DOCUMENT)
    iam.attach_group_policy(GroupName=ANALYSTS, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    (arn, *_) = [one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"]]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT, SetAsDefault=False)


OPEN_TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
)
DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
)


def drifted(world: World) -> None:
    """Edits of every kind by hand: something extra, changed, gone, on every type of resource."""
    deployed(world)
    edit_by_hand()


def to_update_drifted(world: World) -> None:
    """An update on top of edits by hand."""
    to_update(world)
    edit_by_hand()


def edit_by_hand() -> None:
    """Edits of every kind."""
    iam, ssm = client("iam"), client("ssm")
    iam.put_group_policy(GroupName=READERS, PolicyName="by-hand", PolicyDocument=DOCUMENT)
    iam.attach_group_policy(GroupName=ANALYSTS, PolicyArn="arn:aws:iam::aws:policy/SecurityAudit")
    for name in iam.list_group_policies(GroupName=ANALYSTS)["PolicyNames"]:
        iam.delete_group_policy(GroupName=ANALYSTS, PolicyName=name)
    for one in iam.list_policies(Scope="Local")["Policies"]:
        iam.create_policy_version(PolicyArn=one["Arn"], PolicyDocument=DOCUMENT, SetAsDefault=True)
    iam.update_role(RoleName=WORKER, Description="Idles", MaxSessionDuration=7200)
    iam.tag_role(RoleName=WORKER, Tags=[{"Key": "by", "Value": "hand"}, {"Key": "owner", "Value": "nobody"}])
    names = [one["Name"] for one in ssm.describe_parameters()["Parameters"]]
    ssm.delete_parameter(Name=names[0])
    ssm.put_parameter(Name=names[-1], Value="elsewhere", Type="String", Overwrite=True)


def to_clean_up(world: World) -> None:
    """A test stack that was left behind beside the real one, with an extra policy."""
    deployed(world)
    ran = world.run("test-deploy")
    assert ran.code == 0, ran.stderr
    iam = client("iam")
    (group,) = [one["GroupName"] for one in iam.list_groups()["Groups"] if one["GroupName"].startswith(f"{READERS}-")]
    iam.put_group_policy(GroupName=group, PolicyName="by-hand", PolicyDocument=DOCUMENT)


def to_restore(world: World) -> None:
    """Deleted, deployed anew: the members wait in a file."""
    to_delete(world)
    for action in ("delete-stack", "deploy"):
        ran = world.run(action, "--force")
        assert ran.code == 0, ran.stderr


SCENARIOS = (
    Scenario("show-changes", ("show-changes",), to_update, reads_only=True),
    Scenario("check-drift", ("check-drift",), deployed, reads_only=True),
    Scenario("deploy, a new stack", ("deploy", "--force"), fresh, ("deploy", "--force", "--wait")),
    Scenario("deploy, through the bucket", ("deploy", "--force"), fresh_large, ("deploy", "--force", "--wait")),
    Scenario("deploy, an update", ("deploy", "--force"), to_update, ("deploy", "--force", "--wait")),
    Scenario("delete-stack", ("delete-stack", "--force"), to_delete, ("delete-stack", "--force", "--wait")),
    Scenario("deploy, drift set back", ("deploy", "--force"), drifted, ("deploy", "--force", "--wait")),
    Scenario("deploy, an update over drift", ("deploy", "--force"), to_update_drifted, ("deploy", "--force", "--wait")),
    Scenario("test-deploy", ("test-deploy", "--cleanup"), deployed, ("delete-test-stacks", "--force")),
    Scenario("delete-test-stacks", ("delete-test-stacks", "--force"), to_clean_up),
    Scenario("restore-members", ("restore-members", "--force"), to_restore),
)
