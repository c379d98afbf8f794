"""Members of groups on AWS: read, taken out, put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sec_provisioner.aws import identity
from sec_provisioner.errors import AwsError
from sec_provisioner.lifecycle.run import Run
from sec_provisioner.live.members import Membership

# What concerns one user or group alone; anything else ends the run.
_PERSONAL = {
    "NoSuchEntity": "there is no such user any more",
    "LimitExceeded": "the user is in as many groups as IAM allows (10)",
}


@dataclass(frozen=True)
class PutBack:
    """What came of putting members back. `failed`: with the reason."""

    restored: tuple[Membership, ...] = ()
    already: tuple[Membership, ...] = ()
    failed: tuple[tuple[Membership, str], ...] = ()

    @property
    def reasons(self) -> str:
        """Who could not be put back and why, as a sentence."""
        return f"{'; '.join(f'{one.user} into {one.group}: {reason}' for one, reason in self.failed)}."


def fetch_memberships(run: Run, groups: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Group -> its members at this moment; groups without members, or that are gone, are left out."""
    found = {group: identity.fetch_members(run.aws, group) for group in groups}
    return {group: users for group, users in found.items() if users}


def take_out(run: Run, members: Mapping[str, tuple[str, ...]]) -> int:
    """Take users out of their groups. Returns how many."""
    for group, users in members.items():
        run.say(f"Taking {len(users)} member{'s' if len(users) > 1 else ''} out of {group}: {', '.join(users)}.")
        for user in users:
            identity.remove_member(run.aws, group, user)
    return sum(len(users) for users in members.values())


def put_back(run: Run, members: Mapping[str, tuple[str, ...]]) -> PutBack:
    """Put users into the groups that there are."""
    restored: list[Membership] = []
    already: list[Membership] = []
    failed: list[tuple[Membership, str]] = []
    for group, users in members.items():
        present = identity.fetch_members(run.aws, group)
        for one in (Membership(group, user) for user in users):
            if present is None:
                failed.append((one, "there is no such group"))
            elif one.user in present:
                already.append(one)
            elif reason := _add(run, one):
                failed.append((one, reason))
            else:
                restored.append(one)
    return PutBack(tuple(restored), tuple(already), tuple(failed))


def _add(run: Run, one: Membership) -> str:
    """Why it could not be done; empty where it was."""
    try:
        identity.add_member(run.aws, one.group, one.user)
    except AwsError as error:
        if error.code not in _PERSONAL:
            raise
        return _PERSONAL[error.code]
    return ""
