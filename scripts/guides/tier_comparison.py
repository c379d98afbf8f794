"""TIER_COMPARISON.md: what each tier has, from the master configs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guides.markdown import code, codes, document, table
from sec_provisioner.catalogue.levels import find_level, services
from sec_provisioner.catalogue.partitions import limited_services, partition_table_date, partitions, service_exists
from sec_provisioner.catalogue.store import load_yaml
from sec_provisioner.catalogue.tiers import Tier, smallest_tier_with, tiers
from sec_provisioner.config.master import new_config
from sec_provisioner.config.parse import parse_config
from sec_provisioner.pipeline import Built, build
from sec_provisioner.template.render import goes_inline, minified

_INTRODUCTION = """\
# Tier comparison

A tier is the size of the product: which ready-made groups and roles a config may enable. Each tier holds what the one
before it holds, under the same names and with the same permissions. Groups and roles of one's own may be added in any
tier, and any ready-made one may be left out.

- **startup**: one team that explores, trains and ships in one account.
- **medium**: delivery, data, testing, operations, security and governance are different people, and some rights are
  taken for an hour only, with MFA.
- **enterprise**: costs are somebody's own work, outsiders read along, and another account watches.

What a level such as `s3 2` allows stands in the [policy guide](POLICY_GUIDE.md)."""

_SETTINGS = {
    "client.company_name": "Edge Analytics",
    "client.company_prefix": "edge",
    "client.tenant_id": "b001",
    "client.account_id": "123456789012",
    "environment.env": "prod",
    "environment.region": "us-west-1",
}
_HAS = {True: "yes", False: "no", None: "not known"}
_SECTIONS = {
    "iam_groups": "groups",
    "service_roles": "service_roles",
    "assumable_roles": "assumable_roles",
    "cross_account_roles": "cross_account_roles",
}


def render_tier_comparison() -> str:
    """The whole page as Markdown."""
    masters = {tier.name: load_yaml(f"masters/{tier.name}.yaml") for tier in tiers().values()}
    largest = masters[[*tiers()][-1]]["security"]
    return document(
        _INTRODUCTION,
        "## At a glance",
        table(["", *tiers()], _counts(masters)),
        "## Groups",
        table(["Group", "From tier", "For", "AWS managed policies", "Own statements"], _groups(largest["iam_groups"])),
        "### Levels by group",
        table(["Group", *services(), "attached of 10"], _matrix(largest["iam_groups"])),
        "### Who may assume which role",
        table(["Group", *tiers()], _assuming(masters)),
        "## Service roles",
        "AWS services work with these. Who may hand one to its service follows from the levels, or stands under "
        "`passable_by`; a mirror role hands over what its group does.",
        table(["Role", "From tier", "Service", "Levels", "Own statements", "Handed over by"], _service_roles(largest)),
        "`bedrock_execution` is ready in every tier and enabled in none: enable it for agents, knowledge bases, "
        "customisation and batch jobs.",
        "## Assumable roles",
        "A role's rights stand in place of one's own while it is assumed.",
        table(["Role", "From tier", "For", "Has", "MFA", "Session"], _assumable_roles(largest["assumable_roles"])),
        "## Cross-account roles",
        "Always with an external id. They need another account's id, so they are ready and not enabled.",
        table(["Role", "From tier", "For", "Levels", "Own statements"], _other_roles(largest["cross_account_roles"])),
        "## Partitions",
        "What a partition lacks is left out of a new config there, and refused in one that names it. Below the "
        f"services of the levels: prefixes of actions that a partition lacks. As of {partition_table_date()}.",
        table(["Service", *partitions()], _partitions()),
    )


def _counts(masters: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    made = [_built(tier) for tier in masters]
    yield "Version", *(code(tier.version) for tier in tiers().values())
    yield "Groups", *(str(len(tier.groups)) for tier in tiers().values())
    for kind in ("service_roles", "assumable_roles", "cross_account_roles"):
        yield _word(kind), *(_enabled(tier, kind, masters[tier.name]) for tier in tiers().values())
    yield "Policy levels in use", *(str(len(one.model.levels())) for one in made)
    yield "Resources of the stack", *(str(len(one.template.resources)) for one in made)
    yield (
        "Template is sent",
        *("inline" if goes_inline(minified(one.template)) else "through the bucket" for one in made),
    )


def _built(tier: str) -> Built:
    config = parse_config(new_config(tier, _SETTINGS, lambda: "").text.encode(), "").config
    if config is None:
        raise ValueError(f"the master of {tier} is no valid config")
    return build(config, None)


def _enabled(tier: Tier, kind: str, master: Mapping[str, Any]) -> str:
    """How many a tier has, and how many of them its master leaves off."""
    total = len(getattr(tier, kind))
    enabled = len(master["security_profiles"][tier.name][f"enabled_{kind}"])
    return str(total) if enabled == total else f"{total}, of which {enabled} enabled"


def _groups(groups: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for key, one in groups.items():
        yield (
            code(key),
            _from("iam_groups", key),
            one["description"],
            codes(one.get("managed_policies", ())),
            _sids(one),
        )


def _matrix(groups: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for key, one in groups.items():
        assigned = one.get("policy_assignments", {})
        attached = len(assigned) + len(one.get("managed_policies", ()))
        yield code(key), *(assigned.get(name, "").removeprefix("level") for name in services()), str(attached)


def _assuming(masters: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for key in [*tiers().values()][-1].groups:
        cells = [_assumed_by(key, master) for master in masters.values()]
        if any(cells):
            yield code(key), *cells


def _assumed_by(group: str, master: Mapping[str, Any]) -> str:
    return codes(master["security"]["iam_groups"].get(group, {}).get("assumable_roles", ()))


def _service_roles(security: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for key, one in security["service_roles"].items():
        by = codes((*_handing_over(key, security), *one.get("passable_by", ())))
        yield code(key), _from("service_roles", key), code(one["service"]), _levels(one), _sids(one), by


def _handing_over(role: str, security: Mapping[str, Any]) -> Iterator[str]:
    """The groups and roles one of whose levels hands the service role over."""
    for section in ("iam_groups", "assumable_roles", "cross_account_roles"):
        for key, holder in security[section].items():
            levels = (find_level(service, one) for service, one in holder.get("policy_assignments", {}).items())
            if any(role in passed.roles for level in levels if level for passed in level.passes):
                yield key


def _assumable_roles(roles: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for key, one in roles.items():
        mirrored = one.get("mirrors_group")
        has = f"what {code(mirrored)} has" if mirrored else _own_rights(one)
        minutes = one["max_session_duration"] // 60
        mfa = "yes" if one["require_mfa"] else "no"
        yield code(key), _from("assumable_roles", key), one["description"], has, mfa, f"{minutes} minutes"


def _other_roles(roles: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for key, one in roles.items():
        yield code(key), _from("cross_account_roles", key), one["description"], _levels(one), _sids(one)


def _own_rights(role: Mapping[str, Any]) -> str:
    return "; ".join(part for part in (_levels(role), codes(role.get("managed_policies", ())), _sids(role)) if part)


def _levels(holder: Mapping[str, Any]) -> str:
    """`s3 2 (project-buckets-only)` and so on."""
    return ", ".join(_level(service, one) for service, one in holder.get("policy_assignments", {}).items())


def _level(service: str, reference: str) -> str:
    level = find_level(service, reference)
    if level is None:
        raise ValueError(f"{service} has no {reference}")
    return f"{service} {level.number} ({level.name})"


def _sids(holder: Mapping[str, Any]) -> str:
    return codes(one["Sid"] for one in holder.get("statements", ()))


def _from(section: str, key: str) -> str:
    return smallest_tier_with(_SECTIONS[section], key) or ""


def _word(kind: str) -> str:
    return kind.replace("cross_account", "cross-account").replace("_", " ").capitalize()


def _partitions() -> Iterator[Sequence[str]]:
    for service in dict.fromkeys((*services(), *limited_services())):
        yield service, *(_HAS[service_exists(service, one)] for one in partitions())
