"""What is known of a test-deploy as it goes on, and how it is reported."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import deployed, preview_of
from sec_provisioner.actions.drift_entries import drift_entries
from sec_provisioner.actions.on_aws import deployment_of
from sec_provisioner.errors import ExitCode, SecError
from sec_provisioner.lifecycle.plan import Plan
from sec_provisioner.lifecycle.test_stacks import differences_from_production
from sec_provisioner.lifecycle.verify import Executed
from sec_provisioner.report.change_results import BucketEntry
from sec_provisioner.report.change_text import test_deploy_lines
from sec_provisioner.report.progress import Progress
from sec_provisioner.report.test_stack_results import TestDeployResult


@dataclass
class Attempt:
    """What is known of it so far, so that it is reported whatever happens."""

    ctx: Context
    progress: Progress
    plan: Plan
    executed: Executed | None = None
    failure: SecError | None = None
    is_deleted: bool = False

    @property
    def stack(self) -> str:
        """The test stack's name."""
        return self.plan.deployment.stack

    @property
    def delete_command(self) -> str:
        """How whoever runs this would delete the stack."""
        options = self.ctx.options
        words = ["aws", "cloudformation", "delete-stack", "--stack-name", self.stack]
        words += ["--region", self.plan.deployment.names.identity.region]
        words += ["--profile", options.profile] if options.profile else []
        words += ["--endpoint-url", options.endpoint_url] if options.endpoint_url else []
        return shlex.join(words)

    @property
    def remains(self) -> str:
        """What is there after it, for the end of a message."""
        if self.is_deleted:
            return f"The test stack {self.stack} is deleted."
        return f"The test stack {self.stack} remains. To delete it: {self.delete_command}"

    @property
    def result(self) -> TestDeployResult:
        """All of it."""
        preview = preview_of(self.ctx, self.plan)
        if preview.bucket:
            preview = replace(preview, bucket=BucketEntry(preview.bucket.name, self.plan.route.is_missing))
        done = self.executed
        found = drift_entries(self.ctx, done.read_back) if done else ()
        base = deployed(preview, done.ended if done else None, verified=found)
        return TestDeployResult(
            **{name: getattr(base, name) for name in base.__dataclass_fields__},
            suffix=str(self.plan.deployment.names.suffix),
            delete_command=self.delete_command,
            differs_from_production=differences_from_production(deployment_of(self.ctx.built), self.plan),
            deleted=self.is_deleted,
        )

    @property
    def was_begun(self) -> bool:
        """Whether CloudFormation was told to make the stack."""
        return self.plan.temporary is not None and self.plan.temporary.is_handed_over

    def record(self) -> None:
        """Keep it, in case the run ends here."""
        self.ctx.hide(*self.plan.secrets)
        self.ctx.record(self.result, render=test_deploy_lines, problems=self.ctx.checked.problems)

    def finish(self) -> ExitCode:
        """Report how it ended.

        Raises:
            SecError: it did not end well, and it is not the stack that tells why.
        """
        done = self.executed
        if done is not None and not done.is_success:
            mend = "" if done.wrong else "Mend the cause and run test-deploy again. "
            return self._finish(ExitCode.FAILED, done.message, f"{mend}{self.remains}")
        if self.failure:
            self.failure.hint = f"{self.failure.hint} {self.remains}".strip()
            raise self.failure
        return self._finish(ExitCode.OK)

    def _finish(self, code: ExitCode, message: str = "", hint: str = "") -> ExitCode:
        return self.ctx.finish(
            self.result,
            render=test_deploy_lines,
            problems=self.ctx.checked.problems,
            exit_code=code,
            message=message,
            hint=hint,
        )
