"""The geometry of a query: what features have to do with it, in the reference of their layer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.manifest import Extent
from gpserverless.featurelayers.query import SpatialFilter, SpatialRelation
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json.decode import decode_features
from gpserverless.formats.limits import FeatureLimits
from gpserverless.geometry.crossings import require_few_crossings
from gpserverless.geometry.geometry_types import ENVELOPE, GEOMETRY_TYPES, MEMBERS, POINT, POLYLINE
from gpserverless.geometry.map_edges import find_map_edge
from gpserverless.geometry.turns import list_turns_of
from gpserverless.http.fields import make_reference
from gpserverless.protocols.featureserver.grow_geometry import (
    check_size,
    divide_sides,
    grow_geometry,
    read_distance,
)
from gpserverless.protocols.featureserver.options import ABSENT, Options
from gpserverless.protocols.featureserver.turns import bring_near, join_at_edge
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted
from gpserverless.values.spatial_reference import SpatialReference

MAX_VERTICES = 100_000
"""Most vertices of the geometry of a query."""

_MAX_TEXT = 60 * MAX_VERTICES
_TYPES = (*GEOMETRY_TYPES, ENVELOPE)
_ACCEPTED = 'Esri JSON such as {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1}, xmin,ymin,xmax,ymax or x,y'
_RELATIONS: Mapping[str, SpatialRelation] = {
    "intersects": "intersects",
    "contains": "contains",
    "within": "within",
    "crosses": "crosses",
    "touches": "touches",
    "overlaps": "overlaps",
    "envelopeintersects": "envelope_intersects",
    "indexintersects": "envelope_intersects",
}
_MET_IN_A_TURN = ("intersects", "envelope_intersects")
_RELATION_PREFIX = "esrispatialrel"
_RELATION_NAMES = ", ".join(
    f"esriSpatialRel{name}"
    for name in (
        "Intersects", "Contains", "Within", "Crosses", "Touches", "Overlaps", "EnvelopeIntersects",
        "IndexIntersects",
    )
)  # fmt: skip
_COMMAS = re.compile(r"[^\[\]{}]*")


@dataclass(frozen=True)
class LayerPlace:
    """Where the features of a layer are.

    Attributes:
        reference: Their spatial reference, None if it is not known.
        extent: Their bounds, None without any.
    """

    reference: SpatialReference | None
    extent: Extent | None = None


def read_spatial_filter(options: Options, layer: LayerPlace) -> SpatialFilter | None:
    """Return the condition on shapes of a query; None without any.

    Args:
        options: The fields of the request.
        layer: Where the features of the layer are.

    Raises:
        InvalidParameter: The geometry, its relation, its reference or the distance is wrong.
    """
    relation = _read_relation(options)
    text = options.text("geometry", _MAX_TEXT)
    distance = read_distance(options)
    if text in ABSENT:
        if distance is not None:
            raise InvalidParameter("distance", "there is no geometry to measure it from", "a geometry too")
        return None
    features = _read_features(options, text, layer.reference)
    try:
        features = _bring_near(features)
        if distance is not None:
            check_size(features)
        require_few_crossings(features.geometries[0])
        features, _ = features.repair()  # GEOS compares no polygon that crosses itself
        if distance is not None:
            features = grow_geometry(features, distance)
        return _place(features, relation, layer)
    except InvalidValue as error:
        raise InvalidParameter("geometry", error.problem, error.accepted or _ACCEPTED) from None


def _read_relation(options: Options) -> SpatialRelation:
    word = options.text("spatialRel")
    name = word.lower().removeprefix(_RELATION_PREFIX)
    relation = _RELATIONS.get(name or "intersects")
    if relation is None:
        raise InvalidParameter("spatialRel", f"{quoted(word)} is not supported", _RELATION_NAMES)
    return relation


def _read_features(options: Options, text: str, layer: SpatialReference | None) -> FeatureSet[Any]:
    """Return the geometry as one feature, in its own reference, in inSR, or in that of the layer."""
    found, document = _read_document(options, text)
    own = make_reference("geometry", document.get("spatialReference"))
    if found == ENVELOPE:
        found, document = _read_flat_envelope(document)
    reference = own or options.reference("inSR") or layer
    bare = {name: value for name, value in document.items() if name != "spatialReference"}
    feature_set = {"geometryType": found, "features": [{"attributes": {}, "geometry": bare}]}
    limits = FeatureLimits(features=1, vertices=MAX_VERTICES)
    try:
        features = decode_features(feature_set, default=reference, limits=limits)
    except InvalidValue as error:
        problem = error.problem.removeprefix("features[0]: ")
        raise InvalidParameter("geometry", problem, error.accepted or _ACCEPTED) from None
    if features.geometries[0] is None or shapely.is_empty(features.geometries[0]):
        raise InvalidParameter("geometry", "it has no coordinates", _ACCEPTED)
    return features


def _read_document(options: Options, text: str) -> tuple[str, Mapping[str, Any]]:
    """Return the type of the geometry, and the geometry as Esri JSON."""
    kind = _read_type(options)
    document: Any = _read_commas(text, kind) if _COMMAS.fullmatch(text) else None
    if document is None:
        document = options.json("geometry", _ACCEPTED, _MAX_TEXT)
    if not isinstance(document, Mapping):
        raise InvalidParameter("geometry", f"{quoted(text)} is no geometry", _ACCEPTED)
    found = _find_type(document)
    if kind and found != kind:
        raise InvalidParameter("geometry", f"it is no {kind}, as geometryType says", _ACCEPTED)
    return found, document


def _read_flat_envelope(sides: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return an envelope, as the line or point that it is if it has no width or height."""
    west, south, east, north = (sides.get(name) for name in ("xmin", "ymin", "xmax", "ymax"))
    if west == east and south == north:
        return POINT, {"x": west, "y": south}
    if west == east or south == north:
        return POLYLINE, {"paths": [[[west, south], [east, north]]]}
    return ENVELOPE, sides


