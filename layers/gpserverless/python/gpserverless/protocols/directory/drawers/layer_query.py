"""The pages of queries: the form, and the answer as a number, a table or a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.errors import RequestError
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.layer_documents import of_layer, of_service, read_document
from gpserverless.protocols.directory.layer_forms import QUERY, SERVICE_QUERY
from gpserverless.protocols.directory.layer_links import OF_MAPS, LayerLinks
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.request_form import make_form, read_value
from gpserverless.protocols.directory.shown_rows import ShownRows, link_query, show_features
from gpserverless.protocols.directory.shown_table import Table
from gpserverless.protocols.directory.shown_text import show_text

QUERY_TITLE = Text("Query")

_IN_OTHER_COORDINATES = ("outSR", "quantizationParameters", "f")
_START: Mapping[str, str] = {"where": "1=1", "outFields": "*"}
_MOST_IDS = 1_000


def draw_query(subject: Subject, document: Any) -> Page:
    """Return the page of the answer to a query of a layer.

    Args:
        subject: The operation.
        document: Its document.
    """
    return _draw(subject, _show_answer(subject, document))


def draw_query_form(subject: Subject, error: Exception | None = None) -> Page:
    """Return the page of the form of a query.

    Args:
        subject: The operation.
        error: The error of the values; None for a form without values.

    Raises:
        RequestError: There is no such layer.
    """
    return _draw(subject, {}, error, is_new=error is None)


def draw_service_query(subject: Subject, document: Any) -> Page:
    """Return the page of the answer to a query of several layers.

    Args:
        subject: The operation.
        document: Its document.
    """
    shown, counts = [], []
    for each in document["layers"]:
        title = str(each["id"])
        if "features" in each:
            shown.append(show_features(f"layer-{title}", title, each))
        else:
            counts.append((title, each.get("count", len(each.get("objectIds") or ()))))
    return _draw_service(subject, {"shown": shown, "counts": counts})


def draw_service_query_form(subject: Subject, error: Exception | None = None) -> Page:
    """Return the page of the form of a query of several layers.

    Args:
        subject: The operation.
        error: The error of the values; None for a form without values.
    """
    return _draw_service(subject, {}, error)


def _draw_service(subject: Subject, answer: Mapping[str, Any], error: Exception | None = None) -> Page:
    action = f"{LayerLinks(subject.links, of_service(subject)).service}/query"
    form = make_form(action, SERVICE_QUERY, lambda name: read_value(subject.request, name), error)
    values = {"form": form, "answer": answer, "field_names": (), "button": QUERY_TITLE}
    scripts = ("results.js",) if answer.get("shown") else ()
    return Page("layer_query.html", QUERY_TITLE, values, scripts, subject.stores)


def _draw(
    subject: Subject, answer: Mapping[str, Any], error: Exception | None = None, *, is_new: bool = False
) -> Page:
    action = f"{_layer_path(subject)}/query"
    start = _START if is_new else {}
    form = make_form(action, QUERY, lambda name: start.get(name) or read_value(subject.request, name), error)
    values = {
        "form": form,
        "answer": answer,
        "field_names": [each["name"] for each in _describe_layer(subject, is_new=is_new).get("fields", ())],
        "button": QUERY_TITLE,
    }
    scripts = ("results.js",) if answer.get("shown") else ()
    return Page("layer_query.html", QUERY_TITLE, values, scripts, subject.stores)


def _layer_path(subject: Subject) -> str:
    return LayerLinks(subject.links, subject.route.names).layer(subject.name("layer"))


def _describe_layer(subject: Subject, *, is_new: bool) -> Mapping[str, Any]:
    """Return the document of the layer; a form with values is there even without it."""
    resource = "mapLayer" if subject.route.resource in OF_MAPS else "layer"
    try:
        return read_document(subject, resource, of_layer(subject)) or {}
    except RequestError:
        if is_new:
            raise
        return {}


def _show_answer(subject: Subject, document: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if "count" in document:
        answer["count"] = document["count"]
    if "extent" in document:
        answer["extent"] = show_text(document["extent"], "GPExtent") or ""
    if "objectIds" in document:
        ids = document["objectIds"] or ()
        answer |= {"ids": ids[:_MOST_IDS], "id_count": len(ids), "layer_path": _layer_path(subject)}
    if "features" in document:
        answer["shown"] = [_show_rows(subject, document)]
    return answer


def _show_rows(subject: Subject, document: Mapping[str, Any]) -> ShownRows:
    """Return the rows of an answer; scripts read the shapes of a GET again in longitudes and latitudes."""
    title = QUERY_TITLE
    is_feature = bool(document.get("geometryType")) and any(
        each.get("geometry") for each in document["features"]
    )
    if not is_feature:
        return ShownRows("rows", title, Table.of(document))
    if subject.request.method != "GET":
        return show_features("rows", title, document)
    query = subject.request.query
    names = [name for name in query.names if name not in {each.lower() for each in _IN_OTHER_COORDINATES}]
    fields = {name: read_value(subject.request, name) for name in names if name not in ("token", "lang")}
    path = link_query(_layer_path(subject), "geojson", fields)
    return ShownRows("rows", title, Table.of(document), geojson=path)
