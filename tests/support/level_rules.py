"""The rules that every policy level keeps, one function each: a level in, what is wrong with it out.

The reviewed lists that they consult lie in `tests/cases/levels`. Rules speak of Allow statements alone: a Deny in a
level would take away from the other levels of the same group, so `shape` refuses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from support.iam_facts import Action, matching
from support.level_files import LACKING, PARTITIONS, LevelFile, case, filled

Statement = Mapping[str, Any]
Rule = Callable[[LevelFile], Iterable[str]]

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, white space left out
DOCUMENT_LIMIT = 6_144
_KEYS = {
    "service": str,
    "level": int,
    "name": str,
    "full": bool,
    "purpose": str,
    "typical_users": list,
    "can": list,
    "cannot": list,
    "beyond_project": list,
    "passes": list,
    "sources": list,
    "statements": list,
}
_STATEMENT_KEYS = {"Sid", "Effect", "Action", "Resource", "Condition"}
_PLACEHOLDER = re.compile(r"\$\{(?!Project\}|ProjectUnderscored\}|AWS::(?:Partition|AccountId|Region)\})[^}]*\}")
_VARIABLES = {"${aws:username}", "${aws:userid}"}
_OWN = re.compile(r"\$\{(Project|ProjectUnderscored|aws:userid|aws:username)\}")
_PROJECT = re.compile(r"\$\{Project(Underscored)?\}")
_NEGATED = re.compile(r"Not|IfExists$|^ForAllValues:")
_FREE_KEYS = ("s3:listallmybuckets", "s3:getbucketlocation", "s3:createbucket")


def shape(level: LevelFile) -> Iterator[str]:
    """The file has exactly its keys, in their types, with whole sentences, and its statements IAM's."""
    raw = level.raw
    yield from (f"key {key}" for key in _KEYS.keys() ^ raw.keys())
    yield from (f"type of {key}" for key, kind in _KEYS.items() if type(raw.get(key)) is not kind)
    sentences = [raw["purpose"], *raw["can"], *raw["cannot"]]
    yield from (f"not a sentence: {text}" for text in sentences if not re.fullmatch(r"[A-Z].*\.", str(text)))
    yield from (f"beyond_project: {one}" for one in raw["beyond_project"] if one.keys() != {"what", "why"})
    yield from (f"source: {url}" for url in raw["sources"] if not _is_aws_page(url))
    if not (raw["sources"] and raw["typical_users"] and raw["can"] and raw["cannot"]):
        yield "nothing said of sources, typical_users, can or cannot"
    if f"{raw['service']}/level{raw['level']}" != level.name:
        yield f"service and level disagree with the file's name {level.name}"


def statements_are_plain(level: LevelFile) -> Iterator[str]:
    """Statements have unique alphanumeric Sids and allow lists of distinct actions on lists of distinct resources."""
    sids = [one.get("Sid", "") for one in level.statements]
    yield from (f"Sid {sid!r}" for sid in sids if not re.fullmatch(r"[A-Za-z0-9]+", sid) or sids.count(sid) > 1)
    for one in level.statements:
        if one.get("Effect") != "Allow" or not one.keys() <= _STATEMENT_KEYS:
            yield f"{one['Sid']}: not a plain Allow"
        for key in ("Action", "Resource"):
            values = one.get(key)
            if not isinstance(values, list) or not values or len({*values}) < len(values):
                yield f"{one['Sid']}: {key} is no list of distinct texts"
        if not all(isinstance(key, str) for key in _texts(one)):
            yield f"{one['Sid']}: a value or a key is no text"


def named_as_promised(level: LevelFile) -> Iterator[str]:
    """Name, number, the `full` mark and the roles that are handed over are those of the catalogue."""
    names = case("catalogue")["names"][level.raw["service"]]
    number = level.raw["level"]
    if not 1 <= number <= len(names) or names[number - 1] != level.raw["name"]:
        yield f"{level.name} is not called {level.raw['name']}"
    if level.is_full != (level.raw["name"] == "full"):
        yield "full is a mark of the level called so"
    passed = {one["service"]: one["roles"] for one in level.raw["passes"]}
    if passed != case("catalogue")["passes"].get(level.name, {}):
        yield f"passes {passed}"


def actions_exist(level: LevelFile) -> Iterator[str]:
    """Every action pattern matches something in the reference data."""
    for one in level.statements:
        yield from (f"{one['Sid']}: no action {pattern}" for pattern in one["Action"] if not matching(pattern))


def resources_fit(level: LevelFile) -> Iterator[str]:
    """Each resource suits an action of its statement and each action a resource, in every partition."""
    for partition in PARTITIONS:
        if level.raw["service"] in LACKING.get(partition, ()):
            continue
        for one in level.statements:
            resources = [filled(text, partition) for text in one["Resource"]]
            for pattern in one["Action"]:
                if not any(action.accepts(text) for action in matching(pattern) for text in resources):
                    yield f"{one['Sid']}: {pattern} takes none of its resources ({partition})"
            for text in resources:
                if not any(action.accepts(text) for action in _actions(one)):
                    yield f"{one['Sid']}: nothing takes {text} ({partition})"


