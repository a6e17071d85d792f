"""The drawer of every resource, by the key of its route."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.protocols.directory.drawers.catalogue import draw_catalogue
from gpserverless.protocols.directory.drawers.document import draw_document
from gpserverless.protocols.directory.drawers.help import draw_help
from gpserverless.protocols.directory.drawers.hosted import (
    draw_feature_service,
    draw_folder,
    draw_layers,
    draw_removed,
)
from gpserverless.protocols.directory.drawers.image import draw_image, draw_statistics
from gpserverless.protocols.directory.drawers.image_requests import draw_image_export, draw_image_value
from gpserverless.protocols.directory.drawers.job import draw_job
from gpserverless.protocols.directory.drawers.jobs import draw_jobs
from gpserverless.protocols.directory.drawers.layer import draw_feature, draw_layer
from gpserverless.protocols.directory.drawers.layer_query import draw_query, draw_service_query
from gpserverless.protocols.directory.drawers.map import draw_legend, draw_map
from gpserverless.protocols.directory.drawers.map_requests import draw_export, draw_hits
from gpserverless.protocols.directory.drawers.results import (
    draw_executed,
    draw_input,
    draw_inputs,
    draw_result,
    draw_results,
)
from gpserverless.protocols.directory.drawers.server import draw_health, draw_info
from gpserverless.protocols.directory.drawers.service import draw_item_info, draw_service, draw_service_info
from gpserverless.protocols.directory.drawers.task import draw_task
from gpserverless.protocols.directory.drawers.uploads import (
    draw_deleted,
    draw_item,
    draw_limits,
    draw_parts,
    draw_uploaded,
    draw_uploads,
)
from gpserverless.protocols.directory.page import Draw

DRAWERS: Mapping[str, Draw] = {
    "info": draw_info,
    "health": draw_health,
    "catalogue": draw_catalogue,
    "service": draw_service,
    "serviceInfo": draw_service_info,
    "itemInfo": draw_item_info,
    "task": draw_task,
    "help": draw_help,
    "execute": draw_executed,
    "job": draw_job,
    "jobs": draw_jobs,
    "results": draw_results,
    "result": draw_result,
    "inputs": draw_inputs,
    "input": draw_input,
    "uploads": draw_uploads,
    "uploads/info": draw_limits,
    "uploads/upload": draw_uploaded,
    "uploads/register": draw_uploaded,
    "item": draw_item,
    "item/uploadPart": draw_uploaded,
    "item/parts": draw_parts,
    "item/commit": draw_uploaded,
    "item/delete": draw_deleted,
    "hostedFolder": draw_folder,
    "featureService": draw_feature_service,
    "layers": draw_layers,
    "serviceQuery": draw_service_query,
    "layer": draw_layer,
    "layerQuery": draw_query,
    "feature": draw_feature,
    "removeService": draw_removed,
    "map": draw_map,
    "mapLayers": draw_layers,
    "mapLegend": draw_legend,
    "mapExport": draw_export,
    "mapIdentify": draw_hits,
    "mapFind": draw_hits,
    "mapLayer": draw_layer,
    "mapLayerQuery": draw_query,
    "image": draw_image,
    "imageExport": draw_image_export,
    "imageIdentify": draw_image_value,
    "imageStatistics": draw_statistics,
}
"""Drawers of resources; the document of any other resource is shown as it is."""


def find_drawer(key: str) -> Draw:
    """Return the drawer of a resource.

    Args:
        key: Key of its route, such as "uploads/info".
    """
    return DRAWERS.get(key, draw_document)
