"""Documents of feature services, layers and tables, made without their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gpserverless.featurelayers.manifest import LABELS, Extent, LayerManifest
from gpserverless.features.fields import STRING, Field
from gpserverless.formats.feature_collection import SYMBOLS
from gpserverless.geometry.geometry_types import POINT
from gpserverless.http.arcgis_version import VERSION
from gpserverless.http.layer_entries import describe_entry
from gpserverless.protocols.featureserver.extents import project_extent, write_extent
from gpserverless.protocols.featureserver.fields import describe_field_of_layer
from gpserverless.protocols.featureserver.layer_time import UTC, describe_time
from gpserverless.protocols.featureserver.page_limits import find_page_limit, find_tile_limit
from gpserverless.protocols.featureserver.ports import FeatureService, LayerReference
from gpserverless.values.spatial_reference import WGS84, SpatialReference

FORMATS = "JSON, geoJSON, PBF"
"""Formats of queries, spelled as clients look for them."""

FORMATS_WITH_NULL = "JSON, geoJSON"
"""Formats that can say that a vertex has no height."""

CAPABILITIES = "Query"

_ADVANCED = {
    "useStandardizedQueries": True,
    "supportsPagination": True,
    "supportsPaginationOnAggregatedQueries": True,
    "supportsStatistics": True,
    "supportsOrderBy": True,
    "supportsDistinct": True,
    "supportsReturningQueryExtent": True,
    "supportsQueryWithDistance": True,
    "supportsHavingClause": True,
    "supportsCountDistinct": True,
    "supportsQueryWithResultType": True,
    "supportsReturningGeometryCentroid": False,
    "supportsSqlExpression": False,
    "supportsAdvancedQueryRelated": False,
    "supportsQueryWithDatumTransformation": False,
    "supportsPercentileStatistics": False,
}

_UNUSED = {
    "hasAttachments": False,
    "htmlPopupType": "esriServerHTMLPopupTypeNone",
    "isDataVersioned": False,
    "hasStaticData": True,
    "relationships": [],
    "indexes": [],
    "types": [],
    "templates": [],
    "dateFieldsTimeReference": UTC,
}


def describe_service(service: FeatureService) -> dict[str, Any]:
    """Return the document of a service.

    Args:
        service: The service.
    """
    reference, extent = _find_whole_extent(service.layers)
    written = write_extent(extent, reference)
    described = {
        "currentVersion": VERSION,
        "serviceDescription": service.description,
        "hasVersionedData": False,
        "maxRecordCount": min((find_page_limit(layer.manifest) for layer in service.layers), default=2000),
        "supportedQueryFormats": FORMATS,
        "capabilities": CAPABILITIES,
        "description": service.description,
        "copyrightText": service.copyright,
        "spatialReference": written["spatialReference"],
        "initialExtent": written,
        "fullExtent": written,
        "allowGeometryUpdates": False,
        "units": "esriUnknownUnits" if reference is None else reference.unit,
        "syncEnabled": False,
        "hasStaticData": True,
        **_list_layers(service, lambda layer: describe_entry(layer.number, layer.manifest)),
    }
    return {**described, "serviceItemId": service.item_id} if service.item_id else described


def describe_layers(service: FeatureService) -> dict[str, Any]:
    """Return the documents of all layers and tables of a service.

    Args:
        service: The service.
    """
    return _list_layers(service, describe_layer)


def describe_layer(layer: LayerReference) -> dict[str, Any]:
    """Return the document of a layer or table.

    Args:
        layer: The layer.
    """
    manifest = layer.manifest
    fields = [Field.from_json(field) for field in manifest.fields]
    shapes = {} if manifest.is_table else _describe_shapes(layer)
    return {
        **_name_layer(layer, fields),
        **shapes,
        **describe_time(manifest.time),
        **_describe_queries(manifest),
        **_UNUSED,
        "editingInfo": {"lastEditDate": layer.modified},
    }


def _name_layer(layer: LayerReference, fields: Sequence[Field]) -> dict[str, Any]:
    """Return the names of a layer, and its fields."""
    manifest = layer.manifest
    return {
        "currentVersion": VERSION,
        "id": layer.number,
        "name": manifest.name,
        "type": "Table" if manifest.is_table else "Feature Layer",
        "description": layer.description,
        "copyrightText": layer.copyright,
        "defaultVisibility": True,
        "displayField": find_display_field(fields),
        "objectIdField": manifest.object_id_field,
        "globalIdField": "",
        "uniqueIdField": {"name": manifest.object_id_field, "isSystemMaintained": True},
        "typeIdField": "",
        "subtypeField": "",
        "fields": [
            describe_field_of_layer(field, is_object_id=field.name == manifest.object_id_field)
            for field in fields
        ],
    }


def _describe_queries(manifest: LayerManifest) -> dict[str, Any]:
    """Return what may be asked of a layer, and how much."""
    records = find_page_limit(manifest)
    return {
        "capabilities": CAPABILITIES,
        "maxRecordCount": records,
        "standardMaxRecordCount": records,
        "tileMaxRecordCount": find_tile_limit(manifest),
        "maxRecordCountFactor": 1,
        "supportedQueryFormats": FORMATS_WITH_NULL if manifest.has_gaps else FORMATS,
        "supportsStatistics": True,
        "supportsAdvancedQueries": True,
        "supportsCoordinatesQuantization": not manifest.is_table and not manifest.has_gaps,
        "useStandardizedQueries": True,
        "advancedQueryCapabilities": _ADVANCED,
    }


def make_renderer(layer: LayerReference) -> dict[str, Any]:
    """Return how a layer is drawn, as Esri JSON.

    Args:
        layer: The layer.
    """
    given = layer.renderer or layer.manifest.renderer
    if given:
        return {member: value for member, value in given.items() if member != LABELS}
    symbol = SYMBOLS.get(layer.manifest.geometry_type, SYMBOLS[POINT])
    return {"type": "simple", "symbol": symbol, "label": "", "description": ""}


def _describe_shapes(layer: LayerReference) -> dict[str, Any]:
    manifest = layer.manifest
    reference = SpatialReference.from_optional_json(manifest.spatial_reference)
    labels = (layer.renderer or manifest.renderer).get(LABELS)
    return {
        "geometryType": manifest.geometry_type,
        "extent": write_extent(manifest.extent, reference),
        "drawingInfo": {"renderer": make_renderer(layer), "transparency": 0, LABELS: labels},
        "hasLabels": bool(labels),
        "hasM": manifest.has_m,
        "hasZ": manifest.has_z,
        "minScale": 0,
        "maxScale": 0,
        "allowGeometryUpdates": False,
    }


def find_display_field(fields: Sequence[Field]) -> str:
    """Return the name of the first field of text, else of the second field, else of the only one.

    Args:
        fields: The fields of a layer.
    """
    texts = [field.name for field in fields if field.type == STRING]
    return next(iter(texts), fields[min(1, len(fields) - 1)].name)


def _list_layers(
    service: FeatureService, describe: Callable[[LayerReference], dict[str, Any]]
) -> dict[str, Any]:
    """Return the layers and the tables of a service, each as it is described."""
    return {
        "layers": [describe(layer) for layer in service.layers if not layer.manifest.is_table],
        "tables": [describe(layer) for layer in service.layers if layer.manifest.is_table],
    }


def _find_whole_extent(layers: Iterable[LayerReference]) -> tuple[SpatialReference | None, Extent | None]:
    """Return the extent of all layers, in the reference of the first one that has one."""
    shapes = [layer.manifest for layer in layers if not layer.manifest.is_table]
    references = [SpatialReference.from_optional_json(each.spatial_reference) for each in shapes]
    common = next((each for each in references if each is not None), None)
    if common is None and not shapes:
        return WGS84, None
    boxes = [_project(each.extent, own, common) for each, own in zip(shapes, references, strict=True)]
    known = [box for box in boxes if box is not None]
    if not known:
        return common, None
    west, south, east, north = zip(*known, strict=True)
    return common, (min(west), min(south), max(east), max(north))


def _project(
    extent: Extent | None, own: SpatialReference | None, common: SpatialReference | None
) -> Extent | None:
    if extent is None or common is None or own == common:
        return extent
    return None if own is None else project_extent(extent, own, common)
