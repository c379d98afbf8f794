"""Edits by hand to what a stack has made, for tests that make some at random and ask for them back.

    resolved resources of a template -> every edit there is -> a strategy of some that do not get in each other's way

An edit knows what it does to the account and what a comparison has to say about it: these differences, no others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

FOREIGN = "arn:aws:iam::aws:policy/SecurityAudit"
OTHER_FOREIGN = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
ALL = "*"

Found = tuple[str, str, str]
"""Name of the resource, property, kind of difference."""


@dataclass(frozen=True)
class Edit:
    """One edit. `touches` are the (resource, thing) that no other edit beside it may touch."""

    name: str
    found: frozenset[Found]
    touches: frozenset[tuple[str, str]]
    act: Callable[[Any, Any], Any]

    def apply(self, iam: Any, ssm: Any) -> None:
        """Do it, with a client of IAM and one of SSM."""
        self.act(iam, ssm)

    def __repr__(self) -> str:
        return f"<{self.name}>"


def some_edits(resources: Mapping[str, Mapping[str, Any]], most: int = 6) -> st.SearchStrategy[list[Edit]]:
    """Lists of 1 to `most` edits of a template's (resolved) resources that are independent of each other."""
    every = list(all_edits(resources))
    return st.lists(st.sampled_from(every), min_size=1, max_size=most).map(independent)


def independent(edits: Iterable[Edit]) -> list[Edit]:
    """Those that touch nothing that one before them touches."""
    kept: list[Edit] = []
    for edit in edits:
        if not any(_collide(one, other) for before in kept for one in before.touches for other in edit.touches):
            kept.append(edit)
    return kept


def found_by(edits: Iterable[Edit]) -> set[Found]:
    """What a comparison has to find after all of them."""
    return {one for edit in edits for one in edit.found}


def all_edits(resources: Mapping[str, Mapping[str, Any]]) -> Iterator[Edit]:
    """Every edit that this module knows, of every resource."""
    every = {_name(one): one for one in resources.values()}
    for name, one in every.items():
        properties = one["Properties"]
        match one["Type"]:
            case "AWS::IAM::Group":
                yield from _principal_edits("group", name, properties)
                yield _edit("delete group", name, ALL, "", "missing", lambda iam, _, n=name: delete_group(iam, n))
            case "AWS::IAM::Role":
                yield from _principal_edits("role", name, properties)
                yield from _role_edits(name, properties)
            case "AWS::IAM::ManagedPolicy":
                yield from _policy_edits(name, properties, every)
            case "AWS::SSM::Parameter":
                yield from _parameter_edits(name)


def _collide(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or ALL in (one[1], other[1]))


def _name(resource: Mapping[str, Any]) -> str:
    keys = ("GroupName", "RoleName", "ManagedPolicyName", "Name")
    return str(next(resource["Properties"][key] for key in keys if key in resource["Properties"]))


def _edit(  # noqa: PLR0913, PLR0917 - what an edit is made of
    name: str, resource: str, thing: str, found: str, kind: str, act: Callable[..., Any]
) -> Edit:
    return Edit(f"{name} of {resource}", frozenset({(resource, found, kind)}), frozenset({(resource, thing)}), act)


