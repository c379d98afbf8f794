import pytest

from sec_provisioner.iam.operators import Family, Operator, Quantifier, operator_names


def test_every_operator_is_read_in_any_letter_case() -> None:
    names = operator_names()
    assert len(names) == len(set(names)) == 3 * (26 * 2 + 1)
    for name in names:
        assert Operator.parse(name) is not None
        assert Operator.parse(name.upper()) == Operator.parse(name)


def test_prefix_and_suffix_are_taken_off() -> None:
    found = Operator.parse("ForAnyValue:StringNotLikeIfExists")
    assert found is not None
    assert (found.base.name, found.base.family, found.base.negated) == ("StringNotLike", Family.STRING, True)
    assert (found.quantifier, found.if_exists) == (Quantifier.ANY, True)


@pytest.mark.parametrize(
    "name", ["", "Equals", "ForSome:StringLike", ":StringLike", "NullIfExists", "StringLikeIfExist"]
)
def test_what_is_no_operator_is_none(name: str) -> None:
    assert Operator.parse(name) is None


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("NotIpAddress", True),
        ("Bool", False),
    ],
)
def test_an_absent_key_meets_negated_and_optional_operators(name: str, holds: bool) -> None:
    found = Operator.parse(name)
    assert found is not None
    assert found.holds_when_absent is holds
