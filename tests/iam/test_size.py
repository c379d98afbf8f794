from sec_provisioner.iam.size import document_size, forbidden_characters


def test_white_space_between_elements_is_not_counted() -> None:
    assert document_size({"Version": "2012-10-17", "Statement": []}) == len('{"Version":"2012-10-17","Statement":[]}')


def test_a_character_outside_ascii_counts_once() -> None:
    assert document_size({"Sid": "é"}) == len('{"Sid":"é"}')


def test_each_forbidden_character_is_named_once() -> None:
    assert forbidden_characters("a \u2013 b \u2013 漢 é\t\n") == ("\u2013", "漢")


def test_the_edges_of_the_character_set_are_where_aws_puts_them() -> None:
    assert forbidden_characters("\t\n\r\u0020\u007f\u00a0\u00ff") == ()
    assert forbidden_characters("\u0008\u000b\u001f\u0100") == ("\u0008", "\u000b", "\u001f", "\u0100")
