"""The update procedures run as an operator types them, block after block, in their order.

`docker run` lines run in the form `sec-provisioner --config X --action Y`: image and mounts are taken off, nothing
else. Lines that need an image or a registry themselves (`docker images`, `pull`, `tag`) belong to the image's tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from sec_provisioner.actions import ACTIONS
from support.configs import FILE, master
from support.local_aws import aws_environment, start_server

BLOCKS = Path(__file__).parents[1] / "cases" / "docs" / "update-procedures.md"
CLI = Path(__file__).parents[2] / ".venv-awscli" / "bin"
ACCOUNT = "123456789012"

_IMAGE_ONLY = re.compile(r"docker (images|pull|tag) ")
_RUN = re.compile(r"docker run --rm (?:-v \S+ )*sec-provisioner:medium-10 ")
_TEST_STACK = "<test-stack-name>"

# diff says what differs, and `previous` lies in one of the folders only; grep finds no failed run.
EXPECTED = {"diff": {0, 1}, "grep": {1}}


def blocks() -> list[tuple[str, str]]:
    """(heading, command) in the order of the page."""
    found = re.findall(r"^## ([^\n]+)$|^```sh\n(.*?)^```$", BLOCKS.read_text(), re.MULTILINE | re.DOTALL)
    heading, result = "", []
    for title, command in found:
        heading = title or heading
        if command:
            result.append((heading, command.strip()))
    return result


def on_one_line(command: str) -> str:
    """The command without its continuation lines, as the shell sees it."""
    return re.sub(r"\s*\\\n\s*", " ", command)


def runs_here(command: str) -> bool:
    """Whether the command needs neither an image nor an action that is still to come."""
    action = re.search(r"--action (\S+)", command)
    if action and action[1] not in {one.name for one in ACTIONS}:
        return False
    return not _IMAGE_ONLY.match(command)


def as_typed_without_image(command: str) -> str:
    return _RUN.sub("sec-provisioner ", on_one_line(command)) if command.startswith("docker run") else command


@pytest.fixture(scope="module")
def working_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds `sec/`, as the guide has it: a medium config, an earlier export under `previous`."""
    folder = tmp_path_factory.mktemp("operator")
    for name in ("configs", "policies", "groups/previous", "roles", "templates", "reports", "docs"):
        (folder / "sec" / name).mkdir(parents=True)
    (folder / "sec" / "configs" / FILE).write_text(master("medium"))
    return folder


def test_every_block_runs_as_written(working_folder: Path, tmp_path: Path) -> None:
    server = start_server(tmp_path)
    try:
        environment = {**os.environ, **aws_environment(ACCOUNT, server.url), "AWS_PAGER": ""}
        environment["PATH"] = f"{Path(sys.executable).parent}:{CLI}:{os.environ['PATH']}"
        environment.pop("SEC_HOME", None)
        ran = [command for _, command in blocks() if runs_here(on_one_line(command))]
        answers: dict[str, str] = {}
        for command in ran:
            typed = as_typed_without_image(command).replace(_TEST_STACK, copied_name_in(answers.values()))
            answers[command] = run(typed, working_folder, environment)
    finally:
        server.stop()
        for stream in (server.process.stdout, server.process.stderr):
            if stream is not None:
                stream.close()
    outputs = "\n".join(answers.values())
    assert '"CREATE_COMPLETE"' in outputs
    assert re.search(r"read back: \d+ of \d+ resources are as the template says", outputs)
    assert _TEST_STACK not in copied_name_in(answers.values())
    assert "edge-prod-b001-group-med-data-scientists" in outputs
    assert "/security/edge-prod-b001-us-west-1-medium-sec/group-data-scientists" in outputs


def copied_name_in(outputs: Iterable[str]) -> str:
    """The name that an operator copies from what test-deploy printed; the page deletes it in the next block."""
    found = re.findall(r"delete-stack --stack-name (\S+-test-[a-z0-9]{6}-stack) --region us-west-1", "\n".join(outputs))
    return found[-1] if found else _TEST_STACK


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    allowed = EXPECTED.get(command.split(maxsplit=1)[0], {0})
    assert done.returncode in allowed, f"$ {command}\nexit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_only_what_needs_an_image_or_a_later_action_is_left_out() -> None:
    left_out = [on_one_line(command) for _, command in blocks() if not runs_here(on_one_line(command))]
    actions = {one.name for one in ACTIONS}
    later = {name for command in left_out for name in re.findall(r"--action (\S+)", command)}
    assert later.isdisjoint(actions)
    others = [one for one in left_out if "--action" not in one]
    assert all(_IMAGE_ONLY.match(one) for one in others)


def test_the_aws_cli_is_the_real_one() -> None:
    assert shutil.which("aws", path=str(CLI))


def test_the_page_is_read_whole() -> None:
    assert len(blocks()) == BLOCKS.read_text().count("```sh") > 25
