from __future__ import annotations

import time

import pytest

from sec_provisioner.config.builder import MAX_DEPTH, MAX_VALUES
from sec_provisioner.config.document import MAX_BYTES, Document, load_document
from sec_provisioner.problem import Location

TEXT = """\
a:
  b: [x, 'y', {c: z}]
  "d.e": 1
same: &here {f: g}
again: *here
"""


@pytest.fixture(scope="module")
def document() -> Document:
    loaded = load_document(TEXT.encode(), "f.yaml")
    assert loaded.problems == ()
    assert loaded.document is not None
    return loaded.document


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("a", 1, 1),
        ("a.b", 2, 3),
        ("a.b[0]", 2, 7),
        ("a.b[1]", 2, 10),
        ("a.b[2]", 2, 15),
        ("a.b[2].c", 2, 19),
        ('a["d.e"]', 3, 10),
        ("again.f", 4, 17),
    ],
)
def test_every_value_has_its_place(document: Document, path: str, line: int, column: int) -> None:
    assert document.location(path) == Location("f.yaml", line, column)


def test_a_key_has_a_place_of_its_own(document: Document) -> None:
    assert document.key_location('a["d.e"]') == Location("f.yaml", 3, 3)


@pytest.mark.parametrize("path", ["x", "a.b[3]", "a.b.c", "a.b[0].c", "a..b", "a[0]", "]", 'a["d.e]'])
def test_what_is_not_there_has_no_place(document: Document, path: str) -> None:
    assert document.location(path) is None
    assert document.node(path) is None


def test_a_default_stands_at_the_nearest_part_that_the_file_has(document: Document) -> None:
    assert document.nearest_location("a.b[2].nothing.here") == document.location("a.b[2]")
    assert document.nearest_location("nothing.here") == Location("f.yaml", 1, 1)


def test_columns_count_characters_and_no_byte_order_mark() -> None:
    loaded = load_document("\ufeffä: ö\n".encode(), "f.yaml")
    assert loaded.document is not None
    assert loaded.document.location("ä") == Location("f.yaml", 1, 4)


def test_a_file_over_one_mebibyte_is_refused() -> None:
    exact = b"#" * (MAX_BYTES - 5) + b"\na: b"
    assert load_document(exact, "f.yaml").document is not None
    (problem,) = load_document(exact + b"\n", "f.yaml").problems
    assert problem.id == "file-too-big"
    assert "1,048,577" in problem.message


def test_bytes_that_are_not_utf8_are_refused_at_their_place() -> None:
    (problem,) = load_document(b"a: b\nc: \xc3\xa9\xe9\n", "f.yaml").problems
    assert problem.id == "not-utf-8"
    assert problem.where == Location("f.yaml", 2, 5)
    assert "0xe9" in problem.message


def test_utf16_is_refused() -> None:
    (problem,) = load_document("a: b".encode("utf-16"), "f.yaml").problems
    assert problem.id == "not-utf-8"
    assert "UTF-16" in problem.message


def bomb(levels: int) -> bytes:
    """Nine aliases of nine aliases of ...: 9 to the power of `levels` values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines).encode()


def test_an_alias_bomb_is_refused() -> None:
    (problem,) = load_document(bomb(20), "f.yaml").problems
    assert problem.id == "alias-bomb"
    assert load_document(bomb(3), "f.yaml").problems == ()


def test_more_values_than_any_config_has_are_refused() -> None:
    (problem,) = load_document(b"a: [" + b"x," * MAX_VALUES + b"]", "f.yaml").problems
    assert problem.id == "too-many-values"


@pytest.mark.parametrize("opening", [b"[", b"{", b"- ", b"? ", b"[a, ", b"{a: "])
def test_no_nesting_is_too_deep_to_say_so_at_once(opening: bytes) -> None:
    began = time.process_time()
    (problem,) = load_document(opening * 200_000, "f.yaml").problems
    assert problem.id == "too-deep"
    # Milliseconds; a reader that goes to the bottom takes minutes or ends with the stack.
    assert time.process_time() - began < 5


def test_nesting_through_aliases_counts() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MAX_DEPTH + 1)]
    (problem,) = load_document("\n".join(lines).encode(), "f.yaml").problems
    assert problem.id == "too-deep"
