import pytest

from sec_provisioner.iam.arn import Arn, MalformedArnError, is_account_id


def test_what_follows_the_fifth_colon_is_the_resource() -> None:
    arn = Arn.parse("arn:aws:logs:us-west-1:123456789012:log-group:/aws/lambda/x:*")
    assert arn == Arn("aws", "logs", "us-west-1", "123456789012", "log-group:/aws/lambda/x:*")


def test_empty_fields_stay_empty() -> None:
    assert Arn.parse("arn:aws:s3:::bucket/key").fields == ("aws", "s3", "", "", "bucket/key")


def test_a_colon_inside_a_variable_separates_nothing() -> None:
    arn = Arn.parse("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${aws:PrincipalTag/team}")
    assert arn.fields == ("${AWS::Partition}", "iam", "", "${AWS::AccountId}", "role/${aws:PrincipalTag/team}")


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:root",
        "arn:aws:s3:::",
        "arn:${AWS::Partition}:s3:::${a:b}:c",
        "arn:aws:apigateway:us-east-1::/restapis/a:b:c",
    ],
)
def test_an_arn_written_out_is_what_was_read(text: str) -> None:
    assert str(Arn.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not begin with 'arn:'"),
        ("bucket", "does not begin with 'arn:'"),
        ("ARN:aws:s3:::x", "does not begin with 'arn:'"),
        ("arn:aws:s3", "first one missing is the region"),
        ("arn:aws:s3:::".removesuffix(":"), "first one missing is the resource"),
        ("arn", "first one missing is the partition"),
    ],
)
def test_what_is_no_arn_says_why(text: str, said: str) -> None:
    with pytest.raises(MalformedArnError, match=said):
        Arn.parse(text)


def test_an_unclosed_brace_does_not_swallow_colons() -> None:
    assert Arn.parse("arn:aws:s3:::${x:y").resource == "${x:y"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("123456789012", True), ("12345678901", False), ("1234567890123", False), ("१२३४५६७८९०१२", False)],
)
def test_an_account_id_is_twelve_digits(text: str, expected: bool) -> None:
    assert is_account_id(text) is expected
