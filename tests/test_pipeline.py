"""What is checked on the way, and what a config may accept."""

from __future__ import annotations

import pytest

from sec_provisioner.config.parse import parse_config
from sec_provisioner.pipeline import Checked, check
from sec_provisioner.problem import Problem, Severity
from support.configs import FILE, master

HEAD = """\
tier: {name: startup, version: startup-5}
client: {company_name: Edge, company_prefix: edge, tenant_id: b001, account_id: "123456789012"}
environment: {env: prod, region: us-west-1}
"""


def checked(text: str) -> Checked:
    return check(parse_config(text.encode(), FILE))


def the(problem_id: str, of: Checked) -> Problem:
    (found,) = [one for one in of.problems if one.id == problem_id]
    return found


def too_large(suppressions: str = "") -> str:
    statements = "".join(
        f"""
        - {{Sid: Folder{number}, Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/{"x" * 200}"}}"""
        for number in range(20)
    )
    return f"""{HEAD}{suppressions}
security_profiles:
  startup: {{enabled_groups: [readers]}}
security:
  iam_groups:
    readers:
      description: Read
      statements:{statements}
"""


def test_a_quota_error_names_the_statements_to_shorten_and_their_line() -> None:
    found = the("inline-policies-too-large", checked(too_large()))
    assert "Folder10 (" in found.hint
    assert found.where is not None
    assert found.where.line > 8


def test_a_quota_error_names_what_somebody_wrote_before_what_is_made() -> None:
    short = "".join(
        f"""
        - {{Sid: Tiny{number}, Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/{number}"}}"""
        for number in range(60)
    )
    text = f"""{HEAD}
security_profiles:
  startup: {{enabled_groups: [readers], enabled_assumable_roles: [helper]}}
security:
  assumable_roles:
    helper: {{description: Help, policy_assignments: {{s3: level1}}}}
  iam_groups:
    readers:
      description: Read
      assumable_roles: [helper]
      self_service_credentials: true
      statements:{short}
"""
    found = the("inline-policies-too-large", checked(text))
    assert found.hint.count("Tiny") == 3


def test_a_quota_error_can_not_be_accepted() -> None:
    accepted = "suppressions: [{id: inline-policies-too-large, on: security.iam_groups.readers, reason: we want it}]"
    result = checked(too_large(accepted))
    assert the("inline-policies-too-large", result).suppressed is None
    assert the("unmatched-suppression", result).severity is Severity.WARNING


def test_too_many_attachments_are_named_with_whose_they_are() -> None:
    """Each by what sets it apart from the others."""
    levels = {"s3": 2, "ecr": 2, "pipeline": 2, "sagemaker": 3, "lambda": 3, "bedrock": 3, "cloudwatch": 1, "glue": 2}
    assigned = ", ".join(f"{service}: level{number}" for service, number in levels.items())
    group = f"{{policy_assignments: {{{assigned}}}, managed_policies: [SecurityAudit, job-function/ViewOnlyAccess]}}"
    enabled = "security_profiles: {startup: {enabled_groups: [builders]}}"
    text = f"{HEAD}{enabled}\nsecurity: {{iam_groups: {{builders: {group}}}}}\n"
    quotas = "deployment: {quotas: {group_attached_policies: 9}}\n"
    found = the("too-many-attachments", checked(text + quotas))
    assert "The group edge-prod-b001-group-sta-builders would have 10 attached policies" in found.message
    assert "Drop 1 of bedrock-project-dev, cloudwatch-read-only, ecr-dev-read-write, " in found.hint
    assert "job-function/ViewOnlyAccess" in found.hint


def test_a_role_name_one_too_long_says_which_prefix_fits() -> None:
    fits = checked(master(client__company_prefix="a" * 25))
    assert [one for one in fits.problems if one.id == "name-too-long"] == []
    over = [one for one in checked(master(client__company_prefix="a" * 26)).problems if one.id == "name-too-long"]
    assert over
    assert "company_prefix to 25 characters" in over[0].hint


@pytest.mark.parametrize("test_suffix", [False, True])
def test_the_prefix_that_fits_is_the_same_for_every_name(test_suffix: bool) -> None:
    id_, length, fits = ("name-too-long-for-test", 25, 18) if test_suffix else ("name-too-long", 40, 25)
    hints = [one.hint for one in checked(master(client__company_prefix="a" * length)).problems if one.id == id_]
    assert len(hints) > 1
    assert all(f"company_prefix to {fits} characters" in hint for hint in hints)


def test_a_name_that_only_a_test_stack_makes_too_long_is_no_error() -> None:
    fits = [one.id for one in checked(master(client__company_prefix="a" * 18)).problems]
    assert "name-too-long-for-test" not in fits
    over = checked(master(client__company_prefix="a" * 19)).problems
    assert {one.severity for one in over if one.id == "name-too-long-for-test"} == {Severity.INFO}


def test_a_template_bucket_that_the_tenant_may_write_is_an_error() -> None:
    for bucket in ("edge-prod-b001-templates", "locked-edge-prod-b001-templates"):
        text = master().replace("deployment:\n", f"deployment:\n  template_bucket: {bucket}\n", 1)
        assert the("bucket-in-project", checked(text)).severity is Severity.ERROR


def test_the_wide_policy_of_administrators_is_accepted_with_its_reason() -> None:
    found = the("broad-managed-policy", checked(master()))
    assert found.suppressed == "Administrators of this account have all rights in it."


def test_an_own_statement_s_finding_points_into_it() -> None:
    text = (
        HEAD
        + """
security_profiles:
  startup: {enabled_groups: [readers]}
security:
  iam_groups:
    readers:
      description: Read
      statements:
        - Sid: Read
          Effect: Allow
          Action:
            - s3:GetObject
            - s3:GetObjekt
          Resource: "arn:aws:s3:::bucket/*"
"""
    )
    found = the("unknown-action", checked(text))
    assert found.path == "security.iam_groups.readers.statements[0].Action[1]"
    assert found.where is not None
    assert text.splitlines()[found.where.line - 1].strip() == "- s3:GetObjekt"
    assert "GetObject" in found.hint


def test_what_a_mirror_role_repeats_is_found_once() -> None:
    found = checked(
        f"""{HEAD}
security_profiles:
  startup: {{enabled_groups: [readers], enabled_assumable_roles: [areader]}}
security:
  assumable_roles:
    areader: {{description: The same for an hour, mirrors_group: readers}}
  iam_groups:
    readers:
      description: Read
      assumable_roles: [areader]
      statements:
        - {{Effect: Allow, Action: "iam:PassRole", Resource: "*"}}
"""
    )
    assert the("pass-role-on-star", found).path == "security.iam_groups.readers.statements[0].Action"
