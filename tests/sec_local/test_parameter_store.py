"""Parameter Store: tiers, versions, labels, paths and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.refusals import code_of

if TYPE_CHECKING:
    from support.local_aws import LocalAccount

API = "https://docs.aws.amazon.com/systems-manager/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/systems-manager/latest/userguide"


@pytest.fixture
def ssm(aws: LocalAccount) -> Any:
    return aws.client("ssm")


@pytest.mark.aws(
    f"{GUIDE}/parameter-store-advanced-parameters.html",
    behaviour="the lowest tier that does, and no way back from the advanced one",
)
def test_a_tier_is_chosen_and_kept(ssm: Any) -> None:
    put = {"Type": "String", "Tier": "Intelligent-Tiering"}
    assert ssm.put_parameter(Name="/small", Value="x", **put)["Tier"] == "Standard"
    assert ssm.put_parameter(Name="/big", Value="x" * 4097, **put)["Tier"] == "Advanced"
    code = code_of(ssm.put_parameter, Name="/big", Value="x", Tier="Standard", Overwrite=True)
    assert code == "ValidationException"
    assert ssm.put_parameter(Name="/big", Value="x", Overwrite=True)["Tier"] == "Advanced"


@pytest.mark.aws(f"{GUIDE}/sysman-paramstore-versions.html", behaviour="a hundred versions; a label holds the oldest")
def test_a_hundred_versions_are_kept(ssm: Any) -> None:
    ssm.put_parameter(Name="/v", Value="1", Type="String")
    for number in range(2, 103):
        ssm.put_parameter(Name="/v", Value=str(number), Overwrite=True)
    pages = ssm.get_paginator("get_parameter_history").paginate(Name="/v")
    kept = [one["Version"] for page in pages for one in page["Parameters"]]
    assert (len(kept), kept[0], kept[-1]) == (100, 3, 102)
    ssm.label_parameter_version(Name="/v", ParameterVersion=3, Labels=["keep"])
    code = code_of(ssm.put_parameter, Name="/v", Value="x", Overwrite=True)
    assert code == "ParameterMaxVersionLimitExceeded"


@pytest.mark.aws(f"{API}/API_LabelParameterVersion.html", behaviour="a label is on one version; which are none is said")
@pytest.mark.aws(f"{API}/API_UnlabelParameterVersion.html", behaviour="a label is taken off")
def test_labels_move_and_go(ssm: Any) -> None:
    ssm.put_parameter(Name="/l", Value="1", Type="String")
    ssm.put_parameter(Name="/l", Value="2", Overwrite=True)
    labelled = ssm.label_parameter_version(Name="/l", ParameterVersion=1, Labels=["prod", "1st", "awsome"])
    assert labelled["InvalidLabels"] == ["1st", "awsome"]
    assert ssm.get_parameter(Name="/l:prod")["Parameter"]["Value"] == "1"
    ssm.label_parameter_version(Name="/l", Labels=["prod"])
    assert ssm.get_parameter(Name="/l:prod")["Parameter"]["Value"] == "2"
    removed = ssm.unlabel_parameter_version(Name="/l", ParameterVersion=2, Labels=["prod", "other"])
    assert (removed["RemovedLabels"], removed["InvalidLabels"]) == (["prod"], ["other"])
    assert code_of(ssm.get_parameter, Name="/l:prod") == "ParameterVersionNotFound"
    eleven = [f"label{number}" for number in range(10)]
    ssm.label_parameter_version(Name="/l", ParameterVersion=1, Labels=eleven)
    more = {"Name": "/l", "ParameterVersion": 1, "Labels": ["one-more"]}
    assert code_of(ssm.label_parameter_version, **more) == "ParameterVersionLabelLimitExceeded"


@pytest.mark.aws(f"{API}/API_GetParametersByPath.html", behaviour="one level or all, filtered, ten a page")
def test_a_path_is_read_by_level_and_filter(ssm: Any) -> None:
    for name in ("/a/1", "/a/b/2", "/a/b/c/3", "/ab/4"):
        ssm.put_parameter(Name=name, Value="x", Type="String")
    for number in range(11):
        ssm.put_parameter(Name=f"/a/list{number}", Value="x,y", Type="StringList")

    def names(**call: Any) -> list[str]:
        pages = ssm.get_paginator("get_parameters_by_path").paginate(Path="/a", **call)
        return [one["Name"] for page in pages for one in page["Parameters"]]

    lists = {"Key": "Type", "Values": ["StringList"]}
    assert len(names(ParameterFilters=[lists])) == 11
    assert len(ssm.get_parameters_by_path(Path="/a", ParameterFilters=[lists])["Parameters"]) == 10
    strings = {"Key": "Type", "Values": ["String"]}
    assert names(ParameterFilters=[strings]) == ["/a/1"]
    assert names(ParameterFilters=[strings], Recursive=True) == ["/a/1", "/a/b/2", "/a/b/c/3"]
    assert code_of(ssm.get_parameters_by_path, Path="a") == "ValidationException"
    assert code_of(ssm.get_parameters_by_path, Path="/a", MaxResults=11) == "ValidationException"


@pytest.mark.aws(f"{API}/API_ListTagsForResource.html", behaviour="InvalidResourceId for what is not there")
def test_what_is_not_there_has_no_tags(ssm: Any) -> None:
    missing = {"ResourceType": "Parameter", "ResourceId": "/none"}
    assert code_of(ssm.list_tags_for_resource, **missing) == "InvalidResourceId"
    assert code_of(ssm.add_tags_to_resource, **missing, Tags=[{"Key": "a", "Value": "b"}]) == "InvalidResourceId"


@pytest.mark.aws(f"{API}/API_GetParameters.html", behaviour="ten names at most; what is not there is listed apart")
def test_many_are_read_at_once(ssm: Any) -> None:
    ssm.put_parameter(Name="/a", Value="x", Type="String")
    found = ssm.get_parameters(Names=["/a", "/none"])
    assert ([one["Name"] for one in found["Parameters"]], found["InvalidParameters"]) == (["/a"], ["/none"])
    assert code_of(ssm.get_parameters, Names=[f"/{number}" for number in range(11)]) == "ValidationException"
