"""Other people's clients against the local AWS: the aws CLI and Sceptre, each from an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.stack_samples import document, group, parameter, policy, role, template
from support.startup import CONFIG, make_startup_config
from support.tool import make_tool

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

ROOT = Path(__file__).parents[2]
CLI_REFERENCE = "https://docs.aws.amazon.com/cli/latest/reference"
STACK, NAMED = ("--stack-name", "stack"), ("--capabilities", "CAPABILITY_NAMED_IAM")


@dataclass(frozen=True)
class Program:
    """A program of an environment of its own, in one account."""

    path: Path
    folder: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Let it run to its end."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "AWS_PAGER": "", **self.environment}
        return subprocess.run(
            [self.path, *words], cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
            timeout=60,
        )  # fmt: skip

    def __call__(self, *words: str) -> str:
        """What it says, having succeeded."""
        ran = self.run(*words)
        assert ran.returncode == 0, ran.stderr + ran.stdout
        return ran.stdout + ran.stderr

    def json(self, *words: str) -> Any:
        """Its answer as a value."""
        return json.loads(self(*words, "--output", "json"))


def program(name: str, environment: str, aws: LocalAccount, folder: Path) -> Program:
    found = shutil.which(name, path=str(ROOT / environment / "bin"))
    assert found, f"{environment} is missing: make install"
    return Program(Path(found), folder, aws.environment)


@pytest.mark.aws(
    f"{CLI_REFERENCE}/cloudformation/create-stack.html", behaviour="the aws CLI makes, changes, deletes a stack"
)
@pytest.mark.aws(f"{CLI_REFERENCE}/cloudformation/detect-stack-drift.html", behaviour="the aws CLI detects drift")
def test_the_aws_cli_takes_a_stack_through_its_life(aws: LocalAccount, tmp_path: Path) -> None:
    cli = program("aws", ".venv-awscli", aws, tmp_path)
    first = template(G=group(ManagedPolicyArns=[{"Ref": "P"}]), P=policy(), R=role(), S=parameter())
    (tmp_path / "first.json").write_text(first)
    (tmp_path / "second.json").write_text(first.replace('"/app/one"', '"/app/two"'))
    body = ("--template-body", "file://first.json")
    cli("cloudformation", "validate-template", *body)
    cli("cloudformation", "create-stack", *STACK, *body, *NAMED, "--tags", "Key=team,Value=ml")
    cli("cloudformation", "wait", "stack-create-complete", *STACK)

    assert cli.json("iam", "get-group", "--group-name", "readers")["Group"]["GroupName"] == "readers"
    arn = f"arn:aws:iam::{aws.account_id}:policy/level"
    entities = cli.json("iam", "list-entities-for-policy", "--policy-arn", arn)
    assert [one["GroupName"] for one in entities["PolicyGroups"]] == ["readers"]

    named = ("--change-set-name", "rename")
    second = ("--template-body", "file://second.json")
    cli("cloudformation", "create-change-set", *STACK, *named, *second, *NAMED)
    cli("cloudformation", "wait", "change-set-create-complete", *STACK, *named)
    described = cli.json("cloudformation", "describe-change-set", *STACK, *named, "--include-property-values")
    change = described["Changes"][0]["ResourceChange"]
    assert (change["LogicalResourceId"], change["Replacement"]) == ("S", "True")
    cli("cloudformation", "execute-change-set", *STACK, *named)
    cli("cloudformation", "wait", "stack-update-complete", *STACK)

    cli("ssm", "put-parameter", "--name", "/app/two", "--value", "by hand", "--overwrite")
    detection = cli.json("cloudformation", "detect-stack-drift", *STACK)["StackDriftDetectionId"]
    status = cli.json(
        "cloudformation", "describe-stack-drift-detection-status", "--stack-drift-detection-id", detection
    )
    assert (status["StackDriftStatus"], status["DriftedStackResourceCount"]) == ("DRIFTED", 1)
    only = ("--stack-resource-drift-status-filters", "MODIFIED")
    drifts = cli.json("cloudformation", "describe-stack-resource-drifts", *STACK, *only)["StackResourceDrifts"]
    assert drifts[0]["PropertyDifferences"][0]["ActualValue"] == "by hand"

    cli("cloudformation", "delete-stack", *STACK)
    cli("cloudformation", "wait", "stack-delete-complete", *STACK)
    assert "does not exist" in cli.run("cloudformation", "describe-stacks", *STACK).stderr


@pytest.mark.aws(
    f"{CLI_REFERENCE}/cloudformation/deploy/index.html", behaviour="`deploy` makes, changes, finds no change"
)
def test_the_aws_cli_deploys(aws: LocalAccount, tmp_path: Path) -> None:
    cli = program("aws", ".venv-awscli", aws, tmp_path)
    sized = {"Parameters": {"Size": {"Type": "String", "Default": "1"}}}
    body = json.loads(template(G=group(), S=parameter(value={"Ref": "Size"}))) | sized
    (tmp_path / "t.json").write_text(json.dumps(body))
    deploy = ("cloudformation", "deploy", *STACK, "--template-file", "t.json", *NAMED)
    cli(*deploy)
    time.sleep(1.1)  # the CLI names its change sets by the second
    cli(*deploy, "--parameter-overrides", "Size=2")
    time.sleep(1.1)
    assert "No changes to deploy" in cli(*deploy, "--no-fail-on-empty-changeset")
    value = cli("ssm", "get-parameter", "--name", "/app/one", "--query", "Parameter.Value", "--output", "text")
    assert value.strip() == "2"


def test_sceptre_launches_finds_drift_and_deletes(aws: LocalAccount, tmp_path: Path) -> None:
    """Its own project, on the template that the startup tier comes to. https://docs.sceptre-project.org."""
    tool = make_tool(tmp_path / "sec")
    make_startup_config(tool, client__account_id=aws.account_id)
    assert tool("create-prov-template", "--config", CONFIG).code == 0
    generated = next(tool.home.joinpath("templates").iterdir())
    project, bucket = tmp_path / "project", f"templates-{aws.account_id}"
    for name, text in (
        ("templates/iam.yaml", generated.read_text()),
        # As a file for people the template is too long to be sent inline: Sceptre takes it by way of a bucket.
        ("config/config.yaml", f"project_code: local\nregion: {aws.region}\ntemplate_bucket_name: {bucket}\n"),
        ("config/iam.yaml", "template: {path: iam.yaml, type: file}\nstack_name: iam\nstack_tags: {team: ml}\n"),
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    sceptre = program("sceptre", ".venv-sceptre", aws, project)

    said = sceptre("launch", "-y", "iam.yaml")
    assert "CREATE_COMPLETE" in said
    made = aws.client("cloudformation").describe_stacks(StackName="iam")["Stacks"][0]
    assert (made["StackStatus"], made["Tags"]) == ("CREATE_COMPLETE", [{"Key": "team", "Value": "ml"}])
    assert "IN_SYNC" in sceptre("drift", "detect", "iam.yaml")

    iam = aws.client("iam")
    name = iam.list_roles()["Roles"][0]["RoleName"]
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=_trust_of_nobody(aws))
    assert "MODIFIED" in sceptre("drift", "show", "iam.yaml")
    assert "delete complete" in sceptre("delete", "-y", "iam.yaml")
    assert iam.list_roles()["Roles"] == []


def _trust_of_nobody(aws: LocalAccount) -> str:
    statement = {**document()["Statement"][0], "Effect": "Deny", "Action": "sts:AssumeRole"}
    statement.pop("Resource")
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Principal": {"AWS": aws.account_id}}]})
