"""`make bench`: local actions beside their peers, as ratios, printed and written to bench/results.md."""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from peers import CDK_ENVIRONMENT, install_cdk
from results import Row, at_most, claims, write_section
from timing import Command, alternate

import sec_provisioner

WORK = Path("var/bench").resolve()
BIN = Path(sys.executable).parent
CONFIG = "edge-prod-b001-us-west-1-sec.yaml"
RUNS = 7
MANY = 1_000
PEAK_MB, EACH_MS, GROWTH, TIERS_AT_MOST = 80, 20, 2.3, 1.4
LOCAL_ACTIONS = ("validate-config", "create-prov-template")
SIZES = {
    "startup": ("startup", 0),
    "55 resources": ("startup", 5),
    "medium": ("medium", 0),
    "enterprise": ("enterprise", 0),
}
"""Name -> tier, and how many groups of the user's own."""
METHOD = (
    "Made by `make bench`: medians of alternating runs of whole commands, as ratios to peers run side by side: "
    "`cdk synth` (aws-cdk 2) of an app with the same resources, and cfn-lint on the same template."
)


def main() -> None:
    """Measure everything, print the table, write it down; a bound that is not kept ends with exit code 1."""
    shutil.rmtree(WORK, ignore_errors=True)
    compileall.compile_dir(Path(sec_provisioner.__file__).parent, quiet=1)  # as pip does when it installs a wheel
    cdk = install_cdk(WORK / "cdk")
    local = [row for size in SIZES for row in local_rows(size, cdk)]
    rows = [*help_rows(), *local, tier_row(), *many_rows()]
    write_section("Local actions", f"{METHOD}\n\n{claims(rows)}")
    sys.exit(not all(row.kept for row in rows))


def help_rows() -> Iterator[Row]:
    """The command line's own start."""
    home = WORK / "help"
    home.mkdir(parents=True)
    tool = Command("help", [str(BIN / "sec-provisioner"), "--help"], home, {})
    click = Command("click", [str(BIN / "python"), "-c", "import click"], home, {})
    measured = alternate([tool, click], RUNS)
    yield at_most("--help : python -c 'import click'", measured["help"], measured["click"], 3)


def local_rows(size: str, cdk: Path) -> Iterator[Row]:
    """validate-config and create-prov-template beside `cdk synth` and cfn-lint on the same template."""
    home = WORK / size.replace(" ", "-")
    template = prepare(home, *SIZES[size])
    tool = str(BIN / "sec-provisioner")
    ours = [
        Command(action, [tool, action, "--config", CONFIG], home, {"SEC_HOME": str(home)}) for action in LOCAL_ACTIONS
    ]
    synth = [str(cdk / "node_modules/.bin/cdk"), "synth", "--quiet", "--no-version-reporting", "--no-notices"]
    peers = [
        Command("cdk synth", synth, cdk, {"BENCH_TEMPLATE": str(as_json(template)), **CDK_ENVIRONMENT}),
        # Exit code 0 whatever it finds: it is timed, not asked.
        Command("cfn-lint", [str(BIN / "cfn-lint"), "--non-zero-exit-code", "none", str(template)], home, {}),
    ]
    measured = alternate([*ours, *peers], RUNS)
    for action in LOCAL_ACTIONS:
        yield at_most(f"{size}: {action} : cdk synth", measured[action], measured["cdk synth"], 1 / 10)
        yield at_most(f"{size}: {action} : cfn-lint", measured[action], measured["cfn-lint"], 1 / 3)
        peak = measured[action].peak_mb
        yield Row(f"{size}: {action}, peak memory", f"{peak:.0f} MB", f"under {PEAK_MB} MB", peak < PEAK_MB)


def tier_row() -> Row:
    """How a whole run grows with the tier."""
    tool = str(BIN / "sec-provisioner")
    create = [tool, "create-prov-template", "--config", CONFIG]
    startup, enterprise = (
        Command(tier, create, WORK / tier, {"SEC_HOME": str(WORK / tier)}) for tier in ("startup", "enterprise")
    )
    measured = alternate([startup, enterprise], 2 * RUNS)
    what = "create-prov-template: enterprise : startup"
    return at_most(what, measured["enterprise"], measured["startup"], TIERS_AT_MOST)


def prepare(home: Path, tier: str, extra_groups: int) -> Path:
    """A config from a tier's master, with so many groups of the user's own; its template's path."""
    environment = {"SEC_HOME": str(home)}
    home.mkdir(parents=True)
    values = {
        "client.company_name": "Edge Analytics",
        "client.company_prefix": "edge",
        "client.tenant_id": "b001",
        "client.account_id": "123456789012",
        "environment.env": "prod",
        "environment.region": "us-west-1",
    }
    settings = [word for key, value in values.items() for word in ("--set", f"{key}={value}")]
    tool = str(BIN / "sec-provisioner")
    subprocess.run([tool, "--home", str(home), "init-config", "--tier", tier, *settings], check=True)
    config = home / "configs" / CONFIG
    config.write_text(with_groups(config.read_text(), extra_groups))
    command = [tool, "create-prov-template", "--config", CONFIG]
    subprocess.run(command, check=True, env={**environment, "PATH": "/usr/bin:/bin"})
    (template,) = (home / "templates").iterdir()
    return template


def with_groups(text: str, count: int) -> str:
    """The config with `count` more groups, defined and enabled."""
    for number in range(count):
        key = f"team_{number:03}"
        group = f"    {key}: {{description: Team {number}, policy_assignments: {{s3: level2, cloudwatch: level1}}}}\n"
        text = text.replace("  iam_groups:\n", "  iam_groups:\n" + group, 1)
        text = text.replace("enabled_groups:\n", f"enabled_groups:\n      - {key}\n", 1)
    return text


def as_json(template: Path) -> Path:
    """The same template as JSON, for the CDK app."""
    import json  # noqa: PLC0415 - only where the text is made

    import yaml  # noqa: PLC0415 - the same

    path = template.with_suffix(".json")
    path.write_text(json.dumps(yaml.safe_load(template.read_text())))
    return path


def many_rows() -> Iterator[Row]:
    """Many configs through the pure pipeline in one process: processor time of each, which others do not change."""
    from sec_provisioner.config.parse import parse_config  # noqa: PLC0415 - measured apart from its import
    from sec_provisioner.pipeline import check  # noqa: PLC0415 - the same

    text = (WORK / "startup" / "configs" / CONFIG).read_text()
    texts = [text.replace("b001", f"b{number:03}").encode() for number in range(MANY)]

    def spent(of: list[bytes]) -> float:
        started = time.process_time()
        for one in of:
            check(parse_config(one, CONFIG))
        return time.process_time() - started

    spent(texts[:20])
    half, whole = spent(texts[: MANY // 2]), spent(texts)
    each = whole / MANY * 1000
    yield Row(f"{MANY:,} configs in one process, each", f"{each:.1f} ms", f"at most {EACH_MS} ms", each <= EACH_MS)
    growth = whole / half
    yield Row(
        f"time of {MANY:,} : time of {MANY // 2:,}", f"{growth:.2f}", f"about 2 (at most {GROWTH})", growth <= GROWTH
    )


if __name__ == "__main__":
    main()
