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
from gpserverless.protocols.mapserver.download import AnswerLayer, MapDownloads
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
    query: AnswerLayer
    download: AnswerLayer
    render: AnswerLayer

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
            "mapLayer": self._on_layer(
                lambda request, shown, layer: write(
                    describe_layer(shown, layer, self.describe), request.answer_format
                )
            ),
            "mapLayerQuery": self._on_layer(self.query),
            **MapDownloads(self.source, self.download).routes,
            "mapLayerRenderer": self._on_layer(self.render),
        }

    def _find(self, request: Request, service: str, job: str) -> Map:
        if job:
            return self.source.find_job(service, job, request.caller)
        return self.source.find_service(service, request.caller)

    def _on_map(self, answer: Callable[[Request, Map], Response]) -> Callable[..., Response]:
        def handle(request: Request, service: str, job: str = "") -> Response:
            return answer(request, self._find(request, service, job))

        return handle

    def _on_layer(self, answer: AnswerLayer) -> Callable[..., Response]:
        def handle(request: Request, service: str, layer: str, job: str = "") -> Response:
            shown = self._find(request, service, job)
            return answer(request, shown, shown.find_layer(layer))

        return handle
