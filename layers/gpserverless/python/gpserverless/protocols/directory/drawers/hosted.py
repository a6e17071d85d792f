"""The pages of hosted services: their folder, one of them, its layers, and its removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.items.names import FOLDER
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import GEOMETRY_TYPES
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_text
from gpserverless.protocols.directory.swatches import Swatch, make_swatches

_TABLE = Text("Table")


@dataclass(frozen=True)
class LayerEntry:
    """A layer or table in a list.

    Attributes:
        number: Its number.
        name: Its name.
        path: Path of its page.
        geometry: The kind of its shapes, or that it is a table.
        swatches: Its symbols, as far as they are known.
        count: How many features or rows it has, None if that is not known.
    """

    number: int
    name: str
    path: str
    geometry: str
    swatches: tuple[Swatch, ...] = ()
    count: int | None = None

    @property
    def is_shaped(self) -> bool:
        """Whether it has shapes."""
        return self.geometry != _TABLE


def draw_folder(subject: Subject, document: Any) -> Page:
    """Return the page of the folder of hosted services.

    Args:
        subject: The resource.
        document: Its document.
    """
    names = [each["name"].rpartition("/")[2] for each in document["services"]]
    services = [(name, LayerLinks(subject.links, {"name": name}).service) for name in names]
    return Page("hosted.html", FOLDER, {"services": services})


def draw_feature_service(subject: Subject, document: Any) -> Page:
    """Return the page of a hosted feature service.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    values = {
        "service": document,
        "entries": list_layers(places, document),
        "path": places.service,
        "removal": places.removal,
        "extent": show_text(document["fullExtent"], "GPExtent") or "",
        "reference": show_text(document.get("spatialReference"), "GPSpatialReference") or "",
    }
    return Page("feature_service.html", subject.name("name"), values)


def draw_layers(subject: Subject, document: Any) -> Page:
    """Return the page of all layers of a feature service or a map.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    return Page("layers.html", Text("Layers"), {"entries": list_layers(places, document)})


def draw_removed(subject: Subject, document: Any) -> Page:
    """Return the page that tells that a hosted service has gone.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = LayerLinks(subject.links, subject.route.names)
    values = {"name": subject.name("name"), "folder": places.folder}
    return Page("hosted_removed.html", Text("The service is deleted"), values)


def list_layers(places: LayerLinks, document: Mapping[str, Any]) -> list[LayerEntry]:
    """Return the layers and tables of a document.

    Args:
        places: Paths of their pages.
        document: Document of a service, or of all its layers.
    """
    layers = [_describe(places, each) for each in document["layers"]]
    return layers + [_describe(places, each) for each in document["tables"]]


def describe_geometry(document: Mapping[str, Any]) -> str:
    """Return the kind of the shapes of a layer, or that it is a table.

    Args:
        document: Its document, or its entry in that of its service.
    """
    name = document.get("geometryType") or ""
    return GEOMETRY_TYPES.get(name, name) if name else _TABLE


def _describe(places: LayerLinks, document: Mapping[str, Any]) -> LayerEntry:
    renderer = (document.get("drawingInfo") or {}).get("renderer") or {}
    return LayerEntry(
        document["id"],
        document["name"],
        places.layer(document["id"]),
        describe_geometry(document),
        tuple(make_swatches(renderer)),
    )
