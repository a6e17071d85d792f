"""Features that identify and find have found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
import shapely

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.formats.esri_json import encode_features
from gpserverless.http.fields import read_flag, read_number
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.mapserver.attributes import AttributeStyle, write_value
from gpserverless.protocols.mapserver.ports import MapLayer
from gpserverless.values.spatial_reference import SpatialReference

MOST_HITS = 500
"""Most features of an answer."""

_MOST_DECIMALS = 15


@dataclass(frozen=True)
class HitStyle:
    """How features are written.

    Attributes:
        attributes: How their attributes are.
        with_geometry: Whether their shapes are wanted.
        reference: Spatial reference of the shapes; None for that of the layer.
        offset: Distance by which simpler shapes may differ, in that reference.
        decimals: Decimals of coordinates; None for those of the reference.
        z: Whether heights are wanted.
        m: Whether measures are wanted.
    """

    attributes: AttributeStyle
    with_geometry: bool = True
    reference: SpatialReference | None = None
    offset: float = 0.0
    decimals: int | None = None
    z: bool = False
    m: bool = False


def read_hit_style(request: Request, reference: SpatialReference | None) -> HitStyle:
    """Read how a request wants features to be written.

    Args:
        request: The request.
        reference: Spatial reference of the shapes; None for that of the layer.

    Raises:
        InvalidParameter: An option is wrong.
    """
    decimals = read_number(request, "geometryPrecision", -1.0, _MOST_DECIMALS)
    return HitStyle(
        AttributeStyle(read_flag(request, "returnFieldName"), read_flag(request, "returnUnformattedValues")),
        read_flag(request, "returnGeometry", default=True),
        reference,
        read_number(request, "maxAllowableOffset", 0.0),
        None if decimals < 0 else round(decimals),
        read_flag(request, "returnZ"),
        read_flag(request, "returnM"),
    )


def write_hits(
    layer: MapLayer, rows: FeatureSet[Any] | Table, display: str, style: HitStyle
) -> list[dict[str, Any]]:
    """Return the features of a layer as an answer has them.

    Args:
        layer: The layer.
        rows: The features with all columns.
        display: Name of the field that names a feature.
        style: How they are written.

    Raises:
        InvalidParameter: Their shapes cannot be brought to the reference that is wanted.
    """
    shapes = _write_shapes(rows, style) if isinstance(rows, FeatureSet) and style.with_geometry else None
    kind = layer.manifest.geometry_type
    columns = [rows.column(field.name).tolist() for field in rows.fields]
    named = rows.field(display)
    names = rows.column(display).tolist()
    hits = []
    for index in range(len(rows)):
        values = [column[index] for column in columns]
        hit = {
            "layerId": layer.number,
            "layerName": layer.manifest.name,
            "displayFieldName": named.name,
            "value": write_value(named, names[index]),
            "attributes": style.attributes.write(rows.fields, values, kind),
        }
        if shapes is not None:
            hit |= {"geometryType": kind, "geometry": shapes[index]}
        hits.append(hit)
    return hits


def answer_hits(request: Request, hits: Sequence[Mapping[str, Any]]) -> Response:
    """Return the answer of an identify or find, which says whether there are more hits than it may have.

    Args:
        request: The request.
        hits: The hits, with at least one more than `MOST_HITS` if there are more.
    """
    document: dict[str, Any] = {"results": hits[:MOST_HITS]}
    if len(hits) > MOST_HITS:
        document["exceededTransferLimit"] = True
    return write(document, request.answer_format)


def _write_shapes(rows: FeatureSet[Any], style: HitStyle) -> Sequence[Mapping[str, Any] | None]:
    bare = replace(rows, fields=(), columns={})
    reference = style.reference or rows.spatial_reference
    if reference is not None:
        try:
            bare = bare.project(reference)
        except InvalidValue as error:
            raise InvalidParameter("sr", error.problem, error.accepted) from None
    if style.offset:
        simpler = np.asarray(shapely.simplify(bare.geometries, style.offset))
        bare = replace(bare, geometries=simpler)
    document = orjson.loads(encode_features(bare, z=style.z, m=style.m, precision=style.decimals))
    named = {} if reference is None else {"spatialReference": reference.to_json()}
    geometries = (feature.get("geometry") for feature in document["features"])
    return [None if geometry is None else {**geometry, **named} for geometry in geometries]
