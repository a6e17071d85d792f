"""Answers to queries as GeoJSON (RFC 7946), with the members that ArcGIS adds."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json.encode import list_attributes
from gpserverless.geometry.coordinate_arrays import round_shapes
from gpserverless.geometry.geometry_types import POLYGON
from gpserverless.protocols.featureserver.answers import Answer, ExtentAnswer, RowsAnswer
from gpserverless.protocols.featureserver.read_query import Shaping
from gpserverless.protocols.featureserver.write_json import make_document, write_warnings
from gpserverless.values.resolution import GEOGRAPHIC_DECIMALS, ORDINATE_DECIMALS, count_decimals

_LAST_OF_EPSG = 32_767
"""Largest code of EPSG; those above are Esri's (pro.arcgis.com: coordinate systems of ArcGIS)."""


def make_geojson(answer: Answer) -> dict[str, Any]:
    """Return an answer as a document; counts and ids are those of Esri JSON.

    Args:
        answer: The answer.
    """
    if isinstance(answer, RowsAnswer):
        return _make_collection(answer)
    document = make_document(answer)
    if not isinstance(answer, ExtentAnswer):
        return document
    box = {} if answer.extent is None else {"bbox": list(answer.extent)}
    return {"type": "FeatureCollection", **box, "features": [], **document}


def _make_collection(answer: RowsAnswer) -> dict[str, Any]:
    rows = answer.rows
    shapes = _write_shapes(rows, answer.shaping) if isinstance(rows, FeatureSet) else [None] * len(rows)
    ids = rows.object_ids.tolist() if answer.object_id_field else [None] * len(rows)
    attributes = list_attributes(rows.fields, rows.columns, slice(None))
    features = [
        {
            "type": "Feature",
            **({} if number is None else {"id": number}),
            "geometry": shape,
            "properties": properties,
        }
        for number, shape, properties in zip(ids, shapes, attributes, strict=True)
    ]
    exceeded = {"exceededTransferLimit": answer.exceeded}
    return {
        "type": "FeatureCollection",
        **_name_reference(answer.shaping),
        "properties": exceeded,
        **exceeded,
        "features": features,
        **write_warnings(answer),
    }


def _name_reference(shaping: Shaping) -> dict[str, Any]:
    """Return the member that names the reference, which ArcGIS writes for WGS 84 too."""
    if shaping.reference is None:
        return {}
    document = shaping.reference.to_json()
    code = document.get("latestWkid") or document.get("wkid")
    if code is None:
        return {}
    authority = "EPSG" if int(code) <= _LAST_OF_EPSG else "ESRI"
    return {"crs": {"type": "name", "properties": {"name": f"{authority}:{code}"}}}


def _write_shapes(rows: FeatureSet[Any], shaping: Shaping) -> list[Any]:
    """Return shapes as GeoJSON: outer rings counter-clockwise, cut at 180 degrees, without measures."""
    shapes = rows.cut_at_antimeridian().geometries
    if not shaping.z:
        shapes = np.asarray(shapely.force_2d(shapes))
    if rows.geometry_type == POLYGON:
        shapes = np.asarray(shapely.orient_polygons(shapes))
    decimals = count_decimals(shaping.reference) if shaping.decimals is None else shaping.decimals
    rounded = round_shapes(shapes, GEOGRAPHIC_DECIMALS if decimals is None else decimals, ORDINATE_DECIMALS)
    hollow = shapely.is_empty(rounded)
    texts = shapely.to_geojson(rounded)
    return [
        None if text is None or empty else orjson.Fragment(text)
        for text, empty in zip(texts.tolist(), hollow.tolist(), strict=True)
    ]
