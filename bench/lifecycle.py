"""`make bench-lifecycle`: the life of a stack beside Sceptre, AWS CDK and cfn-drift-extended, on one local AWS.

Every contestant deploys the same resources into an account of its own, looks at what is there, looks for drift and
deletes. The server counts the calls and its own processor time; what a run takes beyond that is the client's share.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from peers import CDK_ENVIRONMENT, install_cdk
from results import Row, claims, table, write_section
from timing import Command, run_once

ROOT = Path(__file__).parents[1]
WORK = Path("var/bench-lifecycle").resolve()
BIN = Path(sys.executable).parent
REGION = "us-west-1"
RUNS = 5
SMALL, LARGE = 13, 119
"""Groups, and as many roles: 56 and 480 resources, with the parameters and the two policies."""
OWN_SHARE, LARGE_DRIFT = 0.5, 3.0
METHOD = """\
Made by `make bench-lifecycle`: medians of whole commands in turn, on one local AWS, which answers at once. All deploy
the same 56 resources (13 groups, 13 roles, 2 policies, 28 parameters); the preview and the drift are of an unchanged
stack. Seconds, calls of AWS, and how many times as long as sec-provisioner.
"""
STEPS = ("deploy", "preview", "drift", "delete")
OURS = "sec-provisioner"


@dataclass(frozen=True)
class Contestant:
    """A tool: which command it has for each step, in an account of its own."""

    name: str
    account: str
    folder: Path
    commands: Mapping[str, list[str]]
    environment: Mapping[str, str]

    def command(self, step: str, url: str) -> Command:
        """A step as it is run."""
        environment = {**aws_environment(self.account, url), **self.environment}
        return Command(f"{self.name}: {step}", self.commands[step], self.folder, environment)


@dataclass(frozen=True)
class Run:
    """One command: wall seconds, the server's seconds in it, and how many calls of AWS it made."""

    seconds: float
    served: float
    calls: int


class Server:
    """The counting local AWS."""

    def __init__(self) -> None:
        port_file = WORK / "port"
        words = [sys.executable, str(ROOT / "bench" / "server.py"), str(port_file)]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while not port_file.exists():
            if self._process.poll() is not None:
                raise SystemExit("the local AWS did not start")
            time.sleep(0.05)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"

    def run(self, command: Command) -> Run:
        """A command and what it cost."""
        self._counts("POST")
        seconds, _ = run_once(command)
        counts = self._counts("GET")
        return Run(seconds, counts["seconds"], sum(counts["calls"].values()))

    def stop(self) -> None:
        """End it; it keeps nothing."""
        self._process.terminate()
        self._process.wait(20)

    def _counts(self, method: str) -> dict[str, Any]:
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/bench", method=method)) as answer:  # noqa: S310 - loopback
            counts: dict[str, Any] = json.load(answer)
        return counts


