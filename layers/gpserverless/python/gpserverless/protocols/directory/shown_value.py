"""Values of inputs and outputs as pages show them: a text, a table, a map, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import LIST
from gpserverless.protocols.directory.shown_rows import WHOLE, link_query
from gpserverless.protocols.directory.shown_table import Column, Table
from gpserverless.protocols.directory.shown_text import show_text
from gpserverless.protocols.directory.wgs84 import MapFeatures, NotOnMap

Kind = Literal["features", "table", "raster", "file", "value"]
Side = Literal["input", "output"]

FEATURES = "GPFeatureRecordSetLayer"
TABLE = "GPRecordSet"
RASTERS = ("GPRasterData", "GPRasterDataLayer")
FILES = ("GPDataFile", *RASTERS)
"""Data types whose values are files."""

_KINDS: Mapping[str, Kind] = {
    FEATURES: "features",
    TABLE: "table",
    "GPDataFile": "file",
    **dict.fromkeys(RASTERS, "raster"),
}
_LINKED = ("https://", "http://")  # of a URL that runs something, the text alone
_TAGS = {"dataType", "value"}

MOST_SHOWN = 100
"""Values of a list that a page shows."""


@dataclass(frozen=True)
class Place:
    """The place of a value.

    Attributes:
        side: Whether it is an input or an output.
        url: URL of the resource that has it alone, "" if there is none.
        title: Its name for people, "" if it is not known.
        description: Its description, "" for none.
    """

    side: Side = "output"
    url: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class ShownValue:
    """A value as a page shows it. One of its forms is set, besides the notes.

    Attributes:
        name: Name of the parameter.
        data_type: Name of its data type.
        kind: The form.
        place: Its place.
        text: The value as a text of one line, None if it has none; "" is no value.
        json: The value as JSON, "" if it has another form.
        table: The first rows of features or of a table.
        file: URL of a file or a raster, "" for none.
        is_readable: Whether scripts may read that URL.
        image: URL of a raster as a picture, "" for none.
        image_service: Path of the image that a raster of a job is, "" for none.
        layer: Path of the layer of a hosted service that has the features or rows, "" for none.
        features: The features on WGS 84; None if scripts read them from the URL, or there are none.
        parts: The values of a list.
        more: Number of the values of a list that are not shown.
        note: A sentence about the value, "" for none.
    """

    name: str
    data_type: str
    kind: Kind = "value"
    place: Place = field(default_factory=Place)
    text: str | None = None
    json: str = ""
    table: Table | None = None
    file: str = ""
    is_readable: bool = False
    image: str = ""
    image_service: str = ""
    layer: str = ""
    features: MapFeatures | None = None
    parts: tuple[ShownValue, ...] = ()
    more: int = 0
    note: str = ""

    @property
    def is_on_map(self) -> bool:
        """Whether scripts can draw it on a map."""
        return self.kind == "features" and (self.features is not None or bool(self.place.url))

    @property
    def is_whole(self) -> bool:
        """Whether its own URL has all of it, and not a layer."""
        return bool(self.place.url) and not self.layer

    @property
    def geojson(self) -> str:
        """Where scripts read its features, "" for nowhere."""
        if self.kind != "features":
            return ""
        if self.layer:
            return link_query(self.layer, "geojson", WHOLE)
        return f"{self.place.url}?f=geojson" if self.place.url else ""

    @property
    def esri_json(self) -> str:
        """Where scripts read its rows in Esri JSON, "" for nowhere."""
        if self.kind == "value" or self.data_type not in (FEATURES, TABLE):
            return ""
        if self.layer:
            fields = {**WHOLE, **({"returnGeometry": "false"} if self.kind == "features" else {})}
            return link_query(self.layer, "json", fields)
        return f"{self.place.url}?f=json" if self.place.url else ""

    @property
    def columns(self) -> list[dict[str, str]]:
        """The columns of its table for scripts."""
        columns: Sequence[Column] = self.table.columns if self.table else ()
        return [column.to_document() for column in columns]


def show_value(document: Mapping[str, Any], place: Place) -> ShownValue:
    """Return a value as a page shows it.

    Args:
        document: JSON of paramName, dataType and value.
        place: Its place.
    """
    name, data_type, value = document["paramName"], document["dataType"], document["value"]
    while isinstance(value, dict) and value.keys() == _TAGS:  # a composite, of which the type is part
        data_type, value = value["dataType"], value["value"]
    return _show(ShownValue(name, data_type, place=place), value)


def _show(shown: ShownValue, value: Any) -> ShownValue:
    if isinstance(value, list) and shown.data_type != "GPValueTable":
        return _show_list(shown, value)
    if value is None or value in ("", {}, []):
        return replace(shown, text="")
    if isinstance(value, list):
        return replace(shown, kind="table", table=_read_value_table(value))
    if isinstance(value, dict) and (found := _show_object(shown, value)):
        return found
    text = show_text(value, shown.data_type)
    if text is not None:
        return replace(shown, text=text)
    return replace(shown, json=orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _show_object(shown: ShownValue, value: dict[str, Any]) -> ShownValue | None:
    """Return features, a file or a picture; None for any other object."""
    kind = _KINDS.get(shown.data_type, "value")
    if isinstance(value.get("featureSet", value).get("features"), list):
        return _show_features(replace(shown, kind="table" if kind == "table" else "features"), value)
    url = value.get("url")
    if isinstance(url, str) and url.startswith(_LINKED):
        return replace(shown, kind="raster" if kind == "raster" else "file", file=url)
    if isinstance(value.get("mapImage"), dict):
        return replace(shown, kind="raster", image=str(value["mapImage"].get("href", "")))
    return None


def _show_features(shown: ShownValue, value: dict[str, Any]) -> ShownValue:
    shown = replace(shown, table=Table.of(value))
    if shown.kind != "features" or shown.place.url:
        return shown
    try:
        return replace(shown, features=MapFeatures.of(value))
    except NotOnMap as problem:
        return replace(shown, note=problem.text)


def _show_list(shown: ShownValue, values: list[Any]) -> ShownValue:
    data_type = shown.data_type.removeprefix(LIST)
    place = replace(shown.place, url="")  # the URL has all of them
    parts = tuple(
        show_value({"paramName": f"{shown.name}[{number}]", "dataType": data_type, "value": each}, place)
        for number, each in enumerate(values[:MOST_SHOWN], 1)
    )
    return replace(shown, parts=parts, more=max(0, len(values) - MOST_SHOWN), text=None if parts else "")


def _read_value_table(rows: list[Any]) -> Table:
    features = [{"attributes": _name_cells(row)} for row in rows]
    return Table.of({"features": features})


def _name_cells(row: Any) -> dict[str, Any]:
    cells = row if isinstance(row, dict) else {str(n): cell for n, cell in enumerate(row, 1)}
    return {name: _flatten(cell) for name, cell in cells.items()}


def _flatten(cell: Any) -> Any:
    return orjson.dumps(cell).decode() if isinstance(cell, dict | list) else cell


TOO_LARGE = Text("This value is too large for the page. Its link has all of it.")
"""The note of a value that is not read for the page."""
