"""With one role for each group, the roles have what the groups have otherwise, and the groups take them."""

from __future__ import annotations

from functools import cache

import pytest

from sec_provisioner.exports import group_exports, role_exports
from sec_provisioner.pipeline import Built
from support.configs import built
from support.work import Holder, config_text, holder_of, holders

GROUPS = sorted(key for key, one in holders().items() if one.is_group)


@cache
def config() -> Built:
    text = config_text()
    assert "security_model: groups-only" in text
    return built(text.replace("security_model: groups-only", "security_model: roles-based", 1))


@cache
def roles() -> dict[str, Holder]:
    return {one["key"]: holder_of(one) for one in role_exports(config()).values()}


@cache
def groups() -> dict[str, Holder]:
    return {one["key"]: holder_of(one) for one in group_exports(config()).values()}


@pytest.mark.parametrize("key", GROUPS)
def test_a_group_s_role_has_what_the_group_has_otherwise(key: str) -> None:
    assert roles()[key].work == holders()[key].work


@pytest.mark.parametrize("key", GROUPS)
def test_a_group_itself_takes_its_role_and_keeps_its_own_credentials(key: str) -> None:
    assert groups()[key].work == []
    (taking,) = [one for one in groups()[key].statements if one.get("Sid") == "AssumeRoles"]
    assert f"role/{config().names.role(key)}" in str(taking["Resource"])
