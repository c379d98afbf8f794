"""Whether a condition keeps strangers out of a statement that names everyone."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_network
from itertools import takewhile
from typing import TYPE_CHECKING

from sec_provisioner.iam.arn import Arn, MalformedArnError, is_account_id, split_fields
from sec_provisioner.iam.operators import Family, Operator, Quantifier
from sec_provisioner.iam.pattern import Pattern
from sec_provisioner.iam.tokens import Wildcard
from sec_provisioner.iam.variables import is_policy_variable

if TYPE_CHECKING:
    from sec_provisioner.iam.document import Condition

# Keys that AWS itself counts when it decides whether a policy is public, and what it asks of their values:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
_ARNS = frozenset({"aws:principalarn", "aws:sourcearn"})
_ACCOUNTS = frozenset({"aws:principalaccount", "aws:sourceaccount"})
_IDS = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
    }
)
_WHO = _ARNS | _ACCOUNTS | _IDS | {"aws:sourceip"}
_UP_TO_ACCOUNT = ("partition", "service", "region", "account")
_WIDEST_IPV4, _WIDEST_IPV6 = 8, 32
# How every id of a kind begins: an organisation, a user, a role, a network, an endpoint.
_KIND_OF_ID = re.compile(r"o-|AIDA|AROA|vpce?-")


def narrows(condition: Condition) -> bool:
    """Whether only known callers meet the condition: a positive operator, a telling key, and no open value."""
    operator = Operator.parse(condition.operator)
    key = condition.key.lower()
    if operator is None or key not in _WHO or not condition.values:
        return False
    return demands_the_key(operator) and all(_is_narrow(key, operator, value) for value in condition.values)


def demands_the_key(operator: Operator) -> bool:
    """Whether a request without the key fails, and one with it is compared: not so for IfExists, ForAllValues, Null."""
    is_test = operator.base.family is not Family.NULL
    return is_test and not operator.holds_when_absent and operator.quantifier is not Quantifier.ALL


def _is_narrow(key: str, operator: Operator, value: str) -> bool:
    if operator.base.family is Family.IP_ADDRESS:
        return _is_few_addresses(value)
    pattern = Pattern.parse(value)
    # `${aws:PrincipalAccount}` is the caller's own, whoever calls.
    if any(is_policy_variable(variable.name) for variable in pattern.variables):
        return False
    if not operator.base.wildcards or not _has_wildcard(value):
        return True
    if key in _ARNS:
        return _names_account(value)
    return key in _IDS and _KIND_OF_ID.sub("", fixed_beginning(value), count=1) != ""


def fixed_beginning(value: str) -> str:
    """What stands before the first wildcard; a placeholder, which is filled in later, counts as fixed."""
    tokens = takewhile(lambda token: not isinstance(token, Wildcard), Pattern.parse(value).tokens)
    return "".join(token if isinstance(token, str) else "x" for token in tokens)


def _has_wildcard(value: str) -> bool:
    return any(isinstance(token, Wildcard) for token in Pattern.parse(value).tokens)


def _names_account(value: str) -> bool:
    """The account decides: any account may have a role of any name. What has none, as a bucket, has a name alone."""
    try:
        arn = Arn.parse(value)
    except MalformedArnError:
        # `arn:aws:iam::123456789012*` lacks a field and is plain enough.
        _, *fields = split_fields(fixed_beginning(value))
        return len(fields) == len(_UP_TO_ACCOUNT) and is_account_id(fields[-1])
    return _is_account(arn.account) or (not arn.account and bool(fixed_beginning(arn.resource)))


def _is_account(text: str) -> bool:
    return bool(text) and not _has_wildcard(text)


def _is_few_addresses(value: str) -> bool:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (_WIDEST_IPV4 if isinstance(network, IPv4Network) else _WIDEST_IPV6)
