"""The pages of uploads: the form, the limits, an item and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gpserverless.errors import InvalidParameter
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.mistakes import tell_error
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_date

_MOST_SHOWN = 1_000
"""Characters of a description that are shown again; an upload takes no more."""

_FIELDS = ("file", "itemName")
"""Names under which errors speak of the file of an upload."""


def draw_uploads(subject: Subject, document: Any) -> Page:
    """Return the page of the uploads of a service, with the form of an upload.

    Args:
        subject: The resource.
        document: Its document.
    """
    return _draw_form(subject, {"uploads": document})


def draw_upload_mistake(subject: Subject, error: Exception) -> Page | None:
    """Return the page of the form of an upload with the mistake in it; None for another error.

    Args:
        subject: The operation.
        error: The error.
    """
    if not isinstance(error, InvalidParameter) or error.parameter not in _FIELDS:
        return None
    mistake = replace(tell_error(error), name="file")
    return _draw_form(subject, {"mistake": mistake, "description": _read_description(subject)})


def draw_limits(subject: Subject, document: Any) -> Page:
    """Return the page of the limits of uploads.

    Args:
        subject: The resource.
        document: Its document.
    """
    return Page("upload_limits.html", Text("Limits of uploads"), {"limits": document})


def draw_uploaded(subject: Subject, document: Any) -> Page:
    """Return the page of the answer to an upload: its item, and where its bytes go if that is to come.

    Args:
        subject: The operation.
        document: Its document.
    """
    return _draw_item(subject, document["item"], document.get("upload"))


def draw_item(subject: Subject, document: Any) -> Page:
    """Return the page of an uploaded item.

    Args:
        subject: The resource.
        document: Its document.
    """
    return _draw_item(subject, document, None)


def draw_parts(subject: Subject, document: Any) -> Page:
    """Return the page of the parts of an item.

    Args:
        subject: The resource.
        document: Its document.
    """
    return Page("upload_parts.html", Text("Parts"), {"parts": document["parts"]})


def draw_deleted(subject: Subject, document: Any) -> Page:
    """Return the page that says that an item is gone.

    Args:
        subject: The operation.
        document: Its document.
    """
    path = f"{subject.links.service(subject.name('service'))}/uploads"
    return Page("upload_deleted.html", Text("The file is deleted"), {"path": path})


def _draw_form(subject: Subject, members: Mapping[str, Any]) -> Page:
    path = f"{subject.links.service(subject.name('service'))}/uploads"
    values = {"uploads": None, "mistake": None, "description": "", **members}
    values |= {"path": path, "url": subject.links.url(path)}
    return Page("uploads.html", Text("Uploads"), values, scripts=("form.js",), connections=subject.stores)


def _read_description(subject: Subject) -> str:
    return Parts.of_request(subject.request).get("description")[:_MOST_SHOWN]


def _draw_item(subject: Subject, item: Any, upload: Any) -> Page:
    path = subject.links.item(subject.name("service"), item["itemID"])
    values = {"item": item, "path": path, "date": show_date(item["date"]) or "", "upload": upload}
    return Page("upload_item.html", item["itemName"], values)
