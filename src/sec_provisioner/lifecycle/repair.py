"""Drift, set back: each value is read again just before its write, and nothing is written over what nobody saw.

Interrupted anywhere and run again, it ends the same: what is right already is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sec_provisioner.aws import identity
from sec_provisioner.aws.errors import DENIED
from sec_provisioner.aws.properties import fetch_property, make_resource, write_property
from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.repair import Moment, Write, has_value

_MADE_MEANWHILE = frozenset({"EntityAlreadyExists", "ParameterAlreadyExists"})
_KEEP = "or leave the drift as it is: --keep-drift."


@dataclass
class Repairer:
    """Writes what a plan lists, and knows what it has done."""

    run: Run
    writes: tuple[Write, ...]
    done: list[str] = field(default_factory=list)

    def before_update(self) -> None:
        """Make what is missing, and take away what must not be there.

        Raises:
            RefusedError: something is no longer as the preview saw it, or the rights for it are lacking.
            AwsError: AWS failed.
        """
        self._write(one for one in self.writes if one.moment is not Moment.GIVE)

    def after_update(self) -> None:
        """Give back what is missing; raises as `before_update`."""
        self._write(one for one in self.writes if one.moment is Moment.GIVE)

    def _write(self, writes: Iterable[Write]) -> None:
        for one in writes:
            try:
                if self._is_still_wrong(one):
                    _set_back(self.run, one)
                    self.done = list(dict.fromkeys((*self.done, one.subject)))
            except AwsError as error:
                raise self._stopped(one, error) from error

    def _is_still_wrong(self, one: Write) -> bool:
        """Whether it is as the preview saw it: what has become right meanwhile is left alone.

        Raises:
            RefusedError: it is something else.
        """
        wanted = one.difference
        now = fetch_property(self.run.aws, one.type, one.name, wanted)
        if wanted.property and has_value(wanted, wanted.expected, now):
            return False
        if has_value(wanted, wanted.actual, now):
            return True
        raise RefusedError(
            f"Since the preview somebody has changed {one.subject}. {self._so_far}",
            "Run again to see what it is now.",
        )

    def _stopped(self, one: Write, error: AwsError) -> AwsError | RefusedError:
        if error.code in DENIED:
            return RefusedError(
                f"{error.message} It is needed to set back {one.subject}. {self._so_far}",
                f"{error.hint} Then run again, {_KEEP}",
            )
        if error.code in _MADE_MEANWHILE:
            return RefusedError(
                f"Since the preview {one.subject} was made: by somebody, or by a request of this run whose answer was "
                "lost.",
                "Run again: it is compared anew, and what is still to be done is done.",
            )
        return AwsError(f"{error.message} {self._so_far}", error.hint, code=error.code)

    @property
    def _so_far(self) -> str:
        if not self.done:
            return "Nothing was changed."
        return f"Set back before that: {', '.join(self.done)}. The rest is as it was."


def _set_back(run: Run, one: Write) -> None:
    wanted = one.difference
    if not wanted.property:
        run.say(f"Making again {one.subject}.")
        make_resource(run.aws, one.type, one.name, one.properties)
        return
    run.say(f"Setting back {one.subject}.")
    run.note(f"It was: {json.dumps(wanted.actual, ensure_ascii=False)}")
    for version in one.drops:
        run.note(f"Deleting its version {version}, to make room.")
        identity.delete_version(run.aws, one.name, version)
    write_property(run.aws, one.type, one.name, wanted, one.properties)
