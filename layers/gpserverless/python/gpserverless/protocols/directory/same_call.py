"""The same call in another format: no answer of `execute` is kept, so the task runs once more for it."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.http.credentials import TOKEN
from gpserverless.http.request import Request
from gpserverless.pages.language import FIELD
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.pages import FORM, prepare_call
from gpserverless.protocols.directory.forms.read import list_slots
from gpserverless.protocols.directory.page import Subject

MOST_REPEATED = 500_000
"""Characters of a call that its page repeats for other formats: the page has them all."""

_DROPPED = ("f", TOKEN, FIELD, FORM)
_FEATURES = "GPFeatureRecordSetLayer"
_OF_ALL = {"json": "JSON", "pjson": Text("JSON, indented")}
_OF_FEATURES = {"geojson": "GeoJSON", "kmz": "KMZ", "csv": "CSV"}


@dataclass(frozen=True)
class SameCall:
    """A call as a form without anything to fill in.

    Attributes:
        action: Path of the operation.
        fields: Names and values.
        formats: The texts of the formats that it can be had in, by their names.
    """

    action: str
    fields: list[tuple[str, str]]
    formats: dict[str, str]


def repeat_call(subject: Subject) -> SameCall | None:
    """Return the call of an answer; None if a page must not hold it: it has hidden texts, or is too long.

    Args:
        subject: The operation.
    """
    task, prepared = subject.describe_task(), prepare_call(subject)
    if not isinstance(prepared, Request) or any(slot.is_secret for slot in list_slots(task)):
        return None
    names = dict.fromkeys((*prepared.query.names, *prepared.form.names))
    kept = [name for name in names if name.lower() not in _DROPPED]
    fields = [(name, value) for name in kept for value in prepared.all(name)]
    if sum(len(value) for _, value in fields) > MOST_REPEATED:
        return None
    outputs = [each for each in task["parameters"] if each["direction"].endswith("Output")]
    of_features = sum(each["dataType"] == _FEATURES for each in outputs) == 1
    formats = {**_OF_ALL, **_OF_FEATURES} if of_features else dict(_OF_ALL)
    return SameCall(subject.links.own(subject.request).partition("?")[0], fields, formats)
