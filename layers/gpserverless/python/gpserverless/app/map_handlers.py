"""The handlers of maps, and of results as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.app.job_maps import JobMaps
from gpserverless.app.layer_answers import Pictures
from gpserverless.app.layer_references import refer_to_layer
from gpserverless.app.layer_sources import HostedLayers
from gpserverless.app.layer_stores import LayerStores
from gpserverless.clock import Clock
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.protocols.featureserver.documents import describe_layer
from gpserverless.protocols.featureserver.query import LayerQueries
from gpserverless.protocols.featureserver.search_text import read_search
from gpserverless.protocols.mapserver.handlers import MapHandlers
from gpserverless.protocols.mapserver.ports import Map, MapLayer
from gpserverless.protocols.mapserver.result_map import ResultMaps
from gpserverless.toolkit.catalogue import Catalogue


def make_map_handlers(
    catalogue: Catalogue, stores: LayerStores, hosted: HostedLayers, queries: LayerQueries, clock: Clock
) -> Handlers:
    """Return the handlers of maps by the key of their route.

    Args:
        catalogue: The published services.
        stores: The table of jobs, and the store.
        hosted: The layers of hosted services, which have the same store and files.
        queries: Answers queries of layers.
        clock: The time.
    """
    maps = JobMaps(catalogue, Ledger(stores.jobs, JobRules(), clock), hosted.objects, hosted.files)

    def query_layer(request: Request, shown: Map, layer: MapLayer) -> Response:
        return queries.query_layer(
            request, refer_to_layer(shown, layer), read_search(request, layer.manifest)
        )

    def download_layer(request: Request, shown: Map, layer: MapLayer) -> Response:
        return queries.download_layer(request, refer_to_layer(shown, layer))

    def generate_renderer(request: Request, shown: Map, layer: MapLayer) -> Response:
        return queries.generate_renderer(request, refer_to_layer(shown, layer))

    def describe(shown: Map, layer: MapLayer) -> Mapping[str, Any]:
        return describe_layer(refer_to_layer(shown, layer))

    pictures = Pictures(stores.objects)
    return {
        **MapHandlers(maps, pictures, describe, query_layer, download_layer, generate_renderer).routes,
        **ResultMaps(maps, pictures).routes,
    }
