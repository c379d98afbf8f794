"""What CloudFormation needs to work on one resource: the permissions of the type's published schema, by the change.

The handler of the operation names them; an update reads the resource as well, and tags have permissions of their
own. A permission about a property is needed only where the property changes, and as often as the service is called;
one that `_RULES` does not know is needed always.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-develop.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sec_local.enforcement import tags
from sec_local.enforcement.change import Change
from sec_local.enforcement.context import Context
from sec_local.enforcement.need import Need
from sec_local.enforcement.needs import iam
from sec_local.iam import stores
from sec_local.schemas import schema_of

Calls = Iterable[tuple[str, Context]]
"""Each call that the service will see: on which resource, with which keys."""

_HANDLERS = {"create": ("create",), "update": ("update", "read"), "delete": ("delete",), "read": ("read",)}
_BOUNDARY = "iam:PermissionsBoundary"
_OF_BOUNDARIES = frozenset(
    f"iam:{verb}{kind}PermissionsBoundary" for verb in ("Put", "Delete") for kind in ("Role", "User")
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_VERSIONS_LIMIT = 5


def needs_of(change: Change) -> list[Need]:
    """The permissions of one operation, in the order in which the schema names them."""
    return [
        Need(permission, resource, _held(change, permission, resource) | keys)
        for permission in _permissions(change)
        for resource, keys in _calls(permission, change)
    ]


def _permissions(change: Change) -> list[str]:
    schema = schema_of(change.type) or {}
    handlers = schema.get("handlers") or {}
    named = [one for name in _HANDLERS[change.action] for one in handlers.get(name, {}).get("permissions", [])]
    of_tags = (schema.get("tagging") or {}).get("permissions", [])
    if change.action in ("create", "update") and (change.written_tags or change.dropped_tags):
        named += of_tags
    if change.action == "read" and change.is_stated("Tags"):
        named += [one for one in of_tags if ":List" in one]
    return list(dict.fromkeys(named))


def _calls(permission: str, change: Change) -> Calls:
    rule = _RULES.get(permission)
    if rule is not None:
        return rule(change)
    if change.type == "AWS::S3::Bucket":
        return _of_bucket(permission, change)
    return [(change.arn, Context())]


# --- rules ------------------------------------------------------------------------------------------


def _if_differs(*names: str) -> Callable[[Change], Calls]:
    return lambda change: [(change.arn, Context())] if change.differs(*names) else []


def _attaching(kind: str, verb: str, change: Change) -> Calls:
    """By a principal's list of policies, or by a policy's list of principals."""
    gained = verb == "Attach"
    if change.type == "AWS::IAM::ManagedPolicy":
        names = change.added(f"{kind}s") if gained else change.removed(f"{kind}s")
        return [(_principal(kind, name, change.arn), _policy(change.arn)) for name in names]
    if change.kind != kind:
        return []
    arns = change.added("ManagedPolicyArns") if gained else change.removed("ManagedPolicyArns")
    return [(change.arn, _policy(arn)) for arn in arns]


def _policy(arn: str) -> Context:
    return Context({"iam:PolicyARN": arn})


def _principal(kind: str, name: str, sibling: str) -> str:
    record = stores.store(kind).get(name)
    account = sibling.split(":")[4]
    return str(record["Arn"]) if record else f"arn:aws:iam::{account}:{kind.lower()}/{name}"


def _membership(verb: str, change: Change) -> Calls:
    names = change.added("Groups") if verb == "Add" else change.removed("Groups")
    return [(_principal("Group", name, change.arn), Context()) for name in names]


def _creating(change: Change) -> Calls:
    return [(change.arn, tags.request_tags(change.written_tags))]


def _bounding(change: Change) -> Calls:
    boundary = change.new.get("PermissionsBoundary")
    is_put = change.action == "update" and boundary and change.differs("PermissionsBoundary")
    return [(change.arn, Context({_BOUNDARY: boundary}))] if is_put else []


def _unbounding(change: Change) -> Calls:
    is_gone = change.action == "update" and change.old.get("PermissionsBoundary")
    return [(change.arn, Context())] if is_gone and not change.new.get("PermissionsBoundary") else []


def _tagging(change: Change) -> Calls:
    written = change.written_tags
    return [(change.arn, tags.request_tags(written))] if written else []


def _untagging(change: Change) -> Calls:
    dropped = change.dropped_tags
    return [(change.arn, tags.removed_tags(dropped))] if dropped else []


def _writing_policies(change: Change) -> Calls:
    document = change.type.endswith(("GroupPolicy", "RolePolicy", "UserPolicy")) and change.differs("PolicyDocument")
    return [(change.arn, Context())] if change.written_policies or document else []


def _dropping_policies(change: Change) -> Calls:
    whole = change.type.endswith(("GroupPolicy", "RolePolicy", "UserPolicy")) and change.action == "delete"
    return [(change.arn, Context())] if change.dropped_policies or whole else []


def _reading_policies(change: Change) -> Calls:
    single = change.type.endswith(("GroupPolicy", "RolePolicy", "UserPolicy"))
    return [(change.arn, Context())] if single or change.is_stated("Policies") else []


def _removing_versions(change: Change) -> Calls:
    """An update makes room where five are stored; a deletion takes all but the default one first."""
    held = len((stores.policy(change.arn) or {}).get("Versions", {}))
    is_full = change.differs("PolicyDocument") and held >= _VERSIONS_LIMIT
    return [(change.arn, Context())] if (is_full if change.action == "update" else held > 1) else []


def _putting_parameter(change: Change) -> Calls:
    names = {*change.old, *change.new} - {"Tags"}
    return [(change.arn, Context())] if change.differs(*sorted(names)) else []


def _passing_roles(change: Change) -> Calls:
    """Roles that a property names by ARN; an instance profile's by their names, for its machines.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    if change.type == "AWS::IAM::InstanceProfile":
        passed = Context({"iam:PassedToService": "ec2.amazonaws.com"})
        return [(_principal("Role", name, change.arn), passed) for name in change.added("Roles")]
    service = f"{change.type.split('::')[1].lower()}.amazonaws.com"
    roles = [one for name, value in change.new.items() if change.differs(name) for one in _roles_in(value)]
    return [(role, Context({"iam:PassedToService": service})) for role in roles]


