from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import botocore
import pytest

from sec_provisioner.catalogue.levels import services
from sec_provisioner.catalogue.partitions import (
    broad_managed_policy,
    limited_services,
    managed_policy_exists,
    managed_policy_names,
    nearest_managed_policy,
    nearest_principal,
    nearest_region,
    partition_of,
    partition_table_date,
    partitions,
    principal_exists,
    regions,
    service_exists,
)
from sec_provisioner.catalogue.store import load_yaml

PARTITIONS = ("aws", "aws-us-gov", "aws-cn")
ENDPOINTS = {
    "s3": "s3",
    "ecr": "api.ecr",
    "pipeline": "codepipeline",
    "sagemaker": "api.sagemaker",
    "lambda": "lambda",
    "bedrock": "bedrock",
    "glue": "glue",
    "redshift": "redshift",
    "cloudwatch": "monitoring",
}


def botocore_table(name: str) -> Any:
    return json.loads((Path(botocore.__file__).parent / "data" / name).read_text(encoding="utf-8"))


def test_regions_are_those_of_the_sdk() -> None:
    known = {one["id"]: one["regions"] for one in botocore_table("partitions.json")["partitions"]}
    expected = {region: name for name in PARTITIONS for region in known[name] if not region.endswith("-global")}
    assert {region: partition_of(region) for region in regions()} == expected


def test_partitions_begin_with_the_usual_one() -> None:
    assert partitions() == PARTITIONS


@pytest.mark.parametrize("text", ["", "aws-global", "us-east", "us-iso-east-1", "US-EAST-1", "us-east-1a"])
def test_what_is_no_region_has_no_partition(text: str) -> None:
    assert partition_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("us-east1", "us-east-1"),
        ("us_west_2", "us-west-2"),
        ("EU-Central-1", "eu-central-1"),
        ("us-gov-west1", "us-gov-west-1"),
        ("cn-nort-1", "cn-north-1"),
        ("somewhere", None),
    ],
)
def test_the_region_that_was_meant_is_found(text: str, expected: str | None) -> None:
    assert nearest_region(text) == expected


def test_every_service_of_the_levels_is_known_everywhere() -> None:
    assert set(services()) <= set(ENDPOINTS)
    assert all(service_exists(service, partition) is not None for service in ENDPOINTS for partition in PARTITIONS)


@pytest.mark.parametrize("partition", PARTITIONS)
def test_services_exist_where_the_sdk_has_endpoints(partition: str) -> None:
    table = next(one for one in botocore_table("endpoints.json")["partitions"] if one["partition"] == partition)
    with_endpoints = {service for service, name in ENDPOINTS.items() if name in table["services"]}
    assert {service for service in ENDPOINTS if service_exists(service, partition)} == with_endpoints


@pytest.mark.parametrize(
    ("service", "partition", "expected"),
    [
        ("bedrock", "aws-cn", False),
        ("codeconnections", "aws-cn", False),
        ("codeconnections", "aws-us-gov", True),
        ("ce", "aws-us-gov", False),
        ("budgets", "aws-us-gov", False),
        ("budgets", "aws-cn", True),
        ("savingsplans", "aws-us-gov", False),
        ("trustedadvisor", "aws-us-gov", False),
        ("trustedadvisor", "aws-cn", False),
        ("no-such-service", "aws", None),
        ("s3", "aws-eusc", None),
    ],
)
def test_services_that_a_partition_lacks(service: str, partition: str, expected: bool | None) -> None:
    assert service_exists(service, partition) is expected


@pytest.mark.parametrize(
    ("principal", "partition", "expected"),
    [
        ("sagemaker.amazonaws.com", "aws", True),
        ("sagemaker.amazonaws.com", "aws-cn", True),
        ("bedrock.amazonaws.com", "aws-us-gov", True),
        ("bedrock.amazonaws.com", "aws-cn", False),
        ("ec2.amazonaws.com.cn", "aws", False),
        ("ec2.amazonaws.com", "aws-cn", None),
        ("somebody.amazonaws.com", "aws", None),
    ],
)
def test_service_principals_by_partition(principal: str, partition: str, expected: bool | None) -> None:
    assert principal_exists(principal, partition) is expected


