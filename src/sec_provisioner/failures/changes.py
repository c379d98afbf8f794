"""A change set, or the stack's operation, did not go as the preview said."""

from __future__ import annotations

from sec_provisioner.errors import RefusedError, StackFailedError
from sec_provisioner.failures.base import Aftermath, Area, FailureClass

# --- the change set ---------------------------------------------------------------------------------

CHANGE_SET_FAILED = FailureClass(
    "change-set-failed",
    StackFailedError,
    "CloudFormation can't make the change set: {reasons}.",
    state="Nothing was changed.",
    mend="Mend the cause in the config and run again.",
    more="CloudFormation checks the template before it changes anything: a name that exists, a value that a resource "
    "does not take. At most five reasons are shown; the first is usually the cause of the rest.",
)

CHANGE_SET_WITHDRAWN = FailureClass(
    "change-set-withdrawn",
    RefusedError,
    "The change set was deleted while it was being looked at, by another run or by somebody else.",
    state="Nothing was changed.",
    mend="Run again to see what the change would be now.",
    more="Two runs of the same caller on one stack: the later one takes the first one's change set for a leftover.",
)

OVERTAKEN = FailureClass(
    "overtaken",
    RefusedError,
    "The stack or its change set was changed by somebody else since the preview.",
    state="The change was not executed.",
    mend="Run again to see what the change would be now.",
    more="Somebody has deployed, edited the stack, or deleted the change set, while the question stood.",
)

OTHER_TEMPLATE = FailureClass(
    "other-template",
    RefusedError,
    "CloudFormation holds another template than the one that was sent.",
    state="Nothing was executed.",
    mend="Run again; if it stays so, look at the change set in the CloudFormation console.",
)

OTHER_TEMPLATE_IN_BUCKET = FailureClass(
    "other-template-in-bucket",
    RefusedError,
    "CloudFormation holds another template than the one that was sent.",
    state="Nothing was executed.",
    mend="Look at who can write to the bucket {bucket}, then run again.",
    more="Somebody may have replaced the template between its upload and CloudFormation's copy: treat it as an "
    "incident until you know.",
)

CHANGED_BY_STEPS = FailureClass(
    "changed-by-steps",
    RefusedError,
    "After the first steps the change is another one than in the preview.",
    state="It was not executed.",
    mend="Run again to see what it is now.",
    more="Where an earlier failure had to be cleared away, the change is planned again after it. Only the change that "
    "was agreed to is executed.",
)

# --- the operation ----------------------------------------------------------------------------------

STACK_FAILED = FailureClass(
    "stack-failed",
    StackFailedError,
    "{cause}.",
    state="The stack {stack} is in {status}: {meaning}",
    mend="{mend}",
    more="The first failed resource and its reason come first; what fails after it is mostly a consequence. The "
    "[table of statuses](#statuses-of-a-stack) says more about each.",
)

NOT_LIVE = FailureClass(
    "not-live",
    StackFailedError,
    "What is live is still not what the template says: {resources}.",
    state="The stack {stack} is in {status}.",
    mend="The result lists what differs. Somebody may have changed it meanwhile; check-drift reads it again.",
    more="IAM shows a change everywhere only after some seconds, so it was read for about a minute.",
)

# --- what they leave behind -------------------------------------------------------------------------

GOES_ON = Aftermath(
    "cloudformation-goes-on",
    "AWS, the network or the credentials failed while CloudFormation was at work.",
    state="CloudFormation goes on by itself.",
    mend="deploy --wait first waits for CloudFormation to end.",
    more="Nothing is lost: CloudFormation needs neither this machine nor these credentials. Where the request itself "
    "had no answer, it may not have begun at all; the same command tells.",
)

TEST_GOES_ON = Aftermath(
    "cloudformation-goes-on-with-a-test",
    "The same, in test-deploy.",
    state="CloudFormation goes on by itself.",
)

UPDATE_THROUGH = Aftermath(
    "update-through",
    "CloudFormation had ended well; what comes after it failed: setting termination protection, or reading "
    "everything back.",
    state="CloudFormation has done its part.",
    mend="deploy does what is left, check-drift tells whether all of it is live.",
)

STEPS_TAKEN = Aftermath(
    "steps-taken",
    "deploy or test-deploy had to do something before the change set could be made.",
    state="Done before that: {steps}.",
)

STUCK = Aftermath(
    "rollback-stuck",
    "deploy continued the rollback of an update that had failed, and the rollback failed once more.",
    state="Its rollback can't go on over {resource}.",
    mend="If the cause can't be mended, leave that out: "
    "aws cloudformation continue-update-rollback --stack-name {stack} --resources-to-skip {resource}; "
    "the next deploy sets it right.",
    more="What was deleted by hand is left out by deploy itself, and made again. Several resources are named in one "
    "command, with blanks between them.",
)

AREA = Area(
    "Changes and operations of the stack",
    "",
    (
        CHANGE_SET_FAILED,
        CHANGE_SET_WITHDRAWN,
        OVERTAKEN,
        OTHER_TEMPLATE,
        OTHER_TEMPLATE_IN_BUCKET,
        CHANGED_BY_STEPS,
        STACK_FAILED,
        NOT_LIVE,
    ),
    (GOES_ON, TEST_GOES_ON, UPDATE_THROUGH, STEPS_TAKEN, STUCK),
)
