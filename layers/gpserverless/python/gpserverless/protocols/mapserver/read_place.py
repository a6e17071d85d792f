"""The place that identify asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import FeatureLimits, decode_features
from gpserverless.geometry.boxes import Box
from gpserverless.geometry.crossings import require_few_crossings
from gpserverless.geometry.geometry_types import ENVELOPE, MEMBERS, POLYGON
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.geometry.turns import list_turns_of
from gpserverless.http.fields import (
    make_known_reference,
    parse_json,
    read_number,
    read_numbers,
    read_text,
)
from gpserverless.http.picture_fields import read_box
from gpserverless.http.request import Request
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

MAX_VERTICES = 10_000
MAX_GROWN_VERTICES = 500
"""Most vertices of a geometry with a tolerance: a wide buffer of 2,000 takes minutes."""

_MAX_TEXT = 600_000
_ACCEPTED = 'x,y, xmin,ymin,xmax,ymax, or Esri JSON such as {"x": 0, "y": 0}'
_SIDES = ("xmin", "ymin", "xmax", "ymax")


def read_place(request: Request, default: SpatialReference) -> FeatureSet[Any]:
    """Return the geometry of a request, grown by its tolerance, as one feature.

    Args:
        request: The request.
        default: Spatial reference of a geometry without one.

    Raises:
        InvalidParameter: The geometry, the tolerance or what tells its length is missing or wrong.
    """
    text = read_text(request, "geometry", _MAX_TEXT)
    if not text:
        raise MissingParameter("geometry", _ACCEPTED)
    place = _decode(_read_document(request, text), default)
    distance = _read_distance(request)
    if distance:
        vertices = int(shapely.get_num_coordinates(place.geometries[0]))
        if vertices > MAX_GROWN_VERTICES:
            problem = f"it has {vertices:,} vertices"
            raise InvalidParameter("geometry", problem, f"at most {MAX_GROWN_VERTICES:,} with a tolerance")
        grown = shapely.buffer(place.geometries, distance)
        place = replace(place, geometries=np.asarray(grown), geometry_type=POLYGON)
    return place


def project_place(
    place: FeatureSet[Any], reference: SpatialReference, extent: Box | None
) -> list[shapely.Geometry]:
    """Return a place in the reference of a layer, in each turn in which it has features.

    Args:
        place: One feature.
        reference: The reference.
        extent: Bounds of all features of the layer, None for no feature.

    Raises:
        InvalidValue: PROJ cannot transform it.
    """
    shape = place.cut_at_antimeridian().project(reference).cut_at_antimeridian().geometries[0]
    if shape is None or shapely.is_empty(shape):
        return []
    return [shape, *list_turns_of(shape, find_map_edge(reference), extent)]


def _read_distance(request: Request) -> float:
    """Return the tolerance in units of the geometry."""
    tolerance = read_number(request, "tolerance", 0.0)
    if not tolerance:
        return 0.0
    box, _ = read_box(request, "mapExtent")
    text = read_text(request, "imageDisplay")
    if not text:
        raise MissingParameter("imageDisplay", "width,height,dpi, which tells the length of a pixel")
    numbers = read_numbers("imageDisplay", text, text.count(",") + 1, "width,height,dpi")
    if len(numbers) not in (2, 3) or not numbers[0] > 0:
        raise InvalidParameter("imageDisplay", f"{quoted(text)} is no size of a picture", "width,height,dpi")
    return tolerance * (box[2] - box[0]) / numbers[0]


def _read_document(request: Request, text: str) -> Mapping[str, Any]:
    if text.startswith("{"):
        document = parse_json("geometry", text, _ACCEPTED)
        if isinstance(document, Mapping):
            return document
    sides = text.count(",") + 1
    if sides == len(_SIDES):
        box, _ = read_box(request, "geometry")
        return dict(zip(_SIDES, box, strict=True))
    x, y = read_numbers("geometry", text, 2, _ACCEPTED)
    return {"x": x, "y": y}


def _decode(document: Mapping[str, Any], default: SpatialReference) -> FeatureSet[Any]:
    members = {member: kind for kind, member in MEMBERS.items()}
    kind = next((members[member] for member in document if member in members), None)
    if kind is None and ("curveRings" in document or "curvePaths" in document):
        kind = POLYGON if "curveRings" in document else "esriGeometryPolyline"
    if kind is None:
        raise InvalidParameter("geometry", "it is no geometry", _ACCEPTED)
    reference = make_known_reference("geometry", document.get("spatialReference")) or default
    bare = {name: value for name, value in document.items() if name != "spatialReference"}
    if kind == ENVELOPE:
        kind = POLYGON
    try:
        found = decode_features(
            {"geometryType": kind, "features": [{"attributes": {}, "geometry": bare}]},
            default=reference,
            limits=FeatureLimits(features=1, vertices=MAX_VERTICES),
        )
        require_few_crossings(found.geometries[0])
    except InvalidValue as error:
        raise InvalidParameter("geometry", error.problem, error.accepted or _ACCEPTED) from None
    if found.geometries[0] is None or shapely.is_empty(found.geometries[0]):
        raise InvalidParameter("geometry", "it has no coordinates", _ACCEPTED)
    return found
