"""Handlers of the resources of feature services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.items.readings import Step
from gpserverless.protocols.featureserver.documents import (
    describe_layer,
    describe_layers,
    describe_service,
)
from gpserverless.protocols.featureserver.ports import FeatureService, LayerReference
from gpserverless.protocols.featureserver.query import LayerQueries
from gpserverless.protocols.featureserver.read_step import WHOLE, read_step


@dataclass(frozen=True)
class FeatureServiceHandlers:
    """Handlers of the resources of feature services.

    Attributes:
        queries: Answers queries of layers.
        find_item: Returns the id of the item of a service in a portal, "" for none.
    """

    queries: LayerQueries
    find_item: Callable[[str], str]

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {
            "featureService": self.get_service,
            "layers": self.get_layers,
            "serviceQuery": self.query_service,
            "layer": self.get_layer,
            "layerQuery": self.query_layer,
            "layerFile": self.download_layer,
            "renderer": self.generate_renderer,
            "feature": self.get_feature,
            "attachments": self.get_attachments,
        }

    def get_service(self, request: Request, name: str) -> Response:
        """Return the document of a service.

        Args:
            request: The request.
            name: Name of the service.
        """
        return _write(request, describe_service(self._with_item(self._find(request, name))))

    def get_layers(self, request: Request, name: str) -> Response:
        """Return the documents of all layers of a service.

        Args:
            request: The request.
            name: Name of the service.
        """
        return _write(request, describe_layers(self._find(request, name)))

    def query_service(self, request: Request, name: str) -> Response:
        """Return the answers to queries of several layers.

        Args:
            request: The request.
            name: Name of the service.
        """
        return self.queries.query_service(request, self._find(request, name))

    def get_layer(self, request: Request, name: str, layer: str) -> Response:
        """Return the document of a layer.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
        """
        return _write(request, describe_layer(self._find_layer(request, name, layer)))

    def query_layer(self, request: Request, name: str, layer: str) -> Response:
        """Return the answer to a query.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
        """
        step = read_step(request, int(layer))
        return self.queries.query_layer(request, self._find_layer(request, name, layer, step))

    def download_layer(self, request: Request, name: str, layer: str) -> Response:
        """Return all rows of a layer as a file.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
        """
        return self.queries.download_layer(request, self._find_layer(request, name, layer))

    def get_feature(self, request: Request, name: str, layer: str, feature: str) -> Response:
        """Return one feature.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
            feature: Its object id.
        """
        found = self._find_layer(request, name, layer)
        return self.queries.get_feature(request, found, int(feature))

    def get_attachments(self, request: Request, name: str, layer: str, feature: str) -> Response:
        """Return the attachments of a feature: layers of results have none.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
            feature: Object id of the feature.
        """
        self._find_layer(request, name, layer)
        return _write(request, {"attachmentInfos": []})

    def generate_renderer(self, request: Request, name: str, layer: str) -> Response:
        """Return a renderer of classes of the rows of a layer, or that of the layer.

        Args:
            request: The request.
            name: Name of the service.
            layer: Number of the layer.
        """
        return self.queries.generate_renderer(request, self._find_layer(request, name, layer))

    def _with_item(self, service: FeatureService) -> FeatureService:
        return replace(service, item_id=self.find_item(service.name))

    def _find(self, request: Request, name: str, step: Step = WHOLE) -> FeatureService:
        return self.queries.source.find_service(name, request.caller, step)

    def _find_layer(self, request: Request, name: str, layer: str, step: Step = WHOLE) -> LayerReference:
        return self._find(request, name, step).find_layer(layer)


def _write(request: Request, document: dict[str, Any]) -> Response:
    return write(document, request.answer_format)
