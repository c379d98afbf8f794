"""Every check there is. To add one: a file beside this one, a line here, a case file of its id in the tests."""

from __future__ import annotations

from typing import Any

from sec_provisioner.iam.checks import (
    action_matches_nothing,
    action_without_its_resource,
    condition_key_never_present,
    contradicting_elements,
    cross_account_without_external_id,
    duplicate_sid,
    forbidden_character,
    invalid_condition_value,
    invalid_sid,
    invalid_value,
    invalid_version,
    malformed_action,
    malformed_arn,
    malformed_principal,
    misplaced_element,
    missing_element,
    open_trust,
    pass_role_on_star,
    privilege_escalation,
    resource_no_action_accepts,
    star_on_star,
    trust_action,
    unknown_action,
    unknown_element,
    unknown_operator,
    unknown_variable,
    useless_statement,
    variables_need_version,
    wildcard_in_string_equals,
    wrong_partition,
)
from sec_provisioner.iam.checks.base import Check
from sec_provisioner.iam.document import Document, Statement

# Grammar: over JSON that may be anything.
RAW_CHECKS: tuple[Check[Any], ...] = (
    unknown_element.CHECK,
    missing_element.CHECK,
    misplaced_element.CHECK,
    contradicting_elements.CHECK,
    invalid_value.CHECK,
    invalid_version.CHECK,
    invalid_sid.CHECK,
    forbidden_character.CHECK,
)

# Over each statement that follows the grammar.
STATEMENT_CHECKS: tuple[Check[Statement], ...] = (
    malformed_action.CHECK,
    malformed_arn.CHECK,
    malformed_principal.CHECK,
    trust_action.CHECK,
    unknown_operator.CHECK,
    wrong_partition.CHECK,
    unknown_action.CHECK,
    action_matches_nothing.CHECK,
    resource_no_action_accepts.CHECK,
    action_without_its_resource.CHECK,
    condition_key_never_present.CHECK,
    invalid_condition_value.CHECK,
    unknown_variable.CHECK,
    wildcard_in_string_equals.CHECK,
    star_on_star.CHECK,
    pass_role_on_star.CHECK,
    open_trust.CHECK,
    cross_account_without_external_id.CHECK,
)

# Over the document as a whole.
DOCUMENT_CHECKS: tuple[Check[Document], ...] = (
    duplicate_sid.CHECK,
    variables_need_version.CHECK,
    useless_statement.CHECK,
    privilege_escalation.CHECK,
)

CHECKS: tuple[Check[Any], ...] = (*RAW_CHECKS, *STATEMENT_CHECKS, *DOCUMENT_CHECKS)
