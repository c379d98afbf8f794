"""Action -> the class of its result. The shipped JSON Schemas are made from this table, and tests hold it true."""

from __future__ import annotations

from sec_provisioner.report.change_results import DeleteResult, DeployResult, PreviewResult, RestoreResult
from sec_provisioner.report.drift_results import DriftResult
from sec_provisioner.report.results import (
    CheckResult,
    ExportResult,
    InitResult,
    LocalResetResult,
    LocalServeResult,
    OperatorPolicyResult,
    SchemaResult,
    TemplateResult,
)
from sec_provisioner.report.test_stack_results import DeleteTestStacksResult, TestDeployResult

RESULT_TYPES: dict[str, type] = {
    "validate-config": CheckResult,
    "init-config": InitResult,
    "schema": SchemaResult,
    "export-groups": ExportResult,
    "export-roles": ExportResult,
    "export-policies": ExportResult,
    "export-iam-policy": OperatorPolicyResult,
    "create-prov-template": TemplateResult,
    "validate-prov-template": CheckResult,
    "show-changes": PreviewResult,
    "check-drift": DriftResult,
    "deploy": DeployResult,
    "test-deploy": TestDeployResult,
    "delete-stack": DeleteResult,
    "delete-test-stacks": DeleteTestStacksResult,
    "restore-members": RestoreResult,
    "local-serve": LocalServeResult,
    "local-reset": LocalResetResult,
}
