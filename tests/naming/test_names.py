"""Names as the naming convention has them."""

from __future__ import annotations

import pytest

from sec_provisioner.naming import Identity, Names

IDENTITY = Identity("edge", "prod", "b001", "us-west-1", "medium", "123456789012")


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (lambda names: names.project, "edge-prod-b001"),
        (lambda names: names.stem, "edge-prod-b001-us-west-1-medium-sec"),
        (lambda names: names.config_file, "edge-prod-b001-us-west-1-sec.yaml"),
        (lambda names: names.stack, "edge-prod-b001-us-west-1-medium-sec-stack"),
        (lambda names: names.group("data_scientists"), "edge-prod-b001-group-med-data-scientists"),
        (lambda names: names.policy("s3", "read-only"), "edge-prod-b001-policy-med-s3-read-only"),
        (lambda names: names.policy("s3", "full", 2), "edge-prod-b001-policy-med-s3-full-2"),
        (lambda names: names.parameter("group", "qa_x"), "/security/edge-prod-b001-us-west-1-medium-sec/group-qa-x"),
        (lambda names: names.default_bucket, "sec-templates-123456789012-us-west-1"),
        (lambda names: names.resource_scope, "edge-prod-b001"),
    ],
)
def test_a_production_name(got: object, expected: str) -> None:
    assert callable(got)
    assert got(Names(IDENTITY)) == expected


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (lambda names: names.stem, "edge-prod-b001-us-west-1-medium-sec"),
        (lambda names: names.stack, "edge-prod-b001-us-west-1-medium-sec-test-abc123-stack"),
        (lambda names: names.role("aml_engineer"), "edge-prod-b001-role-med-aml-engineer-abc123"),
        (lambda names: names.parameter_path, "/security/edge-prod-b001-us-west-1-medium-sec-test-abc123/"),
        (lambda names: names.resource_scope, "edge-prod-b001-test-abc123"),
    ],
)
def test_a_test_stack_s_name(got: object, expected: str) -> None:
    assert callable(got)
    assert got(Names(IDENTITY, "abc123")) == expected


def test_the_name_of_a_test_stack_tells_its_suffix_and_no_other_name_does() -> None:
    names = Names(IDENTITY)
    assert names.suffix_in(Names(IDENTITY, "abc123").stack) == "abc123"
    stem = names.stem
    for other in (names.stack, f"{stem}-test-abc12-stack", f"{stem}-test-ABC123-stack", f"x{stem}-test-abc123-stack"):
        assert names.suffix_in(other) is None