def document(*actions: str) -> str:
    """A policy document that allows some actions on everything."""
    statement = {"Sid": "ByHand", "Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    """A trust policy for a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# --- groups and roles ---------------------------------------------------------------------------------


def _principal_edits(kind: str, name: str, properties: Mapping[str, Any]) -> Iterator[Edit]:
    who = {f"{kind.capitalize()}Name": name}

    def call(operation: str, **more: Any) -> Callable[[Any, Any], Any]:
        return lambda iam, _: getattr(iam, operation)(**who, **more)

    for policy, action in (("more", "sns:Publish"), ("other", "sqs:*")):
        put = call(f"put_{kind}_policy", PolicyName=policy, PolicyDocument=document(action))
        yield _edit(f"add inline {policy}", name, f"inline {policy}", f"Policies[{policy}]", "extra", put)
    for arn in (FOREIGN, OTHER_FOREIGN):
        if arn not in properties["ManagedPolicyArns"]:
            attach = call(f"attach_{kind}_policy", PolicyArn=arn)
            yield _edit(f"attach {arn}", name, arn, "ManagedPolicyArns", "extra", attach)
    for arn in properties["ManagedPolicyArns"]:
        detach = call(f"detach_{kind}_policy", PolicyArn=arn)
        yield _edit(f"detach {arn}", name, arn, "ManagedPolicyArns", "missing", detach)
    for one in properties["Policies"]:
        policy = one["PolicyName"]
        thing, found = f"inline {policy}", f"Policies[{policy}]"
        rewrite = call(f"put_{kind}_policy", PolicyName=policy, PolicyDocument=document("iam:PassRole"))
        yield _edit(f"rewrite inline {policy}", name, thing, found, "changed", rewrite)
        remove = call(f"delete_{kind}_policy", PolicyName=policy)
        yield _edit(f"remove inline {policy}", name, thing, found, "missing", remove)


def _role_edits(name: str, properties: Mapping[str, Any]) -> Iterator[Edit]:
    def call(operation: str, **more: Any) -> Callable[[Any, Any], Any]:
        return lambda iam, _: getattr(iam, operation)(RoleName=name, **more)

    yield _edit(
        "change trust", name, "trust", "AssumeRolePolicyDocument", "changed",
        call("update_assume_role_policy", PolicyDocument=trust("states.amazonaws.com")),
    )  # fmt: skip
    yield _edit(
        "lengthen session", name, "session", "MaxSessionDuration", "changed",
        call("update_role", MaxSessionDuration=properties["MaxSessionDuration"] + 3600),
    )  # fmt: skip
    yield _edit(
        "describe otherwise", name, "description", "Description", "changed",
        call("update_role_description", Description="By hand"),
    )  # fmt: skip
    yield _edit(
        "tag", name, "tag note", "Tags[note]", "extra",
        call("tag_role", Tags=[{"Key": "note", "Value": "by hand"}]),
    )  # fmt: skip
    yield _edit(
        "retag owner", name, "tag owner", "Tags[owner]", "changed",
        call("tag_role", Tags=[{"Key": "owner", "Value": "me"}]),
    )  # fmt: skip
    yield _edit(
        "untag owner", name, "tag owner", "Tags[owner]", "missing", call("untag_role", TagKeys=["owner"])
    )  # fmt: skip
    has_boundary = "PermissionsBoundary" in properties
    yield _edit(
        "put another boundary", name, "boundary", "PermissionsBoundary", "changed" if has_boundary else "extra",
        call("put_role_permissions_boundary", PermissionsBoundary=FOREIGN),
    )  # fmt: skip
    if has_boundary:
        yield _edit(
            "remove boundary", name, "boundary", "PermissionsBoundary", "missing",
            call("delete_role_permissions_boundary"),
        )  # fmt: skip
    yield _edit("delete role", name, ALL, "", "missing", lambda iam, _: delete_role(iam, name))


def delete_group(iam: Any, name: str) -> None:
    """Delete a group and what hangs on it, as the console does."""
    for one in iam.get_group(GroupName=name)["Users"]:
        iam.remove_user_from_group(GroupName=name, UserName=one["UserName"])
    for one in iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"]:
        iam.detach_group_policy(GroupName=name, PolicyArn=one["PolicyArn"])
    for policy in iam.list_group_policies(GroupName=name)["PolicyNames"]:
        iam.delete_group_policy(GroupName=name, PolicyName=policy)
    iam.delete_group(GroupName=name)


def delete_role(iam: Any, name: str) -> None:
    """Delete a role and what hangs on it, as the console does."""
    for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=one["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


# --- managed policies -----------------------------------------------------------------------------------


def _policy_edits(name: str, properties: Mapping[str, Any], every: Mapping[str, Mapping[str, Any]]) -> Iterator[Edit]:
    holders = {
        holder: one["Type"].rpartition("::")[2].lower()
        for holder, one in every.items()
        if any(arn.endswith(f"/{name}") for arn in one["Properties"].get("ManagedPolicyArns", []))
    }

    def widen(iam: Any, _: Any) -> None:
        iam.create_policy_version(PolicyArn=policy_arn(iam, name), PolicyDocument=document("s3:*"), SetAsDefault=True)

    def delete(iam: Any, _: Any) -> None:
        arn = policy_arn(iam, name)
        for holder, kind in holders.items():
            getattr(iam, f"detach_{kind}_policy")(**{f"{kind.capitalize()}Name": holder}, PolicyArn=arn)
        for one in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not one["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=arn, VersionId=one["VersionId"])
        iam.delete_policy(PolicyArn=arn)

    yield _edit("make another version the default", name, "document", "PolicyDocument", "changed", widen)
    yield Edit(
        f"delete policy of {name}",
        frozenset({(name, "", "missing"), *((holder, "ManagedPolicyArns", "missing") for holder in holders)}),
        # It can't be deleted while others hold it: nothing else may be done to them meanwhile.
        frozenset({(name, ALL), *((holder, ALL) for holder in holders)}),
        delete,
    )


def policy_arn(iam: Any, name: str) -> str:
    """The ARN of a customer managed policy."""
    pages = iam.get_paginator("list_policies").paginate(Scope="Local")
    return str(next(one["Arn"] for page in pages for one in page["Policies"] if one["PolicyName"] == name))


# --- parameters -----------------------------------------------------------------------------------------


def _parameter_edits(name: str) -> Iterator[Edit]:
    yield _edit(
        "write", name, "value", "Value", "changed",
        lambda _, ssm: ssm.put_parameter(Name=name, Value="by-hand", Overwrite=True),
    )  # fmt: skip
    yield _edit("delete parameter", name, ALL, "", "missing", lambda _, ssm: ssm.delete_parameter(Name=name))
