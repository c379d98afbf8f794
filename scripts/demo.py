"""From a startup config to a deployed stack, a change, and away again, on the local AWS. Run by `make demo`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path("var/demo")
CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
STEM = "edge-prod-b001-us-west-1-startup-sec"
SHOWN_LINES = 14

NEW_GROUP = """\
    data_stewards:
      description: Look after the project's buckets
      policy_assignments: {s3: level2, cloudwatch: level1}
"""


@dataclass
class Demo:
    """Runs commands, shows them, and remembers how each went."""

    environment: dict[str, str]
    steps: list[tuple[str, float]] = field(default_factory=list)

    def title(self, text: str) -> None:
        """Announce the next step."""
        print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)

    def run(self, *command: str, may_exit: tuple[int, ...] = (0,)) -> None:
        """Run one command and show the beginning of what it says.

        Raises:
            SystemExit: where it ends with an exit code that is not expected.
        """
        print("   $ " + shlex.join(command), flush=True)
        started = time.monotonic()
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        self.steps.append((" ".join(command[:3]), time.monotonic() - started))
        lines = (done.stdout or done.stderr).splitlines()
        for line in lines[:SHOWN_LINES]:
            print("     " + line)
        if len(lines) > SHOWN_LINES:
            print(f"     ... {len(lines) - SHOWN_LINES} more lines")
        if done.returncode not in may_exit:
            print(done.stderr, file=sys.stderr)
            raise SystemExit(f"The step ended with exit code {done.returncode}.")

    def tool(self, action: str, *options: str) -> None:
        """Run an action of the tool on the demo's config."""
        self.run("sec-provisioner", action, "--config", CONFIG, *options)


def main() -> None:
    """The whole walk; the local AWS is stopped in any case."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    started = time.monotonic()
    server, url = start_local_aws()
    try:
        demo = Demo(environment(url))
        walk(demo)
    finally:
        server.terminate()
        server.wait(timeout=20)
    print(f"\nDone: {len(demo.steps)} commands in {time.monotonic() - started:.0f} s. ", end="")
    print(f"Files are in {HOME}/, logs and results in {HOME}/reports/.")


def start_local_aws() -> tuple[subprocess.Popen[bytes], str]:
    """Start `local-serve` on a free port of 127.0.0.1 and wait until it has told its port."""
    port_file = HOME / "port"
    command = ["sec-provisioner", "local-serve", "--port", "0", "--port-file", str(port_file)]
    server = subprocess.Popen([*command, "--state-dir", str(HOME / "local-aws")], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (port_file.exists() and port_file.read_text().strip()):
        if server.poll() is not None or time.monotonic() > deadline:
            server.terminate()
            raise SystemExit("The local AWS did not start: try `sec-provisioner local-serve` by hand.")
        time.sleep(0.05)
    return server, f"http://127.0.0.1:{port_file.read_text().strip()}"


def environment(url: str) -> dict[str, str]:
    """What the commands see: the local AWS, dummy credentials, nothing of the host's AWS set-up."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SEC_"))}
    nothing = str(HOME.resolve() / "no-aws-config")
    return {
        **kept,
        "SEC_HOME": str(HOME),
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": nothing,
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": "us-west-1",
        "AWS_PAGER": "",
    }


def walk(demo: Demo) -> None:
    """The steps of an operator."""
    demo.title("Make a config from the startup tier's master")
    client = {"company_name": "Edge Analytics", "company_prefix": "edge", "tenant_id": "b001"}
    values = {f"client.{key}": value for key, value in client.items()}
    values |= {"client.account_id": "123456789012", "environment.env": "prod", "environment.region": "us-west-1"}
    settings = [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    demo.run("sec-provisioner", "init-config", "--tier", "startup", *settings)

    demo.title("Check it, and write down what it means")
    for action in ("validate-config", "export-groups", "export-roles", "export-policies", "create-prov-template"):
        demo.tool(action)

    demo.title("Try it out as a test stack, which is read back and deleted again")
    demo.tool("test-deploy", "--cleanup")

    demo.title("See what would happen, then deploy")
    demo.tool("show-changes")
    demo.tool("deploy", "--force")

    demo.title("Look at it with the aws CLI")
    region = ("--region", "us-west-1")
    stack = ("--stack-name", f"{STEM}-stack")
    demo.run("aws", "cloudformation", "describe-stacks", *stack, *region, "--query", "Stacks[0].StackStatus")
    for kind in ("Group", "Role"):
        query = f"{kind}s[?starts_with({kind}Name, `edge-prod-b001`)].{kind}Name"
        demo.run("aws", "iam", f"list-{kind.lower()}s", "--query", query)
    path = ("--path", f"/security/{STEM}/")
    demo.run("aws", "ssm", "get-parameters-by-path", *path, *region, "--query", "Parameters[].Name")

    demo.title("Add a group: its definition, then enabled_groups")
    add_group(HOME / "configs" / CONFIG)
    demo.tool("show-changes")
    demo.tool("deploy", "--force")

    demo.title("Take it all away again")
    demo.tool("delete-stack", "--force")


def add_group(config: Path) -> None:
    """Edit the config as one would in an editor."""
    text = config.read_text()
    text = text.replace("  iam_groups:\n", "  iam_groups:\n" + NEW_GROUP, 1)
    head, rest = text.split("enabled_groups:", 1)
    first = rest.lstrip(" \n")
    entry = (
        " [data_stewards, " + first[1:] if first.startswith("[") else rest.replace("- ", "- data_stewards\n      - ", 1)
    )
    config.write_text(head + "enabled_groups:" + entry)
    print("   " + str(config) + ":\n" + NEW_GROUP)


if __name__ == "__main__":
    main()
