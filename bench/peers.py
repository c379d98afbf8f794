"""AWS CDK, as both benches run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

CDK_ENVIRONMENT = {"CI": "true", "CDK_DISABLE_CLI_TELEMETRY": "true"}
"""Neither questions nor a report to its makers, which would be timed, too."""


def install_cdk(folder: Path) -> Path:
    """The CDK app in a folder of its own: one stack of the resources in the JSON file BENCH_TEMPLATE."""
    shutil.copytree(Path(__file__).parent / "cdk", folder)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder
