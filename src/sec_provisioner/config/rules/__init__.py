"""Rules between fields of a config, one file each.

Config, Document -> problems: each rule finds what breaks it at dotted paths, and here the paths become places in
the file. A new rule is a file with a `check` and a line in `RULES`.
"""

from __future__ import annotations

from itertools import islice

from sec_provisioner.config.model import Config
from sec_provisioner.config.nodes import Document
from sec_provisioner.config.parse import MOST_PROBLEMS, in_file_order
from sec_provisioner.config.rules import (
    arns,
    assumable,
    file_name,
    gate,
    levels,
    mirrors,
    name_clash,
    partition,
    passing,
    placeholders,
    project_name,
    references,
    region,
    repeats,
    tags,
    tier_rules,
    trust,
    unused,
)
from sec_provisioner.config.rules.rule import Broken, Rule
from sec_provisioner.problem import Problem

RULES: tuple[Rule, ...] = (
    references.check,
    repeats.check,
    unused.check,
    tier_rules.check,
    project_name.check,
    region.check,
    levels.check,
    partition.check,
    mirrors.check,
    assumable.check,
    passing.check,
    trust.check,
    name_clash.check,
    placeholders.check,
    arns.check,
    tags.check,
    gate.check,
)


def check_rules(config: Config, document: Document) -> tuple[Problem, ...]:
    """Everything that breaks a rule, in the order of the file."""
    # A rule that is broken a thousand times has said what it can: finding the nearest word takes its time.
    broken = [one for rule in RULES for one in islice(rule(config), MOST_PROBLEMS + 1)]
    broken += file_name.check(config, document.file)
    return in_file_order(tuple(_problem(one, document) for one in broken))


def _problem(broken: Broken, document: Document) -> Problem:
    where = document.key_location(broken.path) if broken.at_key else None
    return Problem(
        id=broken.id,
        severity=broken.severity,
        message=broken.message,
        hint=broken.hint,
        where=where or document.nearest_location(broken.path),
        path=broken.path,
    )
