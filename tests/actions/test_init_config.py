"""init-config: by flags, by questions, and never over a file that is there."""

from __future__ import annotations

import pytest

from sec_provisioner.errors import ExitCode
from sec_provisioner.report.files import FOLDERS
from support.startup import CONFIG, STEM, set_flags
from support.tool import Tool


def test_missing_folders_are_made_and_the_file_is_named_after_its_content(tool: Tool) -> None:
    for name in FOLDERS:
        (tool.home / name).rmdir()
    ran = tool("init-config", "--tier", "startup", *set_flags())
    assert ran.code is ExitCode.OK
    assert ran.report["result"] == {
        "config": f"configs/{CONFIG}",
        "tier": "startup",
        "left_to_fill": [],
        "left_out": [],
        "enabled_roles": [],
    }
    assert ran.report["stem"] == STEM
    assert all((tool.home / name).is_dir() for name in FOLDERS)


def test_what_is_still_to_be_filled_in_is_listed(tool: Tool) -> None:
    ran = tool("init-config", "--tier", "startup", "--set", "client.company_prefix=edge")
    assert ran.code is ExitCode.OK
    assert ran.report["result"]["config"] == "configs/startup-sec.yaml"
    assert ran.report["result"]["left_to_fill"] == [
        "client.company_name",
        "client.tenant_id",
        "client.account_id",
    ]
    assert "client.tenant_id" in ran.stdout


def test_a_file_that_is_there_stays(tool: Tool) -> None:
    tool.write_config("mine", CONFIG)
    ran = tool("init-config", "--tier", "startup", *set_flags())
    assert ran.code is ExitCode.REFUSED
    assert "is there already" in ran.stderr
    assert tool.files("configs")[CONFIG] == "mine"


def test_force_overwrites(tool: Tool) -> None:
    tool.write_config("mine", CONFIG)
    assert tool("init-config", "--tier", "startup", "--force", *set_flags()).code is ExitCode.OK
    assert "Edge Analytics" in tool.files("configs")[CONFIG]


def test_config_names_the_file(tool: Tool) -> None:
    assert tool("init-config", "--tier", "startup", "--config", "mine.yaml", *set_flags()).code is ExitCode.OK
    assert list(tool.files("configs")) == ["mine.yaml"]


def test_comments_of_the_master_are_kept(tool: Tool) -> None:
    tool("init-config", "--tier", "startup", *set_flags())
    text = tool.files("configs")[CONFIG]
    assert "# Whose resources these are, and the one AWS account that they live in." in text
    assert 'account_id: "123456789012"' in text


@pytest.mark.parametrize("tier", ["startup", "startup-5"])
def test_the_images_tier_is_the_default(tool: Tool, tier: str) -> None:
    tool.environment["SEC_TIER"] = tier
    assert tool("init-config", *set_flags()).report["result"]["tier"] == "startup"


def test_another_tier_than_the_images_is_refused(tool: Tool) -> None:
    tool.environment["SEC_TIER"] = "medium-10"
    ran = tool("init-config", "--tier", "startup", *set_flags())
    assert ran.code is ExitCode.USAGE
    assert "medium-10" in ran.stderr
    assert "startup" in ran.stderr
    assert tool.files("configs") == {}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "--tier is missing"),
        (["--tier", "huge"], "There is no tier"),
        (["--tier", "startup", "--set", "client.company_prefix"], "has no value"),
        (["--tier", "startup", "--set", "client.prefix=x"], "prefix"),
        (["--tier", "startup", "--set", "client.account_id=12"], "account_id"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_flags_are_explained_and_nothing_is_written(tool: Tool, flags: list[str], message: str) -> None:
    ran = tool("init-config", *flags)
    assert ran.code is ExitCode.USAGE
    assert message in ran.stderr
    assert tool.files("configs") == {}


def test_a_terminal_is_asked_for_the_rest_and_again_after_a_wrong_answer(tool: Tool) -> None:
    tool.is_terminal = True
    answers = "Edge Analytics\nEdge!\nedge\nb001\n123456789012\n\nus-west-1\n"
    ran = tool("init-config", "--tier", "startup", answers=answers)
    assert ran.code is ExitCode.OK
    assert ran.report["result"]["config"] == f"configs/{CONFIG}"
    assert ran.stderr.count("client.company_prefix (") == 2


def test_a_terminal_is_asked_for_the_tier_too(tool: Tool) -> None:
    tool.is_terminal = True
    ran = tool("init-config", *set_flags(), answers="large\nmedium\n")
    assert ran.report["result"]["tier"] == "medium"
    assert "There is no tier `large`. There are startup, medium or enterprise." in ran.stderr


def test_an_answer_may_stand_in_quotes(tool: Tool) -> None:
    tool.is_terminal = True
    answers = '\'Edge Analytics\'\nedge\n"0001"\n"012345678901"\n\n\n'
    assert tool("init-config", "--tier", "startup", answers=answers).code is ExitCode.OK
    text = tool.files("configs")["edge-prod-0001-us-east-1-sec.yaml"]
    assert all(line in text for line in ("company_name: Edge Analytics", 'tenant_id: "0001"', '"012345678901"'))


def test_the_end_of_input_is_a_refusal(tool: Tool) -> None:
    tool.is_terminal = True
    ran = tool("init-config", "--tier", "startup", answers="Edge\n")
    assert ran.code is ExitCode.REFUSED
    assert tool.files("configs") == {}


def test_a_made_up_external_id_is_in_the_config_only(tool: Tool) -> None:
    path = "security.cross_account_roles.cicd_deployment"
    flags = ["--set", f"{path}.trusted_account=210987654321", "--set", f"{path}.external_id=Very-Secret-4711"]
    ran = tool("init-config", "--tier", "startup", *set_flags(), *flags, "--output", "json")
    written = "".join([ran.stdout, ran.stderr, *tool.files("reports").values()])
    assert "Very-Secret-4711" not in written


def test_what_the_partition_lacks_is_said(tool: Tool) -> None:
    ran = tool("init-config", "--tier", "startup", *set_flags(), "--set", "environment.region=cn-north-1")
    assert ran.code is ExitCode.OK
    assert any("bedrock" in line for line in ran.report["result"]["left_out"])
    assert "not in this partition: bedrock" in ran.stdout.lower()


def test_a_trusted_account_enables_its_role_and_the_result_hides_the_external_id(tool: Tool) -> None:
    flag = "security.cross_account_roles.cicd_deployment.trusted_account=210987654321"
    ran = tool("init-config", "--tier", "medium", *set_flags(), "--set", flag)
    assert ran.code is ExitCode.OK
    assert ran.report["result"]["enabled_roles"] == ["cicd_deployment"]
    text = (tool.home / ran.report["result"]["config"]).read_text()
    external_id = next(
        line.split(":")[1].strip().strip("\"'") for line in text.splitlines() if "external_id:" in line and "-" in line
    )
    assert external_id not in ran.stdout + ran.log
