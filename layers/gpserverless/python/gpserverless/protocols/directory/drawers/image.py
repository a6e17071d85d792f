"""The pages of the raster of a job: its picture, its values, its bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.layer_documents import read_document
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.map_picture import make_picture
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_text

_GRAY = ("rgb(255, 255, 255)",)
_COLORS = ("rgb(255, 0, 0)", "rgb(0, 255, 0)", "rgb(0, 0, 255)")
_PIXEL_TYPES: Mapping[str, Text] = {
    **dict.fromkeys(("U8", "U16", "U32"), Text("Whole number, not negative")),
    **dict.fromkeys(("S8", "S16", "S32"), Text("Whole number")),
    **dict.fromkeys(("F32", "F64"), Text("Number")),
}
STATISTICS_TITLE = Text("Statistics")


@dataclass(frozen=True)
class ShownBand:
    """A band of a raster.

    Attributes:
        name: Its name.
        low: The smallest value.
        high: The largest value.
        mean: The mean.
        deviation: The standard deviation.
    """

    name: str
    low: str
    high: str
    mean: str
    deviation: str


@dataclass(frozen=True)
class Ramp:
    """The values that a picture shows of a band, from the darkest to the brightest.

    Attributes:
        number: Number of the band, which tells its gradient from the others.
        name: Name of the band.
        color: The brightest colour.
        low: The value that is black.
        high: The value that has the brightest colour.
    """

    number: int
    name: str
    color: str
    low: str
    high: str


def draw_image(subject: Subject, document: Any) -> Page:
    """Return the page of the raster of a job.

    Args:
        subject: The resource.
        document: Its document.
    """
    path = LayerLinks(subject.links, subject.route.names).service
    measured = read_document(subject, "imageStatistics", subject.route.names) or {}
    statistics = measured.get("statistics", ())
    extent = document["fullExtent"]
    names = document["bandNames"]
    values = {
        "image": document,
        "path": path,
        "url": subject.links.url(path),
        "service_path": subject.links.service(subject.name("service")),
        "picture": make_picture(subject.request, path, "exportImage", extent),
        "extent": show_text(extent, "GPExtent") or "",
        "reference": show_text(document["spatialReference"], "GPSpatialReference") or "",
        "columns": _count(extent, "x", document["pixelSizeX"]),
        "rows": _count(extent, "y", document["pixelSizeY"]),
        "cell_size": tuple(_show_number(document[f"pixelSize{axis}"]) for axis in "XY"),
        "pixel_label": _PIXEL_TYPES.get(document["pixelType"], ""),
        "nodata": "" if document["noDataValue"] is None else _show_number(document["noDataValue"]),
        "bands": show_bands(names, statistics),
        "ramps": list(_list_ramps(names, statistics)),
    }
    return Page("image.html", document["name"], values, ("service.js",), subject.stores)


def draw_statistics(subject: Subject, document: Any) -> Page:
    """Return the page of the statistics of the bands of a raster.

    Args:
        subject: The resource.
        document: Its document.
    """
    statistics = document["statistics"]
    image = read_document(subject, "image", subject.route.names) or {}
    names = image.get("bandNames") or [f"Band_{number}" for number in range(1, len(statistics) + 1)]
    return Page("image_statistics.html", STATISTICS_TITLE, {"bands": show_bands(names, statistics)})


def show_bands(names: Sequence[str], statistics: Sequence[Mapping[str, Any]]) -> list[ShownBand]:
    """Return bands as a page shows them.

    Args:
        names: Their names.
        statistics: JSON of their statistics.
    """
    keys = ("min", "max", "mean", "standardDeviation")
    return [
        ShownBand(name, *(_show_number(each[key]) for key in keys))
        for name, each in zip(names, statistics, strict=False)
    ]


def _list_ramps(names: Sequence[str], statistics: Sequence[Mapping[str, Any]]) -> Iterator[Ramp]:
    """Yield the ramps of the bands that a picture shows: of one in grey, or of three."""
    colors = _COLORS if len(names) >= len(_COLORS) else _GRAY
    for number, (name, each, color) in enumerate(zip(names, statistics, colors, strict=False)):
        if "stretchMinimum" in each:
            low, high = _show_number(each["stretchMinimum"]), _show_number(each["stretchMaximum"])
            yield Ramp(number, name, color, low, high)


def _count(extent: Mapping[str, Any], axis: str, size: float) -> int:
    length: float = extent[f"{axis}max"] - extent[f"{axis}min"]
    return round(length / size)


def _show_number(value: float) -> str:
    return f"{value:.6g}"
