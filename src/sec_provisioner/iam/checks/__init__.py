"""What can be wrong with a policy document: one check in each file, all of them listed in `table`, run by `driver`."""

from sec_provisioner.iam.checks.base import Context, PolicyKind
from sec_provisioner.iam.checks.driver import PolicyFinding, check_document

__all__ = ["Context", "PolicyFinding", "PolicyKind", "check_document"]
