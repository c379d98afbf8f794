"""What every rule is: a function from a valid Config to what breaks the rule, at dotted paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sec_provisioner.config import paths
from sec_provisioner.config.model import KINDS, Config, Holder, SecurityProfile
from sec_provisioner.problem import Severity


@dataclass(frozen=True)
class Broken:
    """A rule that the config breaks, at a dotted path. `at_key` points at the key there, not at its value."""

    id: str
    path: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR
    at_key: bool = False


Rule = Callable[[Config], Iterator[Broken]]


@dataclass(frozen=True)
class Enabled:
    """One entry of a profile's list: a key of one section of `security`, and where it stands."""

    profile: str
    section: str
    key: str
    path: str


def defined(config: Config, section: str) -> Mapping[str, Holder]:
    """What a section of `security` (`iam_groups`, `service_roles`, ...) defines."""
    holders: Mapping[str, Holder] = getattr(config.security, section)
    return holders


def holders(config: Config) -> Iterator[tuple[str, str, Holder]]:
    """Every group and role that is defined: its section, its path and itself."""
    for section in KINDS:
        for key, holder in defined(config, section).items():
            yield section, paths.child(f"security.{section}", key), holder


def enabled(config: Config) -> Iterator[Enabled]:
    """Every entry of every profile: another profile may become the active one by a single word."""
    for name, profile in config.security_profiles.items():
        yield from enabled_in(profile, name)


def enabled_in(profile: SecurityProfile, name: str) -> Iterator[Enabled]:
    """Every entry of one profile."""
    for section, field in KINDS.items():
        place = f"{paths.child('security_profiles', name)}.{field}"
        for index, key in enumerate(getattr(profile, field)):
            yield Enabled(name, section, key, paths.item(place, index))


def active(config: Config) -> tuple[Enabled, ...]:
    """The entries of the active profile; none where there is no such profile, which is a finding of its own."""
    name = config.security_profile_name
    profile = config.security_profiles.get(name)
    return tuple(enabled_in(profile, name)) if profile else ()
