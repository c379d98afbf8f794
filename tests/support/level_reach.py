"""Rules of reach: what a level gives is the project's, but for what was reviewed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from support.iam_facts import matching
from support.level_files import LevelFile, case, filled
from support.level_statements import NEED_NOT_HOLD, PROJECT, Statement, granted, texts

_OWN = re.compile(r"\$\{(Project|ProjectUnderscored|aws:userid|aws:username)\}")
_WITHOUT_ACCOUNT = ("s3:listallmybuckets", "s3:getbucketlocation", "s3:createbucket")


def stays_in_project(level: LevelFile) -> Iterator[str]:
    """Below full, what is given outside project resources is on the reviewed list, and the level says that it is."""
    if level.is_full:
        return
    for one in level.statements:
        if _is_pinned(one):
            continue
        for resource in one["Resource"]:
            if PROJECT.search(resource) or resource in case("shared-parents"):
                continue
            yield from (f"{one['Sid']}: {text}" for text in _unreviewed(one, resource))
            if not level.raw["beyond_project"]:
                yield f"{one['Sid']}: {resource} is not in beyond_project"


def project_is_bounded(level: LevelFile) -> Iterator[str]:
    """`${Project}` ends with a dash or underscore where something may follow, and in a resource begins a name.

    So no other project's name fits.
    """
    for one in level.statements:
        for resource in one["Resource"]:
            for found in PROJECT.finditer(resource):
                if not re.match(r"-" if not found[1] else "_", resource[found.end() :]):
                    yield f"{one['Sid']}: {resource} also holds longer project names"
                if not re.search(r"[/:]([a-z]+-)*$", resource[: found.start()]):
                    yield f"{one['Sid']}: {resource} also holds names that only contain the project's"
        for value in texts(one.get("Condition", {})):
            if re.search(r"\$\{Project(Underscored)?\}[*?]", value):
                yield f"{one['Sid']}: {value} also holds longer project names"


def no_writing_under_others(level: LevelFile) -> Iterator[str]:
    """Below full, nothing is written on `*/${Project}-*`, which lies under anybody's parent, but to one own name."""
    for one in level.statements if not level.is_full else ():
        for resource in one["Resource"]:
            before, _, after = resource.split(":", 5)[-1].partition("${Project")
            if not after or not re.search(r"[*?]", before) or after.endswith("-${aws:username}"):
                continue
            writers = [action for action in granted(one) if not action.only_reads]
            reached = [action.name for action in writers if action.accepts(filled(resource))]
            yield from (f"{one['Sid']}: {name} on {resource}" for name in reached)


def buckets_are_own(level: LevelFile) -> Iterator[str]:
    """What S3 does with a bucket is done in the own account: bucket names are global."""
    for one in level.statements:
        wanted = one.get("Condition", {}).get("StringEquals", {}).get("s3:ResourceAccount")
        for pattern in one["Action"]:
            if (
                pattern.lower().startswith("s3:")
                and pattern.lower() not in _WITHOUT_ACCOUNT
                and wanted != "${AWS::AccountId}"
            ):
                yield f"{one['Sid']}: {pattern} without s3:ResourceAccount"


def _is_pinned(statement: Statement) -> bool:
    """Whether a condition that must hold names the project or the caller: a tag, a resource, whose statement it is."""
    tests = statement.get("Condition", {}).items()
    return any(_OWN.search(json.dumps(keys)) for operator, keys in tests if not NEED_NOT_HOLD.search(operator))


def _unreviewed(statement: Statement, resource: str) -> Iterator[str]:
    listed = {name for group in case("beyond-project") if resource in group["resources"] for name in group["actions"]}
    for pattern in statement["Action"]:
        for action in matching(pattern):
            if action.accepts(filled(resource)) and action.name not in listed:
                yield f"{action.name} on {resource} leaves the project"
