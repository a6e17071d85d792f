"""The routes of maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.http.dispatch import Handlers
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.mapserver.documents import describe_layer, describe_layers, describe_map
from gpserverless.protocols.mapserver.download import MapDownloads, QueryLayer, find_layer
from gpserverless.protocols.mapserver.export import Exporter
from gpserverless.protocols.mapserver.find import Finder
from gpserverless.protocols.mapserver.identify import Identifier
from gpserverless.protocols.mapserver.legend import answer_legend
from gpserverless.protocols.mapserver.ports import DescribeLayer, Map, MapSource


@dataclass(frozen=True)
class MapHandlers:
    """Handlers of maps.

    Attributes:
        source: Finds maps and opens layers.
        pictures: Keeps pictures.
        describe: Describes layers as a feature service does.
        query: Answers queries of layers.
        download: Answers requests for whole layers as files.
        render: Answers requests for renderers of classes.
    """

    source: MapSource
    pictures: PictureStore
    describe: DescribeLayer
    query: QueryLayer
    download: QueryLayer
    render: QueryLayer

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        exporter = Exporter(self.source, self.pictures)
        identifier = Identifier(self.source, self.describe)
        finder = Finder(self.source, self.describe)
        return {
            "map": self._on_map(lambda request, shown: write(describe_map(shown), request.answer_format)),
            "mapLayers": self._on_map(
                lambda request, shown: write(describe_layers(shown, self.describe), request.answer_format)
            ),
            "mapLegend": self._on_map(answer_legend),
            "mapExport": self._on_map(exporter.export),
            "mapIdentify": self._on_map(identifier.identify),
            "mapFind": self._on_map(finder.find),
            "mapLayer": self.get_layer,
            "mapLayerQuery": self.query_layer,
            **MapDownloads(self.source, self.download).routes,
            "mapLayerRenderer": self.generate_renderer,
        }

    def get_layer(self, request: Request, service: str, layer: str, job: str = "") -> Response:
        """Return the document of a layer or table.

        Args:
            request: The request.
            service: Qualified name of the service.
            layer: Number of the layer.
            job: Id of the job, "" for the map of the service.
        """
        shown = self._find(request, service, job)
        found = find_layer(shown, layer)
        return write(dict(describe_layer(shown, found, self.describe)), request.answer_format)

    def query_layer(self, request: Request, service: str, layer: str, job: str = "") -> Response:
        """Return features of a layer.

        Args:
            request: The request.
            service: Qualified name of the service.
            layer: Number of the layer.
            job: Id of the job, "" for the map of the service.
        """
        shown = self._find(request, service, job)
        return self.query(request, shown, find_layer(shown, layer))

    def generate_renderer(self, request: Request, service: str, layer: str, job: str = "") -> Response:
        """Return a renderer of classes of the features of a layer.

        Args:
            request: The request.
            service: Qualified name of the service.
            layer: Number of the layer.
            job: Id of the job, "" for the map of the service.
        """
        shown = self._find(request, service, job)
        return self.render(request, shown, find_layer(shown, layer))

    def _find(self, request: Request, service: str, job: str) -> Map:
        if job:
            return self.source.find_job(service, job, request.caller)
        return self.source.find_service(service, request.caller)

    def _on_map(self, answer: Callable[[Request, Map], Response]) -> Callable[..., Response]:
        def handle(request: Request, service: str, job: str = "") -> Response:
            return answer(request, self._find(request, service, job))

        return handle
