"""Rules of form: keys, sentences, names, ARNs, characters, size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from support.level_files import PARTITIONS, LevelFile, case, filled
from support.level_statements import texts

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
        if not all(isinstance(key, str) for key in texts(one)):
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


def arns_are_portable(level: LevelFile) -> Iterator[str]:
    """ARNs begin with the partition's placeholder; account, region and project are placeholders, too."""
    for one in level.statements:
        values = [text for text in texts(one) if text.startswith("arn:")]
        resources = [text for text in one["Resource"] if text != "*"]
        for text in {*values, *resources}:
            if not text.startswith("arn:${AWS::Partition}:") or re.search(r"\d{12}|\b[a-z]{2}(-[a-z]+)+-\d\b", text):
                yield f"{one['Sid']}: {text} is not portable"
        strange = {found[0] for text in texts(one) for found in _PLACEHOLDER.finditer(text)} - _VARIABLES
        yield from (f"{one['Sid']}: {text} is filled in by nobody" for text in strange)


def characters_fit(level: LevelFile) -> Iterator[str]:
    """IAM takes no character above U+00FF in a document."""
    for one in level.statements:
        yield from (f"{one['Sid']}: {text}" for text in texts(one) if re.search(r"[^\t\n\r -ÿ]", text))


def fits_one_policy(level: LevelFile) -> Iterator[str]:
    """The level is one managed policy at the longest names: groups have ten attachments for all their levels."""
    for partition in PARTITIONS:
        document = {"Version": "2012-10-17", "Statement": level.statements}
        size = len(filled(json.dumps(document, separators=(",", ":"), ensure_ascii=False), partition))
        if size > DOCUMENT_LIMIT:
            yield f"{size} characters in {partition}, {DOCUMENT_LIMIT} fit"


def _is_aws_page(url: str) -> bool:
    return url.startswith(("https://docs.aws.amazon.com/", "https://docs.amazonaws.cn/"))
