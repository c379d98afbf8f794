"""`make bench-local`: the local AWS beside the bare MiniStack that it stands on, and how its time grows.

Starts are whole processes in turn, from the command to the first answer; deployments are made in process, in processor
time of the whole process from CreateStack to CREATE_COMPLETE, so that a busy machine does not count.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from results import Row, at_most, claims, write_section
from timing import Command, Measured, alternate

RUNS = 9
START, DEPLOY_SECONDS, GROWTH = 1.3, 1.0, 2.3
SMALL, HALF, WHOLE = 55, 240, 480
HOST = "127.0.0.1"
METHOD = """\
Made by `make bench-local`: medians of whole starts in turn, from the command to the first answer, as ratios to bare
MiniStack; processor time of deployments in process, of a fresh process each.
"""
OURS_IN_PROCESS = "from sec_local.in_process import LocalAws; LocalAws().start()"
BARE_IN_PROCESS = "from ministack.app import app"
SERVERS = {
    "ours": (("-m", "sec_local", "serve", "--port"), "/_local/health", {}),
    "bare": (("-m", "ministack"), "/_ministack/health", {"BIND_HOST": HOST}),
}


@dataclass(frozen=True)
class Deployment:
    """Processor seconds of the first deployment of a process, and of one after it."""

    first: float
    second: float


def main() -> None:
    """Measure, print, write."""
    if sys.argv[1:2] == ["deploy"]:
        print(json.dumps(deploy(int(sys.argv[2]))))
        return
    write_section("Local AWS", f"{METHOD}\n{claims([*start_rows(), *deploy_rows()])}")


def start_rows() -> Iterator[Row]:
    """How long it takes to be there."""
    servers = started_in_turn()
    yield at_most("start as a server : bare MiniStack", servers["ours"], servers["bare"], START)
    commands = [
        Command(name, (sys.executable, "-c", code), folder=Path.cwd(), environment={})
        for name, code in (("ours", OURS_IN_PROCESS), ("bare", BARE_IN_PROCESS))
    ]
    found = alternate(commands, RUNS)
    yield at_most("start in process : bare MiniStack", found["ours"], found["bare"], START)


def started_in_turn() -> dict[str, Measured]:
    """Median time from the command to the first answer of each server."""
    times: dict[str, list[float]] = {name: [] for name in SERVERS}
    for number in range(RUNS + 1):
        for name, (words, path, environment) in SERVERS.items():
            seconds = start_and_ask(words, path, environment)
            if number:  # the first run is for caches and byte code
                times[name].append(seconds)
    return {name: Measured(median(seconds), 0.0) for name, seconds in times.items()}


def start_and_ask(words: Sequence[str], path: str, environment: Mapping[str, str]) -> float:
    """Seconds until a server answers; it is stopped then."""
    port = free_port()
    command = [sys.executable, *words, *([str(port)] if words[-1] == "--port" else [])]
    process_environment = {**os.environ, **environment, "GATEWAY_PORT": str(port)}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=process_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://{HOST}:{port}{path}"):
            if process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - a loopback address
            return int(answer.status) == 200  # noqa: PLR2004 - HTTP's OK
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def deploy_rows() -> Iterator[Row]:
    """What a deployment takes, and how that grows."""
    small, half, whole = (deployed(count) for count in (SMALL, HALF, WHOLE))
    first = f"{small.first * 1000:.0f} ms ({small.second * 1000:.0f} ms once its parts are loaded)"
    yield Row(f"deploy of {SMALL} resources", first, f"under {DEPLOY_SECONDS:.0f} s", small.first < DEPLOY_SECONDS)
    growth = whole.second / half.second
    value = f"{growth:.2f} ({whole.second * 1000:.0f} ms : {half.second * 1000:.0f} ms)"
    yield Row(f"deploy of {WHOLE} : of {HALF} resources", value, f"about 2 (at most {GROWTH})", growth <= GROWTH)


def deployed(count: int) -> Deployment:
    """Medians over fresh processes."""
    runs = [
        json.loads(subprocess.check_output([sys.executable, __file__, "deploy", str(count)], text=True))
        for _ in range(5)
    ]
    return Deployment(median(run[0] for run in runs), median(run[1] for run in runs))


def deploy(count: int) -> list[float]:
    """Two deployments of `count` resources in this process, of an account each: processor seconds of both."""
    from sec_local.in_process import LocalAws  # noqa: PLC0415 - only where it is measured

    with LocalAws() as aws:
        body = json.dumps({"Resources": dict(resources(count))})
        return [timed(Account(aws, account), body) for account in ("111111111111", "222222222222")]


def resources(count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Groups, roles, policies and parameters in turn; each role has the policy before it."""
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    for number in range(count):
        name = f"n{number}"
        stated: tuple[str, dict[str, Any]] = (
            ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": name, "PolicyDocument": document(allow)}),
            (
                "AWS::IAM::Role",
                {
                    "RoleName": name,
                    "AssumeRolePolicyDocument": document(trust),
                    "ManagedPolicyArns": [{"Ref": f"N{number - 1}"}],
                    "Policies": [{"PolicyName": "own", "PolicyDocument": document(allow)}],
                },
            ),
            (
                "AWS::IAM::Group",
                {"GroupName": name, "Policies": [{"PolicyName": "own", "PolicyDocument": document(allow)}]},
            ),
            ("AWS::SSM::Parameter", {"Name": f"/bench/{name}", "Type": "String", "Value": {"Ref": f"N{number - 1}"}}),
        )[number % 4]
        yield f"N{number}", {"Type": stated[0], "Properties": stated[1]}


def document(statement: dict[str, Any]) -> dict[str, Any]:
    """A policy of one statement."""
    return {"Version": "2012-10-17", "Statement": [statement]}


class Account:
    """Clients of one account."""

    def __init__(self, aws: Any, account: str) -> None:
        import boto3  # noqa: PLC0415 - only where it is measured

        self.id = account
        secret = "local"  # noqa: S105 - it opens nothing
        session: Any = boto3.Session(account, secret, region_name="us-east-1")
        aws.install(session._session)  # noqa: SLF001 - boto3 has no other way to its events
        self.stacks, self.objects = session.client("cloudformation"), session.client("s3")


def timed(account: Account, body: str) -> float:
    """Processor seconds from CreateStack to CREATE_COMPLETE."""
    bucket = f"bench-{account.id}"
    account.objects.create_bucket(Bucket=bucket)
    account.objects.put_object(Bucket=bucket, Key="template", Body=body)
    url = f"https://{bucket}.s3.amazonaws.com/template"
    gc.collect()  # what lies about from before is not this deployment's
    began = time.process_time()
    account.stacks.create_stack(StackName="bench", TemplateURL=url, Capabilities=["CAPABILITY_NAMED_IAM"])
    while (status := account.stacks.describe_stacks()["Stacks"][0]["StackStatus"]) == "CREATE_IN_PROGRESS":
        time.sleep(0.01)
    if status != "CREATE_COMPLETE":
        raise SystemExit(f"the deployment ended in {status}")
    return time.process_time() - began


if __name__ == "__main__":
    main()
