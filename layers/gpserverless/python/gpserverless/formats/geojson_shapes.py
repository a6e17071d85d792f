"""Geometries of GeoJSON as shapely geometries of one Esri type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import orjson
import shapely
import simdjson
from numpy.typing import NDArray
from shapely import GeometryType

from gpserverless.errors import InvalidValue
from gpserverless.formats.esri_json.document import check_unique_names
from gpserverless.formats.esri_json.geometries import LARGEST_ORDINATE
from gpserverless.formats.geojson_repair import ACCEPTED_GEOMETRY, Losses, repair_geometry
from gpserverless.geometry.geometry_types import (
    MULTIPOINT,
    PLURALS,
    POINT,
    POLYGON,
    POLYLINE,
    name_geometry_type,
)
from gpserverless.values.counts import list_some, write_count
from gpserverless.values.json_members import count_members

Shapes = NDArray[np.object_]
Warn = Callable[[str], None] | None

_BY_NAME = {
    "MultiPoint": MULTIPOINT,
    "LineString": POLYLINE,
    "MultiLineString": POLYLINE,
    "Polygon": POLYGON,
    "MultiPolygon": POLYGON,
}
_COLLECT: dict[str, Callable[[Any], Any]] = {
    POINT: shapely.multipoints,
    MULTIPOINT: shapely.multipoints,
    POLYLINE: shapely.multilinestrings,
    POLYGON: shapely.multipolygons,
}


def read_shapes(
    features: Sequence[Any], accepted: frozenset[str], limit: int, warn: Warn
) -> tuple[Shapes, str]:
    """Read the geometries of features; return them, None for null and empty ones, and their Esri type.

    Args:
        features: N features, as simdjson objects or dicts.
        accepted: Accepted Esri geometry types; empty for any.
        limit: Most vertices of all geometries together.
        warn: Takes a sentence if parts without extent were dropped.

    Raises:
        InvalidValue: A geometry is malformed or of another type, the types differ, or there are too many
            vertices.
    """
    texts = [_get_text(feature, index) for index, feature in enumerate(features)]
    shapes = _parse(texts, warn)
    shapes[shapely.is_empty(shapes)] = None
    count = int(shapely.get_num_coordinates(shapes).sum())
    if count > limit:
        raise InvalidValue(f"it holds {count} vertices", f"at most {limit} vertices")
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    sound = (np.abs(coordinates) < LARGEST_ORDINATE).all(axis=1)
    if not sound.all():
        raise InvalidValue(
            f"features[{owners[np.argmin(sound)]}]: an ordinate is not finite", "finite numbers"
        )
    empty_type = min(accepted, default=_find_declared_type(texts))
    return _make_alike(_unpack_collections(shapes), accepted, empty_type)


def _get_text(feature: Any, index: int) -> bytes | None:
    geometry = get_geometry_of(feature, index)
    if geometry is None:
        check_unique_names(feature, f"features[{index}]")
        return None
    if isinstance(geometry, simdjson.Object):
        if len(geometry) > 2:
            check_unique_names(geometry, f"features[{index}]: its geometry")
        text: Any = geometry.mini
        return bytes(text)
    if isinstance(geometry, dict):
        count_members(geometry)
        return orjson.dumps(geometry)
    raise InvalidValue(f"features[{index}]: a geometry is not a JSON object", ACCEPTED_GEOMETRY)


def get_geometry_of(feature: Any, index: int) -> Any:
    """Return the geometry of a feature of GeoJSON, None if it has none.

    Args:
        feature: A simdjson object or a dict.
        index: Its place, for the error.

    Raises:
        InvalidValue: The feature is not an object.
    """
    if not isinstance(feature, simdjson.Object | dict):
        raise InvalidValue(f"features[{index}] is not a feature", '{"type": "Feature", "geometry": …}')
    return feature.get("geometry")


def _parse(texts: list[bytes | None], warn: Warn) -> Shapes:
    """Parse all at once; where that fails, or rings are too short, repair what GEOS does not read."""
    every = np.array([*texts, None], object)[:-1]
    try:
        shapes = np.asarray(shapely.from_geojson(every), object)
        doubtful = _find_short_rings(shapes)
    except shapely.GEOSException:
        shapes = np.full(len(texts), None, object)
        doubtful = [index for index, text in enumerate(texts) if text is not None]
    losses: Losses = Counter()
    concerned: list[int] = []
    for index in doubtful:
        before = losses.total()
        shapes[index] = _parse_repaired(texts[index], index, losses)
        concerned += [index] if losses.total() > before else []
    if concerned and warn is not None:
        warn(_tell_losses(losses, concerned))
    return shapes


def _find_short_rings(shapes: Shapes) -> list[int]:
    parts, owners = shapely.get_parts(shapes[:], return_index=True)
    rings, polygons = shapely.get_rings(parts, return_index=True)
    short = shapely.get_num_coordinates(rings) < 4
    return np.unique(owners[polygons[short]]).tolist() if short.any() else []


def _parse_repaired(text: bytes | None, index: int, losses: Losses) -> Any:
    try:
        geometry = orjson.loads(text or b"null")
        count_members(geometry)
        repaired = repair_geometry(geometry, losses)
        return shapely.from_geojson(orjson.dumps(repaired))
    except InvalidValue as problem:
        raise InvalidValue(f"features[{index}]: {problem.problem}", problem.accepted) from None
    except shapely.GEOSException:
        raise InvalidValue(f"features[{index}]: its geometry is malformed", ACCEPTED_GEOMETRY) from None


def _tell_losses(losses: Losses, concerned: list[int]) -> str:
    counts = " and ".join(write_count(number, *nouns) for nouns, number in losses.items())
    places = list_some([f"features[{index}]" for index in concerned[:4]], len(concerned))
    return f"Dropped {counts}, of {places}."


def _unpack_collections(shapes: Shapes) -> Shapes:
    """Replace collections of one type by a geometry of several parts."""
    for index in np.flatnonzero(shapely.get_type_id(shapes) == GeometryType.GEOMETRYCOLLECTION).tolist():
        parts = shapely.get_parts(shapes[index])
        while (shapely.get_type_id(parts) == GeometryType.GEOMETRYCOLLECTION).any():
            parts = shapely.get_parts(parts)
        parts = shapely.get_parts(parts)
        kinds = {name_geometry_type(int(kind)) for kind in shapely.get_type_id(parts)}
        if len(kinds) > 1:
            raise InvalidValue(
                f"features[{index}]: it is a GeometryCollection of several types", "geometries of one type"
            )
        kind = next(iter(kinds), None)
        shapes[index] = None if kind is None else _COLLECT[kind](parts)
    return shapes


def _find_declared_type(texts: list[bytes | None]) -> str:
    """Return the type of the first geometry, of which no part may be left; of a point if there is none."""
    first = next((text for text in texts if text is not None), None)
    return POINT if first is None else _BY_NAME.get(orjson.loads(first).get("type"), POINT)


def _make_alike(shapes: Shapes, accepted: frozenset[str], empty_type: str) -> tuple[Shapes, str]:
    """Return the shapes and their one type; points beside multipoints become multipoints."""
    types = shapely.get_type_id(shapes)
    places = {name_geometry_type(int(t)): int(np.argmax(types == t)) for t in np.unique(types[types >= 0])}
    found = dict(sorted(((str(kind), place) for kind, place in places.items()), key=lambda pair: pair[1]))
    if found.keys() == {POINT, MULTIPOINT}:
        single = types == GeometryType.POINT
        shapes[single] = shapely.multipoints(shapes[single], indices=np.arange(single.sum()))
        found = {MULTIPOINT: 0}
    kinds = list(found)
    if len(kinds) > 1:
        told = " and ".join(f"{PLURALS[kind]} (features[{place}])" for kind, place in found.items())
        raise InvalidValue(f"it holds {told}", "features of one geometry type")
    kind = kinds[0] if kinds else empty_type
    if accepted and kind not in accepted:
        raise InvalidValue(f"it holds {PLURALS[kind]}", "features of type " + " or ".join(sorted(accepted)))
    return shapes, kind
