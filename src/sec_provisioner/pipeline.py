"""The straight way from a parsed config to its template, and everything that is checked on what it makes.

`build` makes the values; `check` adds rules, names, quotas and policy findings on what would really be built. Nothing
is estimated: a size is the size of the document that would be sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from sec_provisioner.config.model import Config
from sec_provisioner.config.parse import ParsedConfig
from sec_provisioner.config.rules import check_rules
from sec_provisioner.config.suppressions import apply_suppressions
from sec_provisioner.naming import Names
from sec_provisioner.policies import PolicySet, build_policies
from sec_provisioner.problem import Problem, Severity
from sec_provisioner.review import review
from sec_provisioner.security import SecurityModel, build_security_model
from sec_provisioner.template.build import Template, build_template
from sec_provisioner.template.functions import Resolver


@dataclass(frozen=True)
class Built:
    """Every value on the way from one config to its template."""

    config: Config
    names: Names
    model: SecurityModel
    policies: PolicySet
    template: Template

    @property
    def resolver(self) -> Resolver:
        """Works out the template's functions for the config's own account and region."""
        return Resolver(self.template.resources, self.names.identity, self.names.stack)


@dataclass(frozen=True)
class NotChecked:
    """Something that could not be checked, and why."""

    what: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """What came of a config: `built` is None where its schema or references are in error."""

    built: Built | None
    problems: tuple[Problem, ...]
    checked: tuple[str, ...]
    not_checked: tuple[NotChecked, ...] = ()


_SCHEMA = ("config schema",)
_RULES = (*_SCHEMA, "references", "tier rules", "names")
_ALL = (*_RULES, "quotas", "policy documents", "trust policies", "AWS managed policies")
_STOPPED = "the config has errors that come before it"


def build(config: Config, suffix: str | None = None) -> Built:
    """Run the whole pipeline. `suffix` (6 of a-z0-9) makes it a test stack's.

    The config's references must hold (`config.rules`).
    """
    names = Names(config.identity(), suffix)
    model = build_security_model(config, names)
    policies = build_policies(model)
    return Built(config, names, model, policies, build_template(model, policies))


def check(parsed: ParsedConfig) -> Checked:
    """Everything that can be said about a config offline. Errors of one stage stop before the next one."""
    config, document = parsed.config, parsed.document
    if config is None or document is None:
        return _stopped(parsed.problems, _SCHEMA)
    problems = (*parsed.problems, *check_rules(config, document))
    if any(one.severity is Severity.ERROR for one in problems):
        return _stopped(problems, _RULES)
    built = build(config)
    reviewed = review(built.template, built.policies, config, built.names, document)
    accepted = apply_suppressions(reviewed.findings, config.suppressions, document)
    return Checked(built, (*problems, *reviewed.quota_errors, *accepted), _ALL)


def _stopped(problems: tuple[Problem, ...], after: tuple[str, ...]) -> Checked:
    rest = tuple(NotChecked(what, _STOPPED) for what in _ALL[len(after) :])
    return Checked(None, problems, after, rest)
