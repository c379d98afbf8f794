from __future__ import annotations

import botocore.session
import pytest
from botocore.model import StringShape

from sec_provisioner.errors import AwsError
from sec_provisioner.live.change_set import CHANGE_SET_STATUSES
from sec_provisioner.live.events import RESOURCE_STATUSES
from sec_provisioner.live.status import STATUSES, SUCCESS, OnDelete, OnDeploy, status_of

MODEL = botocore.session.Session().get_service_model("cloudformation")


@pytest.mark.parametrize(
    ("shape", "table"),
    [
        ("StackStatus", STATUSES),
        ("ChangeSetStatus", CHANGE_SET_STATUSES),
        ("ResourceStatus", RESOURCE_STATUSES),
    ],
)
def test_the_table_has_every_status_of_the_service_model_and_no_other(shape: str, table: dict[str, object]) -> None:
    found = MODEL.shape_for(shape)
    assert isinstance(found, StringShape)
    assert set(found.enum) == set(table)


def test_an_unknown_status_is_an_error_that_names_it() -> None:
    with pytest.raises(AwsError, match="UPDATE_PAUSED"):
        status_of("UPDATE_PAUSED")


def test_review_in_progress_rests_although_it_ends_like_an_operation() -> None:
    assert not status_of("REVIEW_IN_PROGRESS").is_running


def test_every_other_status_in_progress_runs() -> None:
    running = {name for name, status in STATUSES.items() if status.is_running}
    assert running == {name for name in STATUSES if name.endswith("_IN_PROGRESS")} - {"REVIEW_IN_PROGRESS"}


def test_deploy_waits_exactly_where_delete_waits() -> None:
    assert all((one.on_deploy is OnDeploy.WAIT) == (one.on_delete is OnDelete.WAIT) for one in STATUSES.values())


def test_every_status_that_a_person_must_mend_says_how() -> None:
    stuck = [one for one in STATUSES.values() if one.on_deploy in (OnDeploy.REFUSE, OnDeploy.CONTINUE)]
    assert stuck
    assert all(one.mend for one in stuck)


def test_success_is_a_status_at_rest() -> None:
    assert all(not status_of(name).is_running for name in SUCCESS.values())
