"""Drift, set back: each value is read again just before its write, and nothing is written over what nobody saw.

Interrupted anywhere and run again, it ends the same: what is right already is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from sec_provisioner.aws import identity
from sec_provisioner.aws.errors import DENIED
from sec_provisioner.aws.properties import fetch_property, make_resource, write_property
from sec_provisioner.errors import AwsError, RefusedError
from sec_provisioner.failures.repairs import (
    CHANGED_SINCE_PREVIEW,
    MADE_SINCE_PREVIEW,
    NO_RIGHT_TO_SET_BACK,
    REPAIR_STOPPED,
    RIGHT_LACKS_HALF_WAY,
    so_far,
)
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.writes import Moment, Write, has_value

_MADE_MEANWHILE = frozenset({"EntityAlreadyExists", "ParameterAlreadyExists"})
# How often a value is looked at again that is not as it should be: IAM shows a write everywhere only after a while.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
_LOOKS = 6
_NOT_SEEN_YET = frozenset({"NoSuchEntity", "MalformedPolicyDocument"})


@dataclass
class Repairer:
    """Writes what a plan lists, and knows what it has done."""

    run: Run
    writes: tuple[Write, ...]
    done: list[str] = field(default_factory=list)
    is_updated: bool = False
    """Whether the stack's update is through."""

    def before_update(self) -> None:
        """Make what is missing, and take away what must not be there.

        Raises:
            RefusedError: something is no longer as the preview saw it, or the rights for it are lacking.
            AwsError: AWS failed.
        """
        self._write(one for one in self.writes if one.moment is not Moment.GIVE)

    def after_update(self, *, is_updated: bool) -> None:
        """Give back what is missing; raises as `before_update`. Without an update it follows at once."""
        self.is_updated = is_updated
        self._write(one for one in self.writes if one.moment is Moment.GIVE)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What is set back only after the update, and so is not where that fails."""
        return tuple(dict.fromkeys(one.subject for one in self.writes if one.moment is Moment.GIVE))

    def _write(self, writes: Iterable[Write]) -> None:
        for one in writes:
            try:
                if self._is_still_wrong(one):
                    self._set_back(one)
                    self._note_done(one.subject)
            except AwsError as error:
                raise self._stopped(one, error) from error

    def _note_done(self, what: str) -> None:
        if what not in self.done:
            self.done.append(what)

    def _is_still_wrong(self, one: Write) -> bool:
        """Whether it is as the preview saw it: what has become right meanwhile is left alone.

        Raises:
            RefusedError: it is something else.
        """
        wanted = one.difference
        for _ in islice(self.run.looks(), _LOOKS):
            now = fetch_property(self.run.aws, one.type, one.name, wanted)
            if wanted.property and has_value(wanted, wanted.expected, now):
                return False
            if has_value(wanted, wanted.actual, now):
                return True
        raise CHANGED_SINCE_PREVIEW(subject=one.subject, so_far=self._so_far)

    def _set_back(self, one: Write) -> None:
        run, wanted = self.run, one.difference
        if not wanted.property:
            run.say(f"Making again {one.subject}.")
            make_resource(run.aws, one.type, one.name, one.properties)
            return
        run.say(f"Setting back {one.subject}.")
        run.note(f"It was: {json.dumps(wanted.actual, ensure_ascii=False)}")
        for version in one.drops:
            run.note(f"Deleting its version {version}, to make room.")
            identity.delete_version(run.aws, one.name, version)
            self._note_done(f"{one.subject} (version {version} deleted)")
        self._write_value(one)

    def _write_value(self, one: Write) -> None:
        """What was made just now may not be known everywhere yet."""
        for look, _ in enumerate(islice(self.run.looks(), _LOOKS), 1):
            try:
                write_property(self.run.aws, one.type, one.name, one.difference, one.properties)
            except AwsError as error:
                if error.code not in _NOT_SEEN_YET or look == _LOOKS:
                    raise
            else:
                return

    def _stopped(self, one: Write, error: AwsError) -> AwsError | RefusedError:
        if error.code in _MADE_MEANWHILE:
            return MADE_SINCE_PREVIEW(subject=one.subject, so_far=self._so_far)
        if error.code not in DENIED:
            return REPAIR_STOPPED.after(error, so_far=self._so_far)
        if self.done or self.is_updated:
            return RIGHT_LACKS_HALF_WAY.after(error, subject=one.subject, so_far=self._so_far)
        return NO_RIGHT_TO_SET_BACK(
            told=error.happened, subject=one.subject, so_far=self._so_far, mend=error.hint, code=error.code
        )

    @property
    def _so_far(self) -> str:
        return so_far(self.done, is_updated=self.is_updated)
