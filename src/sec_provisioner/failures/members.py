"""Members of groups, taken out by delete-stack and put back by restore-members, and the deletion around them."""

from __future__ import annotations

from sec_provisioner.errors import AwsError, RefusedError, UsageError
from sec_provisioner.failures.base import Aftermath, Area, FailureClass

# --- the file ---------------------------------------------------------------------------------------

NO_MEMBERS_FILE = FailureClass(
    "no-members-file",
    UsageError,
    "There is no file {path}.",
    mend="delete-stack prints the name of the file it wrote.",
    more="Without `--members-file`, restore-members takes all files of the config's stem in `reports/` that wait.",
)

MEMBERS_NOT_JSON = FailureClass(
    "members-not-json",
    UsageError,
    "{file} is not JSON: {told}.",
    mend="Give a file that delete-stack has written.",
)

NO_MEMBERS_IN_FILE = FailureClass(
    "no-members-in-file",
    UsageError,
    "{file} holds no saved members.",
    mend="Give a file that delete-stack has written.",
)

MEMBERS_FILE_BROKEN = FailureClass(
    "members-file-broken",
    UsageError,
    "{file}: `groups` must give a list of users for each group.",
    mend="Restore the file as it was.",
)

MEMBERS_OF_OTHERS = FailureClass(
    "members-of-others",
    RefusedError,
    "{path} holds members of {stem} in the account {account}, the config is for {own_stem} in {own_account}.",
    state="Nothing was changed.",
    mend="Choose the config that the file belongs to.",
)

# --- putting them back ------------------------------------------------------------------------------

MEMBERS_STAY_OUT = FailureClass(
    "members-stay-out",
    AwsError,
    "{count} could not be put back.",
    state="All others are in their groups; the file stays as it is.",
    mend="Mend what the list names and run again; who is back already stays.",
    more="The list has the reason for each: the user is gone, the group is gone (deploy first), or the user is in as "
    "many groups as IAM allows (10).",
)

MEMBERS_BACK = Aftermath(
    "members-back",
    "delete-stack failed before CloudFormation had taken the request to delete the stack.",
    state="Members put back into their groups: {number}.",
    more="Where the answer to that request was lost, the deletion may have begun all the same: it fails at the first "
    "group with members, and delete-stack goes on from there.",
)

MEMBERS_OUT = Aftermath(
    "members-out",
    "delete-stack failed, and members that it had taken out could not be put back: expired credentials, no network, a "
    "user that is gone.",
    state="Members are still out of their groups: {reason} Their names are saved; restore-members puts them back.",
    more="Until then those users lack what the groups gave them. `restore-members` needs only the config: it finds the "
    "files that wait, in `reports/`. Members of a test stack's groups are named in the log.",
)

DELETION_GOES_ON = Aftermath(
    "deletion-goes-on",
    "AWS, the network or the credentials failed while CloudFormation was deleting the stack.",
    state="CloudFormation goes on by itself.",
    mend="{action} --wait first waits for that, then takes up where this one ended.",
    more="Members stay out of their groups until the deletion has ended; they are in the saved file. If the deletion "
    "fails and their groups remain, `restore-members` puts them back.",
)

STACK_REMAINS = Aftermath(
    "stack-remains",
    "The deletion has failed, and then what remains of the stack could not be read, or members not be put back.",
    state="Before that the deletion failed: {told} Members may still be out of their groups; their names are saved.",
    mend="Then run restore-members, and {action} again.",
)

AREA = Area(
    "Members, and delete-stack",
    "delete-stack writes members to a file in `reports/` before it takes the first one out, and prints the command "
    "that puts them back.",
    (
        NO_MEMBERS_FILE,
        MEMBERS_NOT_JSON,
        NO_MEMBERS_IN_FILE,
        MEMBERS_FILE_BROKEN,
        MEMBERS_OF_OTHERS,
        MEMBERS_STAY_OUT,
    ),
    (MEMBERS_BACK, MEMBERS_OUT, DELETION_GOES_ON, STACK_REMAINS),
)
