"""What is known of a test-deploy as it goes on, and how it is reported."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.change_entries import deployed, preview_of
from sec_provisioner.actions.drift_entries import drift_entries
from sec_provisioner.actions.on_aws import deployment_of
from sec_provisioner.errors import ExitCode, SecError
from sec_provisioner.failures.test_stacks import TEST_IS_DELETED, TEST_REMAINS, TEST_STACK_FAILED
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
        """Report how it ended."""
        failure = self._failure
        return self.ctx.finish(
            self.result,
            render=test_deploy_lines,
            problems=self.ctx.checked.problems,
            failure=self._with_remains(failure) if failure else None,
        )

    @property
    def _failure(self) -> SecError | None:
        """Why it did not end well: the stack itself first, then what came after it."""
        done = self.executed
        if done is None or done.is_success:
            return self.failure
        if done.ended.is_success:
            return done.failure
        ended = done.ended
        return TEST_STACK_FAILED(
            cause=ended.cause, stack=ended.stack, status=ended.status_name, meaning=ended.status.state
        )

    def _with_remains(self, failure: SecError) -> SecError:
        """The failure, and whether the stack is still there."""
        if self.is_deleted:
            return TEST_IS_DELETED.after(failure, stack=self.stack)
        return TEST_REMAINS.after(failure, stack=self.stack, command=self.delete_command)
