from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sec_provisioner.config import paths

Steps = st.lists(st.one_of(st.text(), st.integers(0, 10_000)), min_size=1)


@given(Steps)
def test_a_path_says_its_steps_whatever_the_keys_are(steps: list[str | int]) -> None:
    path = ""
    for step in steps:
        path = paths.item(path, step) if isinstance(step, int) else paths.child(path, step)
    assert paths.steps(path) == tuple(steps)


@given(Steps, st.text())
def test_the_parent_is_the_path_before_the_last_step(steps: list[str | int], key: str) -> None:
    path = ""
    for step in steps:
        path = paths.item(path, step) if isinstance(step, int) else paths.child(path, step)
    assert paths.parent(paths.child(path, key)) == path
    assert paths.parent(paths.item(path, 7)) == path


def test_paths_read_as_people_write_them() -> None:
    path = paths.item(paths.child(paths.item(paths.child("security", "statements"), 0), "Action"), 1)
    assert path == "security.statements[0].Action[1]"
    assert paths.child("tags", "cost.center") == 'tags["cost.center"]'


def test_a_part_lies_within_itself_and_what_holds_it() -> None:
    assert paths.is_within("a.b", "a.b")
    assert paths.is_within("a.b[0]", "a.b")
    assert paths.is_within("a.b.c", "a.b")
    assert not paths.is_within("a.bc", "a.b")
    assert not paths.is_within("a", "a.b")
