"""The tables of failures: whole, used, and the only place where such messages are written."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import sec_provisioner
from sec_provisioner import errors, failures
from sec_provisioner.errors import AwsError, RefusedError, SecError, StackFailedError
from sec_provisioner.failures.base import SO_FAR, Aftermath, FailureClass, placeholders
from sec_provisioner.failures.tables import AREAS

Row = FailureClass[SecError] | Aftermath

# How an aftermath is told.
_TOLD = ("after", "line")
SOURCE = Path(sec_provisioner.__file__).parent
TABLES = Path(failures.__file__).parent
EXCEPTIONS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}


def rows() -> dict[str, Row]:
    """Name in the code -> row, over all modules of the package."""
    modules = [
        importlib.import_module(f"{failures.__name__}.{one.name}") for one in pkgutil.iter_modules([str(TABLES)])
    ]
    found = [(name, one) for module in modules for name, one in vars(module).items()]
    return {name: one for name, one in found if isinstance(one, FailureClass | Aftermath)}


ROWS = rows()
CLASSES = [one for one in ROWS.values() if isinstance(one, FailureClass)]
AFTERMATHS = [one for one in ROWS.values() if isinstance(one, Aftermath)]


@dataclass(frozen=True)
class Site:
    """A call that makes a failure. `row` is None where the row comes out of a table of the file."""

    where: str
    row: str | None
    values: frozenset[str]


def sources() -> dict[Path, ast.Module]:
    found = (one for one in SOURCE.rglob("*.py") if TABLES not in one.parents)
    return {one: ast.parse(one.read_text(encoding="utf-8")) for one in found}


TREES = sources()


def named_in(tree: ast.Module) -> Iterator[str]:
    return (one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id in ROWS)


def sites_in(path: Path, tree: ast.Module) -> Iterator[Site]:
    for one in ast.walk(tree):
        if not isinstance(one, ast.Call):
            continue
        function = one.func.value if isinstance(one.func, ast.Attribute) and one.func.attr in _TOLD else one.func
        values = frozenset(str(each.arg) for each in one.keywords)
        where = f"{path.relative_to(SOURCE)}:{one.lineno}"
        if isinstance(function, ast.Name) and function.id in ROWS:
            yield Site(where, function.id, values)
        elif isinstance(function, ast.Subscript) or function is not one.func or _is_called(function, "failure"):
            yield Site(where, None, values)


def _is_called(function: ast.expr, name: str) -> bool:
    return isinstance(function, ast.Name) and function.id == name


SITES = [site for path, tree in TREES.items() for site in sites_in(path, tree)]


def text_of(one: Row) -> str:
    message = one.message if isinstance(one, FailureClass) else ""
    return " ".join(filter(None, (message, one.state, one.mend)))


# --- the code goes through the tables -----------------------------------------------------------------


def test_every_row_is_used() -> None:
    used = {name for tree in TREES.values() for name in named_in(tree)}
    assert sorted(ROWS.keys() - used) == []


def test_nobody_else_writes_a_message() -> None:
    """An exception of ours is made by a row; a class is only named to be caught, or where rows are kept."""
    made = [
        f"{path.relative_to(SOURCE)}:{one.lineno}"
        for path, tree in TREES.items()
        for one in ast.walk(tree)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in EXCEPTIONS - {"ExitCode"}
    ]
    assert made == []


@pytest.mark.parametrize("site", [one for one in SITES if one.row], ids=lambda one: one.where)
def test_a_site_gives_exactly_the_values_that_its_row_names(site: Site) -> None:
    row = ROWS[str(site.row)]
    # AWS's code goes into the result also where no text has it.
    assert site.values | {"code"} == row.values | {"code"}
    assert "code" in site.values or "code" not in row.values


@pytest.mark.parametrize("path", [one for one in TREES if set(named_in(TREES[one]))], ids=lambda one: one.name)
def test_rows_in_a_table_of_the_code_get_the_values_that_they_name(path: Path) -> None:
    sites = list(sites_in(path, TREES[path]))
    called = Counter(one.row for one in sites)
    named = Counter(named_in(TREES[path]))
    given = [one.values for one in sites if one.row is None]
    for name in (one for one in named if named[one] > called[one] and ROWS[one].values):
        assert any(ROWS[name].values <= values for values in given), name


# --- the tables themselves ----------------------------------------------------------------------------


def test_every_row_stands_on_the_page_once() -> None:
    shown = [one.id for area in AREAS for one in area.classes]
    shown += [one.id for area in AREAS for one in area.aftermaths]
    assert Counter(shown) == Counter(one.id for one in ROWS.values())


def test_ids_are_kebab_case_and_unique() -> None:
    ids = Counter(one.id for one in ROWS.values())
    assert [one for one, count in ids.items() if count > 1] == []
    assert [one for one in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", one)] == []


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.id)
def test_every_failure_says_what_to_do(one: FailureClass[SecError]) -> None:
    """In words of its own; or the mend is worked out, and the page says what it is about."""
    own = re.sub(r"\{\w+\}", "", one.mend)
    assert len(own.split()) > 1 or (list(placeholders(one.mend)) and (one.more or own.strip()))


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.id)
def test_what_can_come_when_something_was_begun_says_what_state_things_are_in(one: FailureClass[SecError]) -> None:
    assert one.state or not issubclass(one.kind, AwsError | StackFailedError | RefusedError)


@pytest.mark.parametrize("one", AFTERMATHS, ids=lambda one: one.id)
def test_an_aftermath_says_what_state_things_are_in(one: Aftermath) -> None:
    assert one.state
    assert one.when.endswith(".")


@pytest.mark.parametrize("one", ROWS.values(), ids=lambda one: one.id)
def test_texts_are_sentences(one: Row) -> None:
    text = text_of(one)
    assert text == " ".join(text.split())
    for part in (one.message if isinstance(one, FailureClass) else "", one.state):
        assert part == "" or part.endswith((".", "}"))
    assert one.more == "" or one.more.endswith(".")


# --- what a row makes ---------------------------------------------------------------------------------

ROW = FailureClass("a-row", AwsError, "It is {what}.", state=SO_FAR, mend="Mend {what}.")


def test_a_row_makes_its_exception() -> None:
    error = ROW(what="{odd}", code="Odd")
    assert type(error) is AwsError
    assert (error.id, error.code) == ("a-row", "Odd")
    assert error.message == str(error) == "It is {odd}. Nothing more was begun."
    assert (error.happened, error.state, error.hint) == ("It is {odd}.", SO_FAR, "Mend {odd}.")


def test_a_value_that_is_missing_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError, match="what"):
        ROW()


def test_an_aftermath_keeps_the_failure_and_replaces_only_the_general_state() -> None:
    first, second = (Aftermath(name, "Then.", state=f"{name} {{n}}.", mend="Go.") for name in ("first", "second"))
    assert first.line(n=1) == "first 1. Go."
    error = second.after(first.after(ROW(what="odd", code="Odd"), n=1), n=2)
    assert type(error) is AwsError
    assert (error.id, error.code) == ("a-row", "Odd")
    assert error.message == "It is odd. first 1. second 2."
    assert error.hint == "Mend odd. Go. Go."
