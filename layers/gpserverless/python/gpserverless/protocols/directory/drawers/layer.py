"""The pages of a layer: itself, and one of its features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.hosted import describe_geometry
from gpserverless.protocols.directory.layer_documents import of_layer, read_document
from gpserverless.protocols.directory.layer_links import OF_MAPS, LayerLinks
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_rows import WHOLE, link_query, show_features, show_layer
from gpserverless.protocols.directory.shown_table import MOST_ROWS
from gpserverless.protocols.directory.shown_text import show_date, show_text
from gpserverless.protocols.directory.swatches import make_swatches, name_fields

_FIELD_TYPES: Mapping[str, Text] = {
    "esriFieldTypeOID": Text("Object id"),
    "esriFieldTypeString": Text("Text"),
    "esriFieldTypeInteger": Text("Whole number"),
    "esriFieldTypeSmallInteger": Text("Whole number"),
    "esriFieldTypeBigInteger": Text("Whole number"),
    "esriFieldTypeDouble": Text("Number"),
    "esriFieldTypeSingle": Text("Number"),
    "esriFieldTypeDate": Text("Date and time"),
    "esriFieldTypeGlobalID": Text("Global id"),
    "esriFieldTypeGUID": Text("Global id"),
}


@dataclass(frozen=True)
class ShownField:
    """A field of a layer.

    Attributes:
        name: Its name.
        alias: Its name for people, "" if it is the same.
        label: Its type for people, "" if there is no word for it.
        type: Its type on the wire.
        length: Most characters of its values; None for no such limit.
    """

    name: str
    alias: str
    label: str
    type: str
    length: int | None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> ShownField:
        """Return a field as pages show it.

        Args:
            document: JSON of the field.
        """
        name, alias, kind = document["name"], document.get("alias") or "", document["type"]
        length = document.get("length")
        return cls(name, "" if alias == name else alias, _FIELD_TYPES.get(kind, ""), kind, length)


def draw_layer(subject: Subject, document: Any) -> Page:
    """Return the page of a layer, with a map and a table of its first features.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    path = places.layer(subject.name("layer"))
    renderer = (document.get("drawingInfo") or {}).get("renderer") or {}
    has_rows = subject.route.resource not in OF_MAPS or bool(subject.name("job"))
    modified = (document.get("editingInfo") or {}).get("lastEditDate")
    values = {
        "layer": document,
        "path": path,
        "geometry": describe_geometry(document),
        "fields": [ShownField.of(each) for each in document["fields"]],
        "extent": show_text(document.get("extent"), "GPExtent") or "",
        "modified": show_date(modified) if modified else "",
        "swatches": make_swatches(renderer),
        "drawn_by": name_fields(renderer),
        "shown": [_show_rows(subject, path, document)] if has_rows else [],
        "samples": list(_list_samples(subject, path, document)) if has_rows else [],
    }
    scripts = ("results.js",) if has_rows else ()
    return Page("layer.html", document["name"], values, scripts, subject.stores)


def draw_feature(subject: Subject, document: Any) -> Page:
    """Return the page of one feature.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    layer = read_document(subject, "layer", of_layer(subject)) or {}
    feature = document["feature"]
    reference = (layer.get("extent") or {}).get("spatialReference") or {}
    value = {
        "geometryType": layer.get("geometryType", ""),
        "spatialReference": reference,
        "fields": layer.get("fields") or (),
        "features": [feature],
        "hasZ": layer.get("hasZ", False),
        "hasM": layer.get("hasM", False),
    }
    number = subject.name("feature")
    title = str((feature.get("attributes") or {}).get(layer.get("displayField", "")) or number)
    rows = show_features("feature", title, value)
    cells = rows.table.rows[0] if rows.table else ()
    values = {
        "number": number,
        "layer_name": layer.get("name", ""),
        "layer_path": places.layer(subject.name("layer")),
        "attributes": list(zip(rows.table.columns if rows.table else (), cells, strict=True)),
        "shown": [rows],
    }
    return Page("feature.html", title, values, ("results.js",), subject.stores)


def _show_rows(subject: Subject, path: str, document: Mapping[str, Any]) -> Any:
    names = of_layer(subject)
    query = "mapLayerQuery" if subject.route.resource in OF_MAPS else "layerQuery"
    rows = read_document(
        subject, query, names, **WHOLE, returnGeometry="false", resultRecordCount=str(MOST_ROWS)
    )
    counted = read_document(subject, query, names, where="1=1", returnCountOnly="true") or {}
    return show_layer(path, document, rows, counted.get("count"))


def _list_samples(subject: Subject, path: str, document: Mapping[str, Any]) -> Any:
    """Yield queries of the layer, each with a word for it."""
    field = next((each["name"] for each in document["fields"] if each["type"] != "esriFieldTypeOID"), "")
    samples = [
        (Text("All features as GeoJSON"), "geojson", dict(WHOLE)),
        (Text("The first ten"), "json", {**WHOLE, "resultRecordCount": "10"}),
        (Text("The number of features"), "json", {"where": "1=1", "returnCountOnly": "true"}),
        (Text("The extent of the features"), "json", {"where": "1=1", "returnExtentOnly": "true"}),
    ]
    if field:
        samples.append((
            Text("Different values of a field"), "json", {"outFields": field, "returnDistinctValues": "true"}
        ))  # fmt: skip
    for text, name, fields in samples:
        is_shape = "returnExtentOnly" in fields or name == "geojson"
        if document.get("geometryType") or not is_shape:
            link = link_query(path, name, fields)
            yield text, link, subject.links.url(link)
