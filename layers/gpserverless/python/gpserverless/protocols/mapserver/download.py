"""Whole layers of the maps of jobs as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.errors import NotFound
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.mapserver.ports import Map, MapLayer, MapSource

AnswerLayer = Callable[[Request, Map, MapLayer], Response]
"""Answers a request for a layer of a map, as a feature service does."""


@dataclass(frozen=True)
class MapDownloads:
    """Handler of whole layers as files.

    Attributes:
        source: Finds maps.
        download: Answers requests for whole layers as files.
    """

    source: MapSource
    download: AnswerLayer

    @property
    def routes(self) -> Handlers:
        """The handler by the key of its route."""
        return {"mapLayerFile": self.download_layer}

    def download_layer(self, request: Request, service: str, layer: str, job: str = "") -> Response:
        """Return all rows of a layer as a file.

        Args:
            request: The request.
            service: Qualified name of the service.
            layer: Number of the layer.
            job: Id of the job.

        Raises:
            NotFound: It is the map of the service, whose layers have no rows.
        """
        if not job:
            raise NotFound("The layers of the map of a service have no features; those of a job have.")
        shown = self.source.find_job(service, job, request.caller)
        return self.download(request, shown, shown.find_layer(layer))
