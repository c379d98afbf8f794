"""A tenant on the local AWS that can be put back to where it was, and runs of the tool that something goes wrong in.

World.restore -> (fault, kill, interruption) -> run the tool -> run it again -> World.state: the same as undisturbed
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session

from sec_local import state
from support.fault_state import account_state, saved_members
from support.local_aws import share_loader
from support.tool import Ran, Tool, make_tool

CONFIG = "edge-prod-b001-us-west-1-sec.yaml"


class Killed(BaseException):
    """What `kill -9` is to the tool: nothing of it runs any more. No handler of the tool's may catch it."""


@dataclass
class Wire:
    """Every request of the tool passes here; `strike` may end the run there."""

    calls: list[str] = field(default_factory=list)
    strike: Callable[[int], None] | None = None
    strike_after: Callable[[int], None] | None = None
    is_dead: bool = False

    def before(self, request: Any) -> None:
        """Count the request; a dead process sends nothing more, whatever its handlers try."""
        if self.is_dead:
            raise Killed
        self.calls.append(operation_of(request))
        if self.strike:
            self.strike(len(self.calls))

    def after(self) -> None:
        """The request has had its effect."""
        if self.strike_after:
            self.strike_after(len(self.calls))

    def kill(self) -> None:
        """End the process of the tool, here and now."""
        self.is_dead = True
        raise Killed

    def disarm(self) -> None:
        """Nothing strikes any more; a process that was killed is followed by another."""
        self.strike, self.strike_after, self.is_dead = None, None, False


def operation_of(request: Any) -> str:
    """`POST cloudformation CreateChangeSet`, as far as the request tells."""
    target = request.headers.get("X-Amz-Target", b"")
    if target:
        return str(target.decode() if isinstance(target, bytes) else target).rsplit(".", 1)[-1]
    body = request.body if isinstance(request.body, str) else (request.body or b"")
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body if isinstance(body, str) else ""
    name = next((part[7:] for part in text.split("&") if part.startswith("Action=")), "")
    return name or f"{request.method} s3"


@contextmanager
def on_the_wire(local: Any, monkeypatch: Any) -> Iterator[Wire]:
    """All botocore sessions made from now on go through one `Wire` to `local`."""
    wire = Wire()
    make = botocore.session.Session.__init__

    def send(request: Any, **_: object) -> Any:
        wire.before(request)
        answer = local.send(request)
        wire.after()
        return answer

    def make_and_install(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        share_loader(self)
        self.get_component("event_emitter").register_first("before-send", send, unique_id="wire")

    with monkeypatch.context() as patch:
        patch.setattr(botocore.session.Session, "__init__", make_and_install)
        yield wire


@dataclass
class World:
    """The local AWS and a home of the tool, both with a point that they can be put back to."""

    local: Any
    wire: Wire
    folder: Path
    tool: Tool = field(init=False)

    def __post_init__(self) -> None:
        self.tool = make_tool(self.folder / "home")

    @property
    def account_id(self) -> str:
        """The account of the credentials in the environment."""
        return os.environ["AWS_ACCESS_KEY_ID"]

    def run(self, *args: str) -> Ran:
        """One command line; calls are counted from here."""
        self.wire.calls.clear()
        return self.tool(args[0], "--config", CONFIG, *args[1:])

    def start_over(self) -> None:
        """An empty account and an empty home."""
        self.rest()
        self.wire.disarm()
        self.local.reset()
        shutil.rmtree(self.folder / "home")
        self.tool = make_tool(self.folder / "home")

    def keep(self) -> None:
        """Remember this point."""
        self.rest()
        for kept in ("kept-aws", "kept-home"):
            shutil.rmtree(self.folder / kept, ignore_errors=True)
        state.save(self.folder / "kept-aws")
        shutil.copytree(self.folder / "home", self.folder / "kept-home")

    def restore(self) -> None:
        """Back to the point that was kept, no fault set."""
        self.rest()
        self.wire.disarm()
        self.local.faults.clear()
        state.forget()
        for kept, used in (("kept-aws", "aws"), ("kept-home", "home")):
            shutil.rmtree(self.folder / used, ignore_errors=True)
            shutil.copytree(self.folder / kept, self.folder / used)
        state.load(self.folder / "aws")

    def state(self) -> dict[str, Any]:
        """All that the account and the saved members say, without times and ids."""
        self.rest()
        self.wire.disarm()
        return {"account": account_state(), "members": saved_members(self.tool.home / "reports")}

    def rest(self) -> None:
        """What CloudFormation does by itself has come to its end."""
        self.local.finish()
