"""The handlers of whole layers as files, put together."""

from __future__ import annotations

from gpserverless.app.job_maps import JobMaps
from gpserverless.app.layer_answers import StoredFiles
from gpserverless.app.layer_files import FindDeadline, LayerFiles
from gpserverless.app.layer_references import refer_to_layer
from gpserverless.app.layer_routes import find_layer_route
from gpserverless.app.layer_sources import HostedLayers
from gpserverless.app.layer_stores import LayerStores
from gpserverless.clock import Clock
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.protocols.featureserver.downloads import LayerDownloads, make_download_route
from gpserverless.protocols.mapserver.download import MapDownloads
from gpserverless.protocols.mapserver.ports import Map, MapLayer
from gpserverless.toolkit.catalogue import Catalogue

find_download_route = make_download_route(find_layer_route)
"""Finds the route of a path of a whole layer."""


def make_download_handlers(
    catalogue: Catalogue, stores: LayerStores, clock: Clock, find_deadline: FindDeadline
) -> Handlers:
    """Return the handlers of whole layers by the key of their route.

    Args:
        catalogue: The published services.
        stores: The table of jobs, the table of hosted services, and the store.
        clock: The time.
        find_deadline: Finds the end of the time of a request.
    """
    files = LayerFiles(stores.files, find_deadline)
    hosted = HostedLayers(stores.items, stores.objects, files, clock.now)
    maps = JobMaps(catalogue, Ledger(stores.jobs, JobRules(), clock), stores.objects, files)
    downloads = LayerDownloads(hosted, StoredFiles(stores.objects, clock.now))

    def download_layer(request: Request, shown: Map, layer: MapLayer) -> Response:
        return downloads.download_layer(request, refer_to_layer(shown, layer))

    return {
        "layerFile": downloads.download_hosted_layer,
        **MapDownloads(maps, download_layer).routes,
    }
