"""The times of placemarks, edited to full dates and times."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree.ElementTree import Element

from gpserverless.formats.files.kml_edit import KmlEdit

_PLACES = ("TimeStamp/when", "TimeSpan/begin", "TimeSpan/end")
_FULL = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_PART = re.compile(r"\d{4}(-\d\d)?", re.ASCII)


def edit_times(mark: Element, edit: KmlEdit) -> None:
    """Edit the times of a placemark: a year or a month is its first day; another text is dropped.

    Args:
        mark: The placemark.
        edit: The course of the edit.
    """
    for place in _PLACES:
        element = mark.find(place)
        text = "" if element is None else (element.text or "").strip()
        if element is None or not text:
            continue
        full = _complete(text)
        if full is None:
            edit.lose("time cannot be read; it is null.", "times cannot be read; they are null.")
        if full != text:
            element.text, edit.changed = full, True


def _complete(text: str) -> str | None:
    """Return a date and time of ISO 8601 in full, None if it is none."""
    whole = text + "-01-01"[len(text) - 4 :] if _PART.fullmatch(text) else text
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        return None
    return text if _FULL.fullmatch(text) else moment.isoformat()
