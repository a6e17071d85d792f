"""Paths of the pages of result services: hosted feature services, and maps of services and of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from gpserverless.http.route import Route
from gpserverless.items.names import FOLDER
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.links import Crumb, Links

OF_FEATURES = frozenset(
    {
        *("hostedFolder", "featureService", "layers", "serviceQuery", "layer", "layerQuery"),
        *("layerFile", "renderer", "feature", "attachments", "removeService"),
    }
)
"""Resources of hosted feature services."""

OF_MAPS = frozenset(
    {
        *("map", "mapLayers", "mapLegend", "mapExport", "mapIdentify", "mapFind"),
        *("mapLayer", "mapLayerQuery", "mapLayerFile"),
    }
)
"""Resources of maps."""


@dataclass(frozen=True)
class LayerLinks:
    """Paths of the pages of one feature service or map.

    Attributes:
        links: Paths of other pages.
        names: The names of a route.
    """

    links: Links
    names: Mapping[str, str]

    @property
    def folder(self) -> str:
        """Path of the folder of hosted services."""
        return self.links.folder(FOLDER)

    @property
    def service(self) -> str:
        """Path of the service."""
        if "name" in self.names:
            return f"{self.folder}/{quote(self.names['name'], safe='')}/FeatureServer"
        job = self.names.get("job", "")
        map_path = f"{self.links.home}/{quote(self.names['service'])}/MapServer"
        return f"{map_path}/jobs/{quote(job, safe='')}" if job else map_path

    @property
    def removal(self) -> str:
        """Path to which the form is sent that removes the hosted service."""
        name = quote(self.names["name"], safe="")
        return f"{self.links.site}/admin/services/{FOLDER}/{name}.FeatureServer/delete"

    def layer(self, number: int | str) -> str:
        """Return the path of a layer.

        Args:
            number: Its number.
        """
        return f"{self.service}/{number}"


def find_crumbs(links: Links, route: Route | None) -> list[Crumb]:
    """Return the way to the resource of a route.

    Args:
        links: Paths of pages.
        route: The route; None if there is none.
    """
    names = route.names if route else {}
    if route is None or route.resource not in OF_FEATURES | OF_MAPS:
        return links.crumbs(names)
    places = LayerLinks(links, names)
    if route.resource in OF_MAPS:
        crumbs = links.crumbs({"service": names["service"]})
        crumbs.append(Crumb(Text("Map of the job") if "job" in names else Text("Map"), places.service))
    else:
        crumbs = links.crumbs({"folder": FOLDER})
        if "name" in names:
            crumbs.append(Crumb(names["name"], places.service))
    if "layer" in names:
        crumbs.append(Crumb(Text("Layer"), places.layer(names["layer"])))
    return crumbs