def _roles_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("arn:") and ":role/" in value:
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _roles_in(inner)


_KINDS = ("Group", "Role", "User")
_RULES: dict[str, Callable[[Change], Calls]] = {
    **{f"iam:{verb}{kind}Policy": partial(_attaching, kind, verb) for verb in ("Attach", "Detach") for kind in _KINDS},
    **{f"iam:Put{kind}Policy": _writing_policies for kind in _KINDS},
    **{f"iam:Delete{kind}Policy": _dropping_policies for kind in _KINDS},
    **{f"iam:Get{kind}Policy": _reading_policies for kind in _KINDS},
    **{f"iam:Create{kind}": _creating for kind in ("Role", "User")},
    **{f"iam:Tag{kind}": _tagging for kind in ("Role", "User")},
    **{f"iam:Untag{kind}": _untagging for kind in ("Role", "User")},
    **{f"iam:Put{kind}PermissionsBoundary": _bounding for kind in ("Role", "User")},
    **{f"iam:Delete{kind}PermissionsBoundary": _unbounding for kind in ("Role", "User")},
    "iam:UpdateAssumeRolePolicy": _if_differs("AssumeRolePolicyDocument"),
    "iam:UpdateRole": _if_differs("Description", "MaxSessionDuration"),
    "iam:UpdateRoleDescription": _if_differs("Description"),
    "iam:UpdateGroup": _if_differs("Path", "GroupName"),
    "iam:UpdateUser": _if_differs("Path", "UserName"),
    "iam:AddUserToGroup": partial(_membership, "Add"),
    "iam:RemoveUserFromGroup": partial(_membership, "Remove"),
    **{f"iam:{verb}LoginProfile": _if_differs("LoginProfile") for verb in ("Create", "Update", "Delete", "Get")},
    "iam:CreatePolicyVersion": _if_differs("PolicyDocument"),
    "iam:DeletePolicyVersion": _removing_versions,
    "iam:PassRole": _passing_roles,
    "ssm:PutParameter": _putting_parameter,
    "ssm:AddTagsToResource": _tagging,
    "ssm:RemoveTagsFromResource": _untagging,
}

_OF_BUCKETS = {
    "s3:PutEncryptionConfiguration": "BucketEncryption",
    "s3:PutBucketVersioning": "VersioningConfiguration",
    "s3:PutBucketPublicAccessBlock": "PublicAccessBlockConfiguration",
    "s3:PutBucketOwnershipControls": "OwnershipControls",
    "s3:PutLifecycleConfiguration": "LifecycleConfiguration",
    "s3:PutBucketLogging": "LoggingConfiguration",
    "s3:PutBucketNotification": "NotificationConfiguration",
    "s3:PutBucketCORS": "CorsConfiguration",
    "s3:PutBucketWebsite": "WebsiteConfiguration",
    "s3:PutBucketTagging": "Tags",
}
_ALWAYS_OF_BUCKETS = ("s3:CreateBucket", "s3:DeleteBucket")


def _of_bucket(permission: str, change: Change) -> Calls:
    """A bucket's schema names what every one of its properties may need."""
    stated = permission in _OF_BUCKETS and change.differs(_OF_BUCKETS[permission])
    return [(change.arn, Context())] if stated or permission in _ALWAYS_OF_BUCKETS else []


def _held(change: Change, permission: str, resource: str) -> Context:
    """The keys that follow from what the resource has when it is asked: its boundary, which is set first, and tags."""
    if not permission.startswith("iam:"):
        return Context()
    held = iam.keys_of_record(resource)
    is_set_first = change.action == "create" or change.differs("PermissionsBoundary")
    if resource != change.arn or change.action == "delete" or not is_set_first or permission in _OF_BOUNDARIES:
        return held
    return held.where(lambda key: key != _BOUNDARY.lower()) | Context(
        {_BOUNDARY: change.new.get("PermissionsBoundary")}
    )
