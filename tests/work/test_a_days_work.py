"""What people and services do in a day, and what they must not be able to do, by an independent evaluator.

The cases are in `tests/cases/work`, one file for each group and role.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from sec_provisioner.security import Role
from support.iam_simulate import Decision, simulate
from support.work import Case, cases, holders, request_of

FEWEST_CASES = 15


@cache
def decisions() -> dict[Case, Decision]:
    documents = {key: list(one.documents) for key, one in holders().items()}
    asked = [request_of(case) for case in cases()]
    return dict(zip(cases(), simulate(documents, asked), strict=True))
