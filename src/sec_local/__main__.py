"""`python -m sec_local serve | reset`: the local AWS from a shell."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sec_local import state
from sec_local.pin import pin_problem
from sec_local.server import serve


def build_parser() -> argparse.ArgumentParser:
    """The two commands and their flags."""
    parser = argparse.ArgumentParser(prog="python -m sec_local", description="A local AWS on 127.0.0.1.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="listen until stopped; state is saved at a clean stop")
    run.add_argument("--port", type=int, default=4566, help="0 for any free one (default: %(default)s)")
    run.add_argument("--state-dir", type=Path, help="folder to keep the state in (default: keep nothing)")
    run.add_argument("--port-file", type=Path, help="file to write the port's number to when ready")
    run.add_argument("--account-id", help="account of callers whose access key is not an account id itself")
    run.add_argument(
        "--enforce", action="store_true", help="let IAM's policies decide who may do what (also: AUTH=true)"
    )
    run.add_argument("--log-level", default="CRITICAL", help="what may be said on stderr (default: %(default)s)")
    reset = commands.add_parser("reset", help="remove the state that serve kept")
    reset.add_argument("--state-dir", type=Path, required=True)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 1 where it could not be done."""
    options = build_parser().parse_args(arguments)
    try:
        return _reset(options.state_dir) if options.command == "reset" else _serve(options)
    except state.StateInUseError as problem:
        print(f"{problem.filename} is {problem.strerror}", file=sys.stderr)  # noqa: T201 - the answer of a command
        return 1


def _reset(state_dir: Path) -> int:
    removed = state.remove(state_dir)
    print(f"removed {len(removed)} files of state from {state_dir}")  # noqa: T201 - the same
    return 0


def _serve(options: argparse.Namespace) -> int:
    problem = pin_problem()
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
    try:
        serve(
            options.port,
            options.state_dir,
            port_file=options.port_file,
            account_id=options.account_id,
            enforce=options.enforce,
            log_level=options.log_level,
            on_ready=lambda url: print(f"Local AWS at {url}", flush=True),  # noqa: T201 - the same
        )
    except state.StateInUseError:
        raise
    except OSError as error:
        print(f"can't listen on port {options.port}: {error.strerror}", file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
