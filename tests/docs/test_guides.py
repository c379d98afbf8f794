"""The pages that are made from the data files and the tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from guides.recipes import RECIPES, Recipe
from guides.statements import render_statement
from make_docs import FOLDER, guide_texts

from sec_provisioner.catalogue.levels import Level, levels_of, services
from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.config.parse import parse_config
from sec_provisioner.errors import ExitCode
from sec_provisioner.failures.tables import AREAS
from sec_provisioner.live.status import STATUSES
from sec_provisioner.pipeline import check
from sec_provisioner.problem import Severity
from support.configs import master

LEVELS = [level for service in services() for level in levels_of(service)]
TEXTS = guide_texts()


def name(level: Level) -> str:
    return f"{level.service}/{level.reference}"


def section(level: Level) -> str:
    """What the policy guide says of one level."""
    guide = TEXTS["POLICY_GUIDE.md"]
    start = guide.index(f"### {level.service} {level.reference}: ")
    return re.split(r"^##", guide[start + 3 :], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("file", sorted(TEXTS))
def test_guide_is_what_the_data_files_make_of_it(file: str) -> None:
    """`make docs-source` writes it anew."""
    assert Path(FOLDER, file).read_text(encoding="utf-8") == TEXTS[file]


@pytest.mark.parametrize("level", LEVELS, ids=name)
def test_guide_says_all_of_a_level(level: Level) -> None:
    text = section(level)
    whys = [one.why for one in level.beyond_project]
    assert [one for one in (level.purpose, *level.can, *level.cannot, *whys, *level.sources) if one not in text] == []
    actions = [action for one in level.statements for action in one["Action"]]
    assert [action for action in actions if not re.search(rf"^\| `{re.escape(action)}`", text, re.MULTILINE)] == []


@pytest.mark.parametrize("level", LEVELS, ids=name)
def test_no_line_of_a_level_is_about_nothing(level: Level) -> None:
    """Each action has an access level and a resource; otherwise the line would say that it does nothing."""
    rows = [line for line in section(level).splitlines() if line.startswith("| `")]
    assert [row for row in rows if re.search(r"\|\s*\|", row)] == []


def test_wildcard_tells_what_it_means_on_the_resources_of_its_statement() -> None:
    """ecr:DescribeRegistry takes no repository."""
    text = render_statement(
        {
            "Sid": "See",
            "Action": ["ecr:DescribeR*"],
            "Resource": ["arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/${Project}-*"],
            "Condition": {"StringEquals": {"aws:ResourceTag/project": "${Project}"}},
        }
    )
    assert "- `aws:ResourceTag/project` is `{project}`" in text
    assert "| `ecr:DescribeR*`: DescribeRepositories | Read | `repository/{project}-*` in any region |" in text


def test_troubleshooting_has_every_failure_under_its_id_and_every_status() -> None:
    text = TEXTS["TROUBLESHOOTING.md"]
    ids = [one.id for area in AREAS for one in area.classes] + [one.id for area in AREAS for one in area.aftermaths]
    assert [one for one in ids if text.count(f"\n### {one}\n") != 1] == []
    assert [one for one in STATUSES if f"\n| `{one}` |" not in text] == []
    assert [one for one in ExitCode if f"\n| {int(one)} |" not in text] == []


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda one: one.title)
@pytest.mark.parametrize("region", ["us-west-1", "us-gov-west-1", "cn-north-1"])
def test_recipe_is_without_a_finding_in_a_config(recipe: Recipe, region: str) -> None:
    config = yaml.safe_load(master(environment__region=region))
    config["suppressions"] = [{"id": "broad-managed-policy", "on": "security.iam_groups", "reason": "administrators"}]
    config["security"]["service_roles"]["sagemaker_execution"]["statements"] += yaml.safe_load(recipe.statements)[
        "statements"
    ]
    file = f"edge-prod-b001-{region}-sec.yaml"
    found = check(parse_config(yaml.safe_dump(config).encode(), file)).problems
    assert [one for one in found if one.suppressed is None and one.severity is not Severity.INFO] == []


@pytest.mark.parametrize("kind", ["groups", "service_roles", "assumable_roles", "cross_account_roles"])
def test_comparison_names_every_built_in(kind: str) -> None:
    text = TEXTS["TIER_COMPARISON.md"]
    for tier in tiers().values():
        assert [key for key in getattr(tier, kind) if f"\n| `{key}` |" not in text] == []


def test_comparison_says_who_hands_a_service_role_over() -> None:
    (row,) = [line for line in TEXTS["TIER_COMPARISON.md"].splitlines() if line.startswith("| `sagemaker_execution` |")]
    handing_over = {"data_scientists", "ml_engineers", "mlops_engineers", "cicd_deployment", "cicd_pipeline"}
    assert set(row.split("|")[-2].strip(" `").split("`, `")) == handing_over | {"sagemaker_execution"}
