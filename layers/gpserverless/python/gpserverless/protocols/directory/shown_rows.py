"""Rows of a layer as a page shows them: a table of the first ones, and places from which scripts read all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gpserverless.protocols.directory.shown_table import Table
from gpserverless.protocols.directory.wgs84 import MapFeatures, NotOnMap

WHOLE: Mapping[str, str] = {"where": "1=1", "outFields": "*"}
"""The query of all rows, of which a layer sends as many as it sends at once."""


@dataclass(frozen=True)
class ShownRows:
    """Rows of a layer.

    Attributes:
        name: A name for its elements.
        title: Its name for people.
        table: The first rows; None if they are not at hand.
        geojson: Where scripts read the features; "" if they are in the page, or have no shapes.
        json: Where scripts read the rows without shapes, "" for nowhere.
        features: The features on WGS 84 in the page; None if they are not there.
        note: A sentence about them, "" for none.
        layer: Path of the layer that has them, which says how they are drawn; "" for none.
    """

    name: str
    title: str
    table: Table | None = None
    geojson: str = ""
    json: str = ""
    features: MapFeatures | None = None
    note: str = ""
    layer: str = ""

    @property
    def kind(self) -> str:
        """Whether they have shapes: "features" or "table"."""
        return "features" if self.geojson or self.features else "table"

    @property
    def columns(self) -> list[dict[str, str]]:
        """The columns of its table for scripts."""
        return [column.to_document() for column in self.table.columns] if self.table else []


def link_query(layer: str, format_name: str, fields: Mapping[str, str]) -> str:
    """Return the path of a query of a layer.

    Args:
        layer: Path of the layer.
        format_name: Format of the answer.
        fields: Fields of the query; empty ones are left out.
    """
    given = {name: value for name, value in fields.items() if value}
    return f"{layer}/query?{urlencode({**given, 'f': format_name})}"


def show_layer(
    layer: str, document: Mapping[str, Any], rows: Mapping[str, Any] | None = None, total: int | None = None
) -> ShownRows:
    """Return the first rows of a layer.

    Args:
        layer: Path of the layer.
        document: Document of the layer.
        rows: JSON of its first rows; None if they are not at hand.
        total: Number of all its rows; None if it is not known.
    """
    table = None if rows is None else Table.of({**rows, "fields": document["fields"]})
    if table is not None and total is not None:
        table = table.of_total(total)
    if not document.get("geometryType"):
        return ShownRows("rows", document["name"], table, json=link_query(layer, "json", WHOLE))
    attributes = link_query(layer, "json", {**WHOLE, "returnGeometry": "false"})
    geojson = link_query(layer, "geojson", WHOLE)
    return ShownRows("rows", document["name"], table, geojson, attributes, layer=layer)


def show_features(name: str, title: str, value: Mapping[str, Any]) -> ShownRows:
    """Return features that are in the page, with their shapes.

    Args:
        name: A name for their elements.
        title: Their name for people.
        value: JSON of the feature set.
    """
    value = {"exceededTransferLimit": False, **value}
    table = Table.of(value)
    has_shapes = bool(value.get("geometryType")) and any(each.get("geometry") for each in value["features"])
    if not has_shapes:
        return ShownRows(name, title, table)
    note = ""
    features = None
    try:
        features = MapFeatures.of(value)
    except NotOnMap as problem:
        note = problem.text
    return ShownRows(name, title, table, features=features, note=note)
