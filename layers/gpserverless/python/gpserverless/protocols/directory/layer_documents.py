"""The documents of other resources of a result service that its pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from gpserverless.http.answer_format import Format
from gpserverless.http.form import Fields
from gpserverless.http.route import Route
from gpserverless.protocols.directory.page import Subject


def read_document(subject: Subject, resource: str, names: Mapping[str, str], **fields: str) -> Any:
    """Return the document of a resource; None if it is too large for a page, or nothing reads it.

    Args:
        subject: The resource that the page is about.
        resource: Kind of the other resource.
        names: The names of its route.
        **fields: The fields of its request.

    Raises:
        RequestError: There is none.
    """
    if subject.site.read is None:
        return None
    values = [(name, value) for name, value in fields.items()]
    request = replace(
        subject.request, query=Fields("", values), form=Fields(""), answer_format=Format(), is_page=True
    )
    response = subject.site.read(request, Route(resource, names))
    return orjson.loads(response.body) if response.is_document else None


def of_service(subject: Subject) -> dict[str, str]:
    """Return the names of the service or map of a resource.

    Args:
        subject: The resource.
    """
    return {key: value for key, value in subject.route.names.items() if key not in ("layer", "feature")}


def of_layer(subject: Subject) -> dict[str, str]:
    """Return the names of the layer of a resource.

    Args:
        subject: The resource.
    """
    return {key: value for key, value in subject.route.names.items() if key != "feature"}
