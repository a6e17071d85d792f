"""Documents of hosted services, maps and rasters of jobs, as programs get them; their texts are hostile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from gpserverless.errors import RequestError
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite
from tests.protocols.directory.documents import FIELDS, HOSTILE, JOB, Described, Document, features

STORE = "https://store.example.org"
WEB_MERCATOR = {"wkid": 102100, "latestWkid": 3857}
EXTENT = {"xmin": 6.0, "ymin": 49.0, "xmax": 8.0, "ymax": 51.0, "spatialReference": {"wkid": 4326}}
SYMBOL = {
    "type": "esriSMS",
    "style": "esriSMSCircle",
    "color": [10, 20, 30, 255],
    "outline": {"type": "esriSLS", "color": [0, 0, 0, 255], "width": 1},
}
RENDERER = {
    "type": "uniqueValue",
    "field1": HOSTILE,
    "uniqueValueInfos": [{"value": HOSTILE, "label": HOSTILE, "symbol": SYMBOL}],
    "defaultSymbol": {"type": "esriPMS", "imageData": '"><script>', "contentType": HOSTILE},
}
LAYER: Document = {
    "currentVersion": 11.5,
    "id": 0,
    "name": HOSTILE,
    "type": "Feature Layer",
    "description": HOSTILE,
    "geometryType": "esriGeometryPoint",
    "displayField": "NAME",
    "objectIdField": "OBJECTID",
    "fields": [*FIELDS, {"name": HOSTILE, "type": "esriFieldTypeString", "alias": HOSTILE, "length": 20}],
    "extent": EXTENT,
    "drawingInfo": {"renderer": RENDERER},
    "hasZ": True,
    "hasM": False,
    "maxRecordCount": 2000,
    "supportedQueryFormats": "JSON, geoJSON, PBF",
    "capabilities": "Query",
    "editingInfo": {"lastEditDate": 86_400_000},
}
TABLE: Document = {
    **{key: value for key, value in LAYER.items() if key not in ("geometryType", "extent", "drawingInfo")},
    "id": 1,
    "type": "Table",
}
FEATURE_SERVICE: Document = {
    "currentVersion": 11.5,
    "serviceDescription": HOSTILE,
    "maxRecordCount": 2000,
    "supportedQueryFormats": "JSON, geoJSON, PBF",
    "capabilities": "Query",
    "spatialReference": {"wkid": 4326},
    "fullExtent": EXTENT,
    "layers": [{"id": 0, "name": HOSTILE, "geometryType": "esriGeometryPoint"}],
    "tables": [{"id": 1, "name": HOSTILE}],
}
MAP: Document = {
    **FEATURE_SERVICE,
    "mapName": "Zones",
    "supportedImageFormatTypes": "PNG32,PNG",
    "maxImageWidth": 4096,
    "maxImageHeight": 4096,
    "capabilities": "Map,Query,Data",
}
LEGEND: Document = {
    "layers": [
        {
            "layerId": 0,
            "layerName": HOSTILE,
            "legend": [{"label": HOSTILE, "imageData": "aGFsbG8=", "contentType": "image/png"}],
        }
    ]
}
PICTURE: Document = {
    "href": "https://gp.example.org/arcgis/rest/directories/arcgisoutput/maps/0.png",
    "width": 400,
    "height": 300,
    "extent": EXTENT,
    "scale": 1234.4,
    "messages": [HOSTILE],
}
HITS: Document = {
    "results": [
        {
            "layerId": 0,
            "layerName": HOSTILE,
            "attributes": {"NAME": HOSTILE},
            "geometryType": "esriGeometryPoint",
            "geometry": {"x": 7.0, "y": 50.0, "spatialReference": {"wkid": 4326}},
        }
    ]
}
IMAGE: Document = {
    "name": HOSTILE,
    "description": HOSTILE,
    "fullExtent": EXTENT,
    "spatialReference": {"wkid": 4326},
    "pixelSizeX": 0.5,
    "pixelSizeY": 0.25,
    "bandCount": 1,
    "bandNames": [HOSTILE],
    "pixelType": "F32",
    "noDataValue": -9999,
    "maxImageWidth": 4096,
    "maxImageHeight": 4096,
    "capabilities": "Image,Metadata",
}
BAND: Document = {"min": -3.25, "max": 1076, "mean": 500.5, "standardDeviation": 12.345678}
STATISTICS: Document = {"statistics": [{**BAND, "stretchMinimum": 12, "stretchMaximum": 987.65}]}
VALUE: Document = {
    "value": "12.5, 3",
    "location": {"x": 7.0, "y": 50.0, "spatialReference": {"wkid": 4326}},
}
LAYER_DOCUMENTS: Mapping[str, Any] = {
    "hostedFolder": {"folders": [], "services": [{"name": "Hosted/Zones", "type": "FeatureServer"}]},
    "featureService": FEATURE_SERVICE,
    "layers": {"layers": [LAYER], "tables": [TABLE]},
    "serviceQuery": {"layers": [{"id": 0, **features()}, {"id": 1, "count": 3}]},
    "layer": LAYER,
    "layerQuery": features(),
    "feature": {"feature": features()["features"][0]},
    "removeService": {"status": "success"},
    "map": MAP,
    "mapLayers": {"layers": [LAYER], "tables": [TABLE]},
    "mapLegend": LEGEND,
    "mapExport": PICTURE,
    "mapIdentify": HITS,
    "mapFind": HITS,
    "mapLayer": LAYER,
    "mapLayerQuery": features(),
    "image": IMAGE,
    "imageExport": PICTURE,
    "imageIdentify": VALUE,
    "imageStatistics": STATISTICS,
}
"""A document of every resource of result services that has a page."""

HOSTED_NAMES = {"name": "Zones"}
MAP_NAMES = {"service": "Tests/Zones", "job": JOB}
IMAGE_NAMES = {**MAP_NAMES, "parameter": "heights"}


def find_names(key: str) -> dict[str, str]:
    """Return the names of the route of a resource."""
    if key.startswith("image"):
        return dict(IMAGE_NAMES)
    names = dict(MAP_NAMES if key.startswith("map") else HOSTED_NAMES)
    if key == "hostedFolder":
        return {}
    if key in ("layer", "layerQuery", "feature", "mapLayer", "mapLayerQuery"):
        names["layer"] = "0"
    return {**names, "feature": "1"} if key == "feature" else names


def read(request: Request, route: Route) -> Response:
    """Answer for the other resources that a page shows, as the function of result services does."""
    if route.names.get("layer") == "9":
        raise RequestError("The service has no layer 9.")
    if request.get("returnCountOnly"):
        return Response(orjson.dumps({"count": 1_234}))
    return Response(orjson.dumps(LAYER_DOCUMENTS[route.resource]))


LAYER_PAGES = DirectoryPages(
    DirectorySite(descriptions=Described("Asynchronous"), read=read, stores=(STORE,))
)
