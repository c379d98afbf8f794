"""The role that a run of the tool works as, in the account of the local AWS."""

from __future__ import annotations

import json
from typing import Any

from botocore.session import Session

ROLE = "arn:aws:iam::123456789012:role/operator"


def make_operator(principal: Any, action: str = "sts:AssumeRole") -> None:
    """Make `ROLE`, with a trust policy that lets the principal in."""
    trust = {"Effect": "Allow", "Principal": principal, "Action": action}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    session: Any = Session()
    iam = session.create_client("iam", aws_access_key_id="123456789012", aws_secret_access_key="local")
    iam.create_role(RoleName="operator", AssumeRolePolicyDocument=document)
