"""The documents of a map and of its layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpserverless.errors import InvalidValue
from gpserverless.geometry.boxes import Box, project_box
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.http.arcgis_version import VERSION
from gpserverless.http.layer_entries import describe_entry
from gpserverless.http.picture_answers import write_extent
from gpserverless.http.picture_fields import MAX_SIDE
from gpserverless.protocols.mapserver.ports import DescribeLayer, Map, MapLayer
from gpserverless.values.spatial_reference import WGS84, SpatialReference, get_transformer

CAPABILITIES = "Map,Query,Data"
"""Map is export, Query is identify and find, Data is the query of layers."""

_PICTURES = "PNG32,PNG24,PNG8,PNG,JPG,GIF,SVG,PDF"
_WEB_MERCATOR = SpatialReference(102100, 3857)
_LAYER: Mapping[str, Any] = {
    "capabilities": CAPABILITIES,
    "parentLayer": None,
    "subLayers": [],
    "canModifyLayer": False,
    "supportsDynamicLegends": False,
}


def find_reference(shown: Map) -> SpatialReference:
    """Return the spatial reference of a map: that of its first layer that knows its own, or Web Mercator.

    Args:
        shown: The map.
    """
    known = (layer.reference for layer in shown.layers if not layer.manifest.is_table)
    return next((reference for reference in known if reference is not None), _WEB_MERCATOR)


def describe_map(shown: Map) -> dict[str, Any]:
    """Return the document of a map.

    Args:
        shown: The map.
    """
    reference = find_reference(shown)
    extent = write_extent(find_extent(shown, reference), reference)
    counts = [layer.manifest.max_record_count for layer in shown.layers]
    return {
        "currentVersion": VERSION,
        "serviceDescription": shown.description,
        "mapName": shown.name.rpartition("/")[2],
        "description": shown.description,
        "copyrightText": shown.copyright,
        "supportsDynamicLayers": False,
        "layers": [_list_layer(layer) for layer in shown.feature_layers],
        "tables": [
            {"id": layer.number, "name": layer.manifest.name, "type": "Table"}
            for layer in shown.layers
            if layer.manifest.is_table
        ],
        "spatialReference": reference.to_json(),
        "singleFusedMapCache": False,
        "initialExtent": extent,
        "fullExtent": extent,
        "minScale": 0,
        "maxScale": 0,
        "units": reference.unit,
        **_describe_time(shown),
        "supportedImageFormatTypes": _PICTURES,
        "documentInfo": {},
        "capabilities": CAPABILITIES,
        "supportedQueryFormats": "JSON, geoJSON, PBF",
        "exportTilesAllowed": False,
        "maxRecordCount": min(counts, default=2000),
        "maxImageHeight": MAX_SIDE,
        "maxImageWidth": MAX_SIDE,
        "supportedExtensions": "",
    }


def describe_layers(shown: Map, describe: DescribeLayer) -> dict[str, Any]:
    """Return the documents of all layers and tables.

    Args:
        shown: The map.
        describe: Describes one.
    """
    documents: dict[str, Any] = {"layers": [], "tables": []}
    for layer in shown.layers:
        documents["tables" if layer.manifest.is_table else "layers"].append(
            describe_layer(shown, layer, describe)
        )
    return documents


def describe_layer(shown: Map, layer: MapLayer, describe: DescribeLayer) -> dict[str, Any]:
    """Return the document of a layer or a table.

    Args:
        shown: The map.
        layer: The layer.
        describe: Describes it as a feature service does.
    """
    return {**describe(shown, layer), **_LAYER}


def find_extent(shown: Map, reference: SpatialReference) -> Box:
    """Return the bounds of all features of a map; those of its projection without any.

    Args:
        shown: The map.
        reference: Spatial reference of the bounds.
    """
    boxes = []
    for layer in shown.feature_layers:
        extent = layer.manifest.extent
        if extent is not None:
            boxes.append(project_box(extent, layer.reference or reference, reference))
    known = [box for box in boxes if box is not None]
    if not known:
        return find_world(reference)
    sides = np.array(known)
    low, high = sides[:, :2].min(axis=0), sides[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def find_world(reference: SpatialReference) -> Box:
    """Return the bounds of the area of a projection.

    Args:
        reference: The spatial reference.
    """
    edge = find_map_edge(reference)
    if edge.period:
        half = abs(edge.period) / 2
        if reference.is_geographic:
            return edge.origin - half, -half / 2, edge.origin + half, half / 2
        if edge.latitude < 90:
            return edge.origin - half, -half, edge.origin + half, half
    area = reference.crs.area_of_use
    sides = (-180.0, -90.0, 180.0, 90.0) if area is None else (area.west, area.south, area.east, area.north)
    try:
        west, south, east, north = get_transformer(WGS84, reference).transform_bounds(*sides)
    except InvalidValue:
        return -1e7, -1e7, 1e7, 1e7
    found = (float(west), float(south), float(east), float(north))
    return found if np.isfinite(found).all() else (-1e7, -1e7, 1e7, 1e7)


def _describe_time(shown: Map) -> dict[str, Any]:
    """Return the time of all layers that have one; nothing without any."""
    times = [layer.manifest.time for layer in shown.layers if layer.manifest.time is not None]
    if not times:
        return {}
    extents = [time.extent for time in times if time.extent is not None]
    extent = [min(first for first, _ in extents), max(last for _, last in extents)] if extents else None
    reference = {"timeZone": "UTC", "respectsDaylightSaving": False}
    return {"timeInfo": {"timeExtent": extent, "timeReference": reference, "hasLiveData": False}}


def _list_layer(layer: MapLayer) -> dict[str, Any]:
    return {**describe_entry(layer.number, layer.manifest), "supportsDynamicLegends": False}
