from __future__ import annotations

import pytest

from sec_provisioner.live.identity import Caller


@pytest.mark.parametrize(
    ("arn", "principal", "partition"),
    [
        ("arn:aws:iam::123456789012:user/anna", "user/anna", "aws"),
        ("arn:aws:iam::123456789012:user/ops/anna", "user/ops/anna", "aws"),
        ("arn:aws:sts::123456789012:assumed-role/operator/night-7", "assumed-role/operator", "aws"),
        ("arn:aws-cn:iam::123456789012:root", "root", "aws-cn"),
        ("arn:aws:sts::123456789012:federated-user/anna", "federated-user/anna", "aws"),
    ],
)
def test_a_caller_is_known_without_the_name_of_the_session(arn: str, principal: str, partition: str) -> None:
    caller = Caller("123456789012", arn)
    assert (caller.principal, caller.partition) == (principal, partition)