def test_the_principal_that_was_meant_is_found() -> None:
    assert nearest_principal("sagemaker.amazon.com", "aws") == "sagemaker.amazonaws.com"
    assert nearest_principal("ec2.amazonaws.com", "aws-cn") == "ec2.amazonaws.com.cn"


@pytest.mark.parametrize(
    ("name", "partition", "expected"),
    [
        ("AdministratorAccess", "aws-cn", True),
        ("job-function/ViewOnlyAccess", "aws", True),
        ("AmazonSageMakerReadOnly", "aws", True),
        ("service-role/AWSGlueServiceRole", "aws", True),
        ("ViewOnlyAccess", "aws", False),
        ("job-function/SecurityAudit", "aws", False),
        ("administratoraccess", "aws", False),
        ("CostOptimizationHubReadOnlyAccess", "aws-us-gov", False),
        ("AmazonSageMakerReadOnly", "aws-us-gov", None),
        ("ANewPolicyOfTomorrow", "aws", None),
    ],
)
def test_managed_policies_by_partition(name: str, partition: str, expected: bool | None) -> None:
    assert managed_policy_exists(name, partition) is expected


@pytest.mark.parametrize(
    ("name", "partition", "expected"),
    [
        ("ViewOnlyAccess", "aws", "job-function/ViewOnlyAccess"),
        ("AmazonSagemakerReadonly", "aws", "AmazonSageMakerReadOnly"),
        ("AmazonSageMakerReadOnlyAccess", "aws", "AmazonSageMakerReadOnly"),
        ("AWSCloudTrailReadOnlyAccess", "aws-cn", "AWSCloudTrail_ReadOnlyAccess"),
        ("zzz", "aws", None),
    ],
)
def test_the_managed_policy_that_was_meant_is_found(name: str, partition: str, expected: str | None) -> None:
    assert nearest_managed_policy(name, partition) == expected


def test_a_suggestion_is_never_a_policy_that_the_partition_lacks() -> None:
    nearest = nearest_managed_policy("CostOptimizationHubReadOnlyAccess", "aws-cn")
    assert nearest != "CostOptimizationHubReadOnlyAccess"
    assert nearest is None or managed_policy_exists(nearest, "aws-cn")


@pytest.mark.parametrize("name", ["AdministratorAccess", "ReadOnlyAccess", "job-function/Billing", "IAMFullAccess"])
def test_wide_policies_say_why(name: str) -> None:
    broad = broad_managed_policy(name)
    assert broad is not None
    assert broad.name == name
    assert broad.reason.startswith(("it ", "its "))


@pytest.mark.parametrize(
    "name",
    ["job-function/ViewOnlyAccess", "SecurityAudit", "AWSBillingReadOnlyAccess", "AWSCloudTrail_ReadOnlyAccess"],
)
def test_policies_of_the_catalogue_are_not_wide(name: str) -> None:
    assert broad_managed_policy(name) is None


def test_every_policy_with_facts_is_a_real_name() -> None:
    table = load_yaml("managed_policies.yaml")
    assert {*table["partitions"], *table["broad"]} <= set(managed_policy_names())


@pytest.mark.parametrize("name", ["partitions.yaml", "managed_policies.yaml", "managed_policy_names.yaml"])
def test_tables_are_dated_and_name_their_sources(name: str) -> None:
    table = load_yaml(name)
    assert isinstance(table["date"], date)
    assert table.get("sources") or table.get("source")


@pytest.mark.parametrize("section", ["services", "principals"])
def test_entries_name_known_partitions_once(section: str) -> None:
    for name, entry in load_yaml("partitions.yaml")[section].items():
        named = [*entry["exists"], *entry.get("absent", ())]
        assert len(named) == len(set(named)), name
        assert set(named) <= set(PARTITIONS), name


def test_what_some_partition_lacks_is_told_and_nothing_else() -> None:
    limited = limited_services()
    assert {"bedrock", "codeconnections", "ce", "trustedadvisor"} <= set(limited)
    assert all(any(service_exists(one, partition) is False for partition in PARTITIONS) for one in limited)
    assert "s3" not in limited
    assert partition_table_date() == str(load_yaml("partitions.yaml")["date"])