def _read_type(options: Options) -> str:
    word = options.text("geometryType")
    kind = next((each for each in _TYPES if each.lower() == f"esrigeometry{_strip(word)}"), None)
    if word and kind is None:
        raise InvalidParameter("geometryType", f"{quoted(word)} is not supported", ", ".join(_TYPES))
    return kind or ""


def _strip(word: str) -> str:
    return word.lower().removeprefix("esrigeometry")


def _read_commas(text: str, kind: str) -> dict[str, Any]:
    numbers = [read_float(word) for word in text.split(",")]
    names = {2: ("x", "y"), 4: ("xmin", "ymin", "xmax", "ymax")}.get(len(numbers), ())
    wanted = {2: POINT, 4: ENVELOPE}.get(len(numbers))
    if None in numbers or not names or kind not in ("", wanted):
        accepted = {POINT: "x,y", ENVELOPE: "xmin,ymin,xmax,ymax"}.get(kind, _ACCEPTED)
        raise InvalidParameter("geometry", f"{quoted(text)} is no such geometry", accepted)
    return dict(zip(names, numbers, strict=True))


def _find_type(document: Mapping[str, Any]) -> str:
    members = {"curvePaths": "paths", "curveRings": "rings"}
    names = {members.get(name, name) for name in document}
    found = next((kind for kind, member in MEMBERS.items() if member in names), None)
    if found is None:
        raise InvalidParameter("geometry", "it has neither x, points, paths, rings nor xmin", _ACCEPTED)
    return found


def _place(features: FeatureSet[Any], relation: SpatialRelation, layer: LayerPlace) -> SpatialFilter:
    """Return the filter of a geometry in the reference of the layer, in every turn of its map."""
    reference = layer.reference
    features, moves = _project(features, reference)
    shape = features.geometries[0]
    if shape is None:
        raise InvalidValue(f"it has no place in the layer's spatial reference, {reference}")
    edge = None if reference is None else find_map_edge(reference)
    is_envelope = relation == "envelope_intersects"
    if edge is not None and (moves or not is_envelope):
        shape = join_at_edge(shape, edge)
    shapes = [shapely.envelope(shape) if is_envelope else shape]
    if edge is not None:
        turned = list_turns_of(shapes[0], edge, layer.extent)
        if relation not in _MET_IN_A_TURN:
            turned += _list_divided(features.with_geometries(shapes), turned)
        shapes += turned
    first, *others = (SpatialFilter(each, relation, _is_box(each)) for each in shapes)
    return replace(first, others=tuple(others))


def _project(features: FeatureSet[Any], target: SpatialReference | None) -> tuple[FeatureSet[Any], bool]:
    """Return a geometry in the reference of the layer, and whether it came from another one."""
    own = features.spatial_reference
    if own is None or target is None or own == target:
        return features, False
    return divide_sides(features).project(target), True


def _bring_near(features: FeatureSet[Any]) -> FeatureSet[Any]:
    own = features.spatial_reference
    if own is None:
        return features
    return features.with_geometries([bring_near(features.geometries[0], find_map_edge(own))])


def _list_divided(features: FeatureSet[Any], turned: Sequence[Any]) -> list[Any]:
    """Return a geometry as features may be divided that have one part here and another in the next turn.

    It contains such a feature in all turns together, and lies in one when it is cut at the edges of the map.
    """
    shape = features.geometries[0]
    inside = features.cut_at_antimeridian().geometries[0]
    is_cut = inside is not None and inside is not shape and not inside.equals(shape)
    together = [shapely.union_all([shape, *turned])] if turned else []
    return [*([inside] if is_cut else []), *together]


def _is_box(shape: Any) -> bool:
    """Return whether a geometry is an upright rectangle, with any number of vertices on its sides."""
    if shape.geom_type != "Polygon" or shape.interiors:
        return False
    west, south, east, north = shape.bounds
    x, y = shapely.get_coordinates(shape).T
    on_sides = np.isin(x, (west, east)) | np.isin(y, (south, north))
    return bool(on_sides.all() and abs(shape.area - (east - west) * (north - south)) <= 1e-9 * shape.area)