def arns_are_portable(level: LevelFile) -> Iterator[str]:
    """ARNs begin with the partition's placeholder; account, region and project are placeholders, too."""
    for one in level.statements:
        values = [text for text in _texts(one) if text.startswith("arn:")]
        resources = [text for text in one["Resource"] if text != "*"]
        for text in {*values, *resources}:
            if not text.startswith("arn:${AWS::Partition}:") or re.search(r"\d{12}|\b[a-z]{2}(-[a-z]+)+-\d\b", text):
                yield f"{one['Sid']}: {text} is not portable"
        strange = {found[0] for text in _texts(one) for found in _PLACEHOLDER.finditer(text)} - _VARIABLES
        yield from (f"{one['Sid']}: {text} is filled in by nobody" for text in strange)


def characters_fit(level: LevelFile) -> Iterator[str]:
    """IAM takes no character above U+00FF in a document."""
    for one in level.statements:
        yield from (f"{one['Sid']}: {text}" for text in _texts(one) if re.search(r"[^\t\n\r -ÿ]", text))


def fits_one_policy(level: LevelFile) -> Iterator[str]:
    """The level is one managed policy at the longest names: groups have ten attachments for all their levels."""
    for partition in PARTITIONS:
        document = {"Version": "2012-10-17", "Statement": level.statements}
        size = len(filled(json.dumps(document, separators=(",", ":"), ensure_ascii=False), partition))
        if size > DOCUMENT_LIMIT:
            yield f"{size} characters in {partition}, {DOCUMENT_LIMIT} fit"


def no_bare_wildcard(level: LevelFile) -> Iterator[str]:
    """Below full, no action is `*` or `service:*`; at full, one is."""
    bare = [pattern for one in level.statements for pattern in one["Action"] if re.fullmatch(r"\*|[^:]*:\*+", pattern)]
    if level.is_full and not bare:
        yield "full without a service's `*`"
    if not level.is_full:
        yield from (f"{pattern} below full" for pattern in bare)


def wildcards_only_read(level: LevelFile) -> Iterator[str]:
    """Below full, a wildcard matches only List and Read, and nothing that returns content or acts."""
    kept_out = set(case("not-by-wildcard"))
    for pattern in _patterns_below_full(level):
        if not {"*", "?"} & {*pattern}:
            continue
        for action in matching(pattern):
            if not action.only_reads:
                yield f"{pattern} matches {action.name}, which writes"
            if action.name in kept_out:
                yield f"{pattern} matches {action.name}, which has to be written out"


def conditions_can_hold(level: LevelFile) -> Iterator[str]:
    """A condition key can be in the request of every action that needs it to be, of some where it is ruled out."""
    for one in level.statements:
        for operator, keys in one.get("Condition", {}).items():
            enough = any if _NEGATED.search(operator) else all
            for key in filter(_is_tied_to_action, keys):
                known = {text: any(found.knows_key(key) for found in matching(text)) for text in one["Action"]}
                if not enough(known.values()):
                    unknown = sorted(text for text, is_known in known.items() if not is_known)
                    yield f"{one['Sid']}: {key} is never there for {', '.join(unknown)}"


def stays_in_project(level: LevelFile) -> Iterator[str]:
    """Below full, what is given outside project resources is on the reviewed list, and the level says that it is."""
    if level.is_full:
        return
    for one in level.statements:
        if _is_pinned(one):
            continue
        for resource in one["Resource"]:
            if _PROJECT.search(resource) or resource in case("shared-parents"):
                continue
            yield from (f"{one['Sid']}: {text}" for text in _unreviewed(one, resource))
            if not level.raw["beyond_project"]:
                yield f"{one['Sid']}: {resource} is not in beyond_project"


def project_is_bounded(level: LevelFile) -> Iterator[str]:
    """`${Project}` in a resource ends with a dash or underscore and begins a name: no other project's name fits."""
    for one in level.statements:
        for resource in one["Resource"]:
            for found in _PROJECT.finditer(resource):
                if not re.match(r"-" if not found[1] else "_", resource[found.end() :]):
                    yield f"{one['Sid']}: {resource} also holds longer project names"
                if not re.search(r"[/:]([a-z]+-)*$", resource[: found.start()]):
                    yield f"{one['Sid']}: {resource} also holds names that only contain the project's"


def no_writing_under_others(level: LevelFile) -> Iterator[str]:
    """Below full, nothing is written on `*/${Project}-*`, which lies under anybody's parent, but to one own name."""
    for one in level.statements if not level.is_full else ():
        for resource in one["Resource"]:
            before, _, after = resource.split(":", 5)[-1].partition("${Project")
            if not after or not re.search(r"[*?]", before) or after.endswith("-${aws:username}"):
                continue
            writers = [action for action in _actions(one) if not action.only_reads]
            reached = [action.name for action in writers if action.accepts(filled(resource))]
            yield from (f"{one['Sid']}: {name} on {resource}" for name in reached)


