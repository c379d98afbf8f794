"""Template text -> its value and the place of every part: YAML with CloudFormation's short forms, or JSON.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from sec_provisioner.problem import Location, Problem, Severity

Path = tuple[str | int, ...]

# CloudFormation takes 1 MB; nesting like this is no template but an attack on the reader.
_MAX_BYTES = 1_048_576
_MAX_DEPTH = 100
_SHORT = {"Ref": "Ref", "Condition": "Condition"}


@dataclass(frozen=True)
class TemplateText:
    """`body` is None where the text can't be read; then `problems` says why."""

    file: str
    body: Mapping[str, Any] | None
    places: Mapping[Path, Location]
    problems: tuple[Problem, ...]

    def place(self, path: Path) -> Location | None:
        """Where a part stands; of what is not written, the nearest part around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)


class _UnreadableError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_template(content: bytes, file: str) -> TemplateText:
    """Read a template; whatever the bytes are, the answer is a value or problems."""
    reader = _Reader(file)
    try:
        body = reader.read(content)
    except _UnreadableError as error:
        return TemplateText(file, None, {}, (*reader.problems, error.problem))
    return TemplateText(file, body, reader.places, tuple(reader.problems))


@dataclass
class _Open:
    """A mapping or list that is being read. `tag` makes it a function's argument when it is done."""

    value: dict[str, Any] | list[Any]
    path: Path
    tag: str | None
    key: str | None = None


@dataclass
class _Reader:
    """Reads event by event, so that no nesting exhausts the stack."""

    file: str
    places: dict[Path, Location] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _root: Any = None

    def read(self, content: bytes) -> Mapping[str, Any]:
        if len(content) > _MAX_BYTES:
            raise self._unreadable("file-too-big", f"the file has {len(content):,} bytes; a template at most 1 MiB")
        try:
            for event in self._events(content.decode("utf-8-sig")):
                self._take(event)
        except UnicodeDecodeError:
            raise self._unreadable("not-utf-8", "the file is not UTF-8 text") from None
        except yaml.MarkedYAMLError as error:
            where = self._at(error.problem_mark) if error.problem_mark else None
            raise self._unreadable("yaml-syntax", f"this is not YAML: {error.problem}", where) from None
        except yaml.YAMLError:
            raise self._unreadable("yaml-syntax", "the file holds characters that YAML does not take") from None
        if not isinstance(self._root, dict):
            raise self._unreadable("no-template", "a template is a mapping with Resources")
        return self._root

    def _events(self, text: str) -> Iterator[Any]:
        documents = 0
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._unreadable("second-document", "a template is one document", self._at(event.start_mark))
            yield event

    def _take(self, event: Any) -> None:
        match event:
            case yaml.MappingStartEvent():
                self._begin({}, event)
            case yaml.SequenceStartEvent():
                self._begin([], event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = self._open.pop()
                self._put(_function(done.tag, done.value), done.path)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
                message = "CloudFormation takes no YAML aliases"
                raise self._unreadable("yaml-alias", message, self._at(event.start_mark))

    def _begin(self, value: dict[str, Any] | list[Any], event: Any) -> None:
        where = self._at(event.start_mark)
        if len(self._open) >= _MAX_DEPTH:
            raise self._unreadable("too-deep", f"parts are nested more than {_MAX_DEPTH} deep", where)
        if self._expects_key():
            raise self._unreadable("bad-key", "a key must be text", where)
        self._open.append(_Open(value, self._next_path(where), _tag(event.tag)))

    def _scalar(self, event: Any) -> None:
        where = self._at(event.start_mark)
        if self._expects_key():
            self._key(event.value, where)
            return
        path = self._next_path(where)
        tag = _tag(event.tag)
        value = event.value if tag or not event.implicit[0] else _plain(event.value)
        if tag == "GetAtt":
            value = event.value.split(".", 1)
        self._put(_function(tag, value), path)

    def _key(self, key: str, where: Location) -> None:
        frame = self._open[-1]
        if key in frame.value:
            message = f"the key `{key}` is there twice"
            self.problems.append(Problem("duplicate-key", Severity.ERROR, message, "Keep one of them.", where))
        frame.key = key
        # A mapping's value is found by its key; that of a list item by the item itself.
        self.places[(*frame.path, key)] = where

    def _next_path(self, where: Location) -> Path:
        if not self._open:
            self.places[()] = where
            return ()
        frame = self._open[-1]
        if isinstance(frame.value, list):
            path: Path = (*frame.path, len(frame.value))
            self.places[path] = where
            return path
        return (*frame.path, frame.key or "")

    def _put(self, value: Any, path: Path) -> None:
        if not path:
            self._root = value
            return
        frame = self._open[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
            return
        frame.value[frame.key or ""] = value
        frame.key = None

    def _expects_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _at(self, mark: Any) -> Location:
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _unreadable(self, id_: str, message: str, where: Location | None = None) -> _UnreadableError:
        return _UnreadableError(Problem(id_, Severity.ERROR, message, "", where or Location(self.file, 1, 1)))


def _tag(tag: str | None) -> str | None:
    """`!Sub` -> `Sub`; YAML's own tags (`!!str`) are none."""
    return tag[1:] if tag and tag.startswith("!") and len(tag) > 1 else None


def _function(tag: str | None, value: Any) -> Any:
    return value if tag is None else {_SHORT.get(tag, f"Fn::{tag}"): value}


_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "yes": True, "Yes": True, "on": True, "On": True,
    "false": False, "False": False, "FALSE": False, "no": False, "No": False, "off": False, "Off": False,
}  # fmt: skip


def _plain(text: str) -> Any:
    """A scalar without quotes, as YAML 1.1 reads it; dates stay text, as CloudFormation leaves them."""
    if text in _WORDS:
        return _WORDS[text]
    for kind in (int, float):
        if (text[:1] in "+-.0123456789" and not text.startswith("0")) or text == "0":
            try:
                return kind(text)
            except ValueError:
                continue
    return text
