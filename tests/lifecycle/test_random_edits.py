"""Edits by hand, made at random, are found: all of them, and nothing that nobody did."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sec_provisioner.lifecycle.drift import check_drift
from support.console_edits import all_edits, found_by, some_edits
from support.small_stack import client, deploy, deployment_from, run_here, small_config

BOUNDARY = "permissions_boundary: 'arn:aws:iam::aws:policy/PowerUserAccess'"
ANY_ACCOUNT = "123456789012"


def config(account_id: str) -> str:
    return small_config(account_id, deployment=BOUNDARY)


RESOURCES = deployment_from(config(ANY_ACCOUNT)).resolved()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_edits_are_found_and_nothing_else(
    data: st.DataObject, local_aws: Any, accounts: itertools.count[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = str(next(accounts))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", account_id)
    deployment = deployment_from(config(account_id))
    deploy(deployment)
    edits = data.draw(some_edits(deployment.resolved()))
    iam, ssm = client("iam"), client("ssm")
    for edit in edits:
        edit.apply(iam, ssm)
    found = check_drift(run_here(), deployment.names).resources
    told = {(one.name, each.property, each.kind) for one in found for each in one.differences}
    assert told == found_by(edits)


def test_the_edits_reach_every_property_that_a_template_states() -> None:
    touched = {found.partition("[")[0] for one in all_edits(RESOURCES) for _, found, _ in one.found}
    stated = {key for one in RESOURCES.values() for key in one["Properties"]}
    # Names and paths can't be edited in place, but for those of groups; a parameter's type neither.
    assert stated - touched == {"GroupName", "RoleName", "ManagedPolicyName", "Name", "Path", "Type"}