def buckets_are_own(level: LevelFile) -> Iterator[str]:
    """What S3 does with a bucket is done in the own account: bucket names are global."""
    for one in level.statements:
        wanted = one.get("Condition", {}).get("StringEquals", {}).get("s3:ResourceAccount")
        for pattern in one["Action"]:
            if (
                pattern.lower().startswith("s3:")
                and pattern.lower() not in _FREE_KEYS
                and wanted != "${AWS::AccountId}"
            ):
                yield f"{one['Sid']}: {pattern} without s3:ResourceAccount"


def passes_no_role(level: LevelFile) -> Iterator[str]:
    """iam:PassRole is in no level: it follows from `passes` and names the roles."""
    for one in level.statements:
        for pattern in one["Action"]:
            if any(action.name == "iam:PassRole" for action in _matching_anything(pattern)):
                yield f"{one['Sid']}: {pattern} passes roles"


def opens_nothing(level: LevelFile) -> Iterator[str]:
    """Below full, nothing is made public or shared, no resource policy, key, identity or secret is touched."""
    never = {name: why for why, names in case("never-below-full")["actions"].items() for name in names}
    guarded = case("never-below-full")["only_with_condition"]
    for pattern in _patterns_below_full(level):
        for action in matching(pattern):
            if action.name in never:
                yield f"{action.name} {never[action.name]}"
            elif "Permissions management" in action.access_levels and action.name not in guarded:
                yield f"{action.name} manages permissions"
            if _is_of_closed_service(action):
                yield f"{action.name} is of a service that no level below full touches"


def sharp_actions_are_guarded(level: LevelFile) -> Iterator[str]:
    """Below full, actions that open something but for a condition have exactly that condition."""
    guarded = case("never-below-full")["only_with_condition"]
    for one in level.statements if not level.is_full else ():
        for action in _actions(one):
            for operator, keys in guarded.get(action.name, {}).items():
                for key, values in keys.items():
                    if _values(one, operator, key) != {*values}:
                        yield f"{one['Sid']}: {action.name} without {operator} on {key}"


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        shape,
        statements_are_plain,
        named_as_promised,
        actions_exist,
        resources_fit,
        arns_are_portable,
        characters_fit,
        fits_one_policy,
        no_bare_wildcard,
        wildcards_only_read,
        conditions_can_hold,
        stays_in_project,
        project_is_bounded,
        no_writing_under_others,
        buckets_are_own,
        passes_no_role,
        opens_nothing,
        sharp_actions_are_guarded,
    )
}


# --- what the rules share -------------------------------------------------------------------------------


def _is_aws_page(url: str) -> bool:
    return url.startswith(("https://docs.aws.amazon.com/", "https://docs.amazonaws.cn/"))


def _texts(value: Any) -> Iterator[Any]:
    """Every leaf and every key of a value."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield value


def _actions(statement: Statement) -> list[Action]:
    return [action for pattern in statement["Action"] for action in matching(pattern)]


def _matching_anything(pattern: str) -> Iterable[Action]:
    return matching("iam:*") if pattern == "*" else matching(pattern)


def _patterns_below_full(level: LevelFile) -> list[str]:
    return [] if level.is_full else [pattern for one in level.statements for pattern in one["Action"]]


def _values(statement: Statement, operator: str, key: str) -> set[str]:
    """The values of one test of a statement's condition, one text or a list of them; none where it is not there."""
    found = statement.get("Condition", {}).get(operator, {}).get(key, [])
    return {found} if isinstance(found, str) else {*found}


def _is_tied_to_action(key: str) -> bool:
    """Whether only some requests carry a key: a service's own, and the ones of tags."""
    return not key.lower().startswith("aws:") or bool(re.match(r"aws:(requesttag|resourcetag|tagkeys)", key.lower()))


def _is_pinned(statement: Statement) -> bool:
    """Whether a condition that must hold names the project or the caller: a tag, a resource, whose statement it is."""
    tests = statement.get("Condition", {}).items()
    return any(_OWN.search(json.dumps(keys)) for operator, keys in tests if not _NEGATED.search(operator))


def _unreviewed(statement: Statement, resource: str) -> Iterator[str]:
    listed = {name for group in case("beyond-project") if resource in group["resources"] for name in group["actions"]}
    for pattern in statement["Action"]:
        for action in matching(pattern):
            if action.accepts(filled(resource)) and action.name not in listed:
                yield f"{action.name} on {resource} leaves the project"


def _is_of_closed_service(action: Action) -> bool:
    service, _, name = action.name.partition(":")
    closed = case("never-below-full")["services"]
    return service in closed and name not in closed[service]
