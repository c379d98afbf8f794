"""Test stacks that can't be made, and those that stay."""

from __future__ import annotations

from sec_provisioner.errors import AwsError, RefusedError, StackFailedError
from sec_provisioner.failures.base import Aftermath, Area, FailureClass

# --- making one -------------------------------------------------------------------------------------

TEST_NAMES_TOO_LONG = FailureClass(
    "test-names-too-long",
    RefusedError,
    "With a test stack's suffix it does not fit: {problems}",
    state="Nothing was changed.",
    mend="{mend} deploy is possible all the same.",
)

TEST_STACK_EXISTS = FailureClass(
    "test-stack-exists",
    RefusedError,
    "{stack} is there already.",
    state="Nothing was changed.",
    mend="Delete it: delete-test-stacks.",
)

# --- deleting them ----------------------------------------------------------------------------------

TEST_STACK_IN_USE = FailureClass(
    "test-stack-in-use",
    RefusedError,
    "Somebody may be at work on it: it has a change set ({change_set}).",
    state="It was left as it is.",
    mend="Wait until they are done, then run delete-test-stacks again.",
)

TEST_STACK_OF_OTHERS = FailureClass(
    "test-stack-of-others",
    RefusedError,
    "It has no tag `stem`, so this tool did not make it.",
    state="It was left as it is.",
    mend="Find out who made it; if nobody needs it, delete it in the CloudFormation console.",
)

TEST_STACK_GONE = FailureClass(
    "test-stack-gone",
    RefusedError,
    "It is gone already.",
    state="There is nothing to delete.",
    mend="Run again to see what is left.",
)

TEST_STACK_BLOCKED = FailureClass(
    "test-stack-blocked",
    RefusedError,
    "{blockers}",
    state="It was left as it is.",
    mend="{mends}",
    more="Somebody outside uses something of the test stack, or has given it termination protection.",
)

TEST_STACK_FAILED = FailureClass(
    "test-stack-failed",
    StackFailedError,
    "{cause}.",
    state="The stack {stack} is in {status}: {meaning}",
    mend="Mend the cause and run test-deploy again.",
    more="deploy of the same config would most likely fail in the same way, so this is what the test was for.",
)

TEST_DELETION_FAILED = FailureClass(
    "test-deletion-failed",
    StackFailedError,
    "{cause}.",
    state="The stack {stack} is in {status}: {meaning}",
    mend="Mend the cause and run delete-test-stacks again: it goes on with what is left.",
)

TEST_STACK_NOT_DELETED = FailureClass(
    "test-stack-not-deleted",
    StackFailedError,
    "The test stack could not be deleted: {told}",
    state="What was tested is told by the result.",
    mend="{mend}",
    more="test-deploy --cleanup: the test itself went well, only its stack is still there.",
)

TEST_STACKS_REFUSED = FailureClass(
    "test-stacks-refused",
    RefusedError,
    "{count} still there: {stack}: {told}",
    state="None was deleted.",
    mend="{mend}",
    more="The result lists each one with its reason.",
)

TEST_STACKS_REMAIN = FailureClass(
    "test-stacks-remain",
    AwsError,
    "{count} still there: {stack}: {told}",
    state="The result lists those that were deleted.",
    mend="{mend}",
    more="The result lists each one that is still there, with its reason.",
)

TEST_REMAINS = Aftermath(
    "test-remains",
    "test-deploy did not end well, and its stack is there.",
    state="The test stack {stack} remains.",
    mend="To delete it: {command}",
)

TEST_IS_DELETED = Aftermath(
    "test-is-deleted",
    "test-deploy --cleanup did not end well, and its stack is gone.",
    state="The test stack {stack} is deleted.",
)

AREA = Area(
    "Test stacks",
    "They have names of their own: nothing of production is touched, whatever happens to them.",
    (
        TEST_NAMES_TOO_LONG,
        TEST_STACK_EXISTS,
        TEST_STACK_IN_USE,
        TEST_STACK_OF_OTHERS,
        TEST_STACK_GONE,
        TEST_STACK_BLOCKED,
        TEST_STACK_FAILED,
        TEST_DELETION_FAILED,
        TEST_STACK_NOT_DELETED,
        TEST_STACKS_REFUSED,
        TEST_STACKS_REMAIN,
    ),
    (TEST_REMAINS, TEST_IS_DELETED),
)