def main() -> None:
    """Run all contestants in turn, print and write the tables; a bound that is not kept ends with exit code 1."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    cast = contestants()
    server = Server()
    try:
        runs = race(cast, server)
        rows = [*own_share_rows(runs), large_drift_row(server)]
    finally:
        server.stop()
    write_section("Life of a stack", f"{METHOD}\n{beside(cast, runs)}\n{claims(rows)}")
    sys.exit(not all(row.kept for row in rows))


def race(cast: list[Contestant], server: Server) -> dict[tuple[str, str], list[Run]]:
    """Every step of everybody, in turn; (contestant, step) -> its runs."""
    runs: dict[tuple[str, str], list[Run]] = {}
    for number in range(RUNS + 1):
        for step in STEPS:
            for one in cast:
                if step in one.commands:
                    run = server.run(one.command(step, server.url))
                    if number > 0:  # the first round fills caches
                        runs.setdefault((one.name, step), []).append(run)
    return runs


# --- contestants ----------------------------------------------------------------------------------------


def contestants() -> list[Contestant]:
    """All of them, with the same resources; cfn-drift-extended knows drift alone, and looks at our stack."""
    ours = tool("111111111111", SMALL)
    template = made_template(ours)
    stack = f"{template.stem.removesuffix('-template')}-stack"
    return [ours, sceptre("222222222222", template), cdk("333333333333", template), cfn_drift(ours.account, stack)]


def tool(account: str, size: int) -> Contestant:
    """This tool, with a config of so many groups and roles."""
    home = WORK / f"home-{size}"
    for folder in ("configs", "reports", "templates"):
        (home / folder).mkdir(parents=True)
    config = f"edge-prod-b{size:03}-{REGION}-sec.yaml"
    (home / "configs" / config).write_text(yaml.safe_dump(config_value(account, size), sort_keys=False))
    word = str(BIN / "sec-provisioner")
    commands = {
        "deploy": [word, "deploy", "--force", "--config", config],
        "preview": [word, "show-changes", "--config", config],
        "drift": [word, "check-drift", "--config", config],
        "delete": [word, "delete-stack", "--force", "--config", config],
        "template": [word, "create-prov-template", "--config", config],
    }
    return Contestant(OURS, account, home, commands, {"SEC_HOME": str(home)})


def config_value(account: str, size: int) -> dict[str, Any]:
    """Small groups and roles, so that the template of 56 resources goes inline everywhere."""
    levels = {"s3": "level2", "cloudwatch": "level1"}
    groups = {f"team_{number:03}": {"policy_assignments": levels} for number in range(size)}
    roles = {
        f"job_{number:03}": {"service": "lambda.amazonaws.com", "policy_assignments": levels} for number in range(size)
    }
    client = {"company_name": "Edge", "company_prefix": "edge", "tenant_id": f"b{size:03}", "account_id": account}
    return {
        "tier": {"name": "startup", "version": "startup-5"},
        "client": client,
        "environment": {"env": "prod", "region": REGION},
        "security_profiles": {"startup": {"enabled_groups": list(groups), "enabled_service_roles": list(roles)}},
        "security": {"iam_groups": groups, "service_roles": roles},
    }


def made_template(ours: Contestant) -> Path:
    """Our template, for the others to deploy."""
    run_once(ours.command("template", ""))
    (template,) = (ours.folder / "templates").iterdir()
    return template


def sceptre(account: str, template: Path) -> Contestant:
    """Sceptre, with a project of one stack."""
    folder = WORK / "sceptre"
    (folder / "config" / "bench").mkdir(parents=True)
    (folder / "templates").mkdir()
    shutil.copy(template, folder / "templates" / "bench.yaml")
    (folder / "config" / "config.yaml").write_text(f"project_code: bench\nregion: {REGION}\n")
    stack = "template: {path: bench.yaml, type: file}\n"
    (folder / "config" / "bench" / "stack.yaml").write_text(stack)
    word = str(ROOT / ".venv-sceptre" / "bin" / "sceptre")
    commands = {
        "deploy": [word, "launch", "-y", "bench/stack.yaml"],
        "preview": [word, "diff", "bench/stack.yaml"],
        "drift": [word, "drift", "show", "bench/stack.yaml"],
        "delete": [word, "delete", "-y", "bench/stack.yaml"],
    }
    return Contestant("Sceptre", account, folder, commands, {})


def cdk(account: str, template: Path) -> Contestant:
    """AWS CDK, with an app of one stack, sent inline."""
    folder = install_cdk(WORK / "cdk")
    as_json = WORK / "template.json"
    as_json.write_text(json.dumps(yaml.safe_load(template.read_text())))
    word = str(folder / "node_modules" / ".bin" / "cdk")
    commands = {
        "deploy": [word, "deploy", "Bench", "--method=direct", "--require-approval=never", "--no-notices"],
        "preview": [word, "diff", "Bench", "--no-notices"],
        "drift": [word, "drift", "Bench", "--no-notices"],
        "delete": [word, "destroy", "Bench", "--force", "--no-notices"],
    }
    return Contestant("AWS CDK", account, folder, commands, {"BENCH_TEMPLATE": str(as_json), **CDK_ENVIRONMENT})


def cfn_drift(account: str, stack: str) -> Contestant:
    """cfn-drift-extended on another's stack; it looks at roles alone."""
    word = str(ROOT / ".venv-cfn-drift" / "bin" / "cfn-drift-extended")
    commands = {"drift": [word, "audit", "--stack-name", stack, "--region", REGION, "--no-fail-on-drift"]}
    return Contestant("cfn-drift-extended", account, WORK, commands, {})


def aws_environment(account: str, url: str) -> dict[str, str]:
    """An account of the local AWS, and nothing of this machine's own configuration."""
    return {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
    }


# --- what came of it ------------------------------------------------------------------------------------


def beside(cast: list[Contestant], runs: Mapping[tuple[str, str], list[Run]]) -> str:
    """The table of all contestants."""
    rows = [[step, *(cell(runs, one.name, step) for one in cast)] for step in STEPS]
    return table(["step", *(one.name for one in cast)], rows)


def cell(runs: Mapping[tuple[str, str], list[Run]], name: str, step: str) -> str:
    """Seconds and calls of one, and how many times as long as ours."""
    if (name, step) not in runs:
        return "-"
    seconds, calls = median_seconds(runs[name, step]), runs[name, step][0].calls
    times = "" if name == OURS else f", x {seconds / median_seconds(runs[OURS, step]):.1f}"
    return f"{seconds:.2f} s, {calls} calls{times}"


def median_seconds(runs: list[Run]) -> float:
    """The wall time in the middle."""
    return statistics.median(run.seconds for run in runs)


def own_share_rows(runs: Mapping[tuple[str, str], list[Run]]) -> Iterator[Row]:
    """What our commands take beyond the server's time."""
    for step in STEPS:
        own = statistics.median(run.seconds - run.served for run in runs[OURS, step])
        yield Row(f"{step}: own share", f"{own:.2f} s", f"at most {OWN_SHARE} s", own <= OWN_SHARE)


def large_drift_row(server: Server) -> Row:
    """check-drift of a large stack, the server's time included."""
    ours = tool("444444444444", LARGE)
    server.run(ours.command("deploy", server.url))
    runs = [server.run(ours.command("drift", server.url)) for _ in range(RUNS)]
    seconds = median_seconds(runs)
    what = f"check-drift of {LARGE * 4 + 4} resources"
    return Row(what, f"{seconds:.2f} s, {runs[0].calls} calls", f"under {LARGE_DRIFT:.0f} s", seconds < LARGE_DRIFT)


if __name__ == "__main__":
    main()
