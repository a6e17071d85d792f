"""Paths of the pages of result services: hosted feature services, maps of services and jobs, and images."""

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
        *("renderer", "feature", "attachments", "removeService"),
    }
)
"""Resources of hosted feature services."""

OF_MAPS = frozenset(
    {
        *("map", "mapLayers", "mapLegend", "mapExport", "mapIdentify", "mapFind"),
        *("mapLayer", "mapLayerQuery", "mapLayerRenderer"),
    }
)
"""Resources of maps."""

OF_IMAGES = frozenset(
    {
        *("image", "imageExport", "imageIdentify", "imageStatistics"),
        *("imageFunctions", "imageProperties"),
    }
)
"""Resources of the rasters of jobs."""


@dataclass(frozen=True)
class LayerLinks:
    """Paths of the pages of one feature service, map or image.

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
        if "parameter" in self.names:
            return self._image(job)
        map_path = f"{self.links.home}/{quote(self.names['service'])}/MapServer"
        return f"{map_path}/jobs/{quote(job, safe='')}" if job else map_path

    def _image(self, job: str) -> str:
        parameter = quote(self.names["parameter"], safe="")
        service = quote(self.names["service"])
        return f"{self.links.home}/{service}/ImageServer/jobs/{quote(job, safe='')}/{parameter}"

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
    if route is None or route.resource not in OF_FEATURES | OF_MAPS | OF_IMAGES:
        return links.crumbs(names)
    places = LayerLinks(links, names)
    if route.resource in OF_MAPS:
        crumbs = links.crumbs({"service": names["service"]})
        crumbs.append(Crumb(Text("Map of the job") if "job" in names else Text("Map"), places.service))
    elif route.resource in OF_IMAGES:
        crumbs = links.crumbs({"service": names["service"]})
        crumbs.append(Crumb(Text("Image of the job"), places.service))
    else:
        crumbs = links.crumbs({"folder": FOLDER})
        if "name" in names:
            crumbs.append(Crumb(names["name"], places.service))
    if "layer" in names:
        crumbs.append(Crumb(Text("Layer"), places.layer(names["layer"])))
    return crumbs
