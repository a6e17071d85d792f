"""The codecs and the buffers beside the limit of the libraries below them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import orjson
import shapely

from dev.benchmarks import least
from dev.benchmarks.data import UTM33, points, polygons
from dev.benchmarks.table import Table
from dev.benchmarks.timing import Effort, in_turns, no_garbage_collection, ratio
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.esri_json import decode_features, encode_features
from gpserverless.values.spatial_reference import WGS84
from gpserverless.values.units import LinearUnit

NOTE = """\
The limit of decoding is simdjson with its buffers of doubles, attributes as dicts, and shapely's ragged
constructors, without columns, checks or leniencies; the limit of encoding is shapely's ragged arrays
through orjson, with attributes that are dicts already. Milliseconds are medians, of the processor."""

Row = tuple[str, int, float, float, float | None, float | None]


def tables(effort: Effort) -> Iterator[Table]:
    """Measure decoding, encoding and buffers."""
    rounds = effort.rounds(9)
    with no_garbage_collection():
        rows = [
            row
            for features in (points(10_000), polygons(10_000, 20), polygons(1_000, 500))
            for row in measure_codecs(features, rounds)
        ]
        rows += measure_buffers(rounds)
    columns = ("", "features", "ours ms", "features/s", "limit ms", "ours / limit")
    yield Table("codecs", "Codecs and buffers", columns, tuple(rows), NOTE)


def measure_codecs(features: FeatureSet[Any], rounds: int) -> list[Row]:
    """Measure decoding and encoding of one feature set."""
    text, count = encode_features(features), len(features)
    vertices = shapely.get_num_coordinates(features.geometries).mean()
    name = "points" if vertices == 1 else f"polygons of {vertices - 1:.0f} vertices"
    known = [f["attributes"] for f in orjson.loads(text)["features"]]
    written = decode_features(text).geometries  # on the grid, so that both write the same numbers
    least_read = read_points if vertices == 1 else read_polygons
    least_write = write_points if vertices == 1 else write_polygons
    return [
        _measure_row(
            f"decode {name}", count, rounds, lambda: decode_features(text), lambda: least_read(text)
        ),
        _measure_row(
            f"encode {name}",
            count,
            rounds,
            lambda: encode_features(features),
            lambda: least_write(written, known),
        ),
    ]


def read_points(text: bytes) -> Any:
    """Read points with nothing but the libraries."""
    features = least.parse(text)
    attributes = [feature["attributes"].as_dict() for feature in features]
    geometries = [feature["geometry"] for feature in features]
    return attributes, shapely.points(least.read_centres(geometries))


def read_polygons(text: bytes) -> Any:
    """Read polygons of one ring with nothing but the libraries."""
    features = least.parse(text)
    attributes = [feature["attributes"].as_dict() for feature in features]
    return attributes, least.read_polygons([feature["geometry"] for feature in features])


def write_points(shapes: Any, attributes: list[dict[str, Any]]) -> bytes:
    """Write points with nothing but the libraries."""
    places = shapely.get_coordinates(shapes).tolist()
    return write_features([{"x": x, "y": y} for x, y in places], attributes)


def write_polygons(shapes: Any, attributes: list[dict[str, Any]]) -> bytes:
    """Write polygons of one ring with nothing but the libraries."""
    _, coordinates, (rings, _) = shapely.to_ragged_array(shapes)
    geometries = [{"rings": [coordinates[a:b]]} for a, b in pairwise(rings.tolist())]
    return write_features(geometries, attributes)


def write_features(geometries: list[Any], attributes: list[dict[str, Any]]) -> bytes:
    """Write features whose attributes are dicts."""
    features = [{"attributes": a, "geometry": g} for a, g in zip(attributes, geometries, strict=True)]
    return orjson.dumps({"features": features}, option=orjson.OPT_SERIALIZE_NUMPY)


def measure_buffers(rounds: int) -> list[Row]:
    """Measure buffers, and buffers from bytes to bytes."""
    places, shapes = points(10_000), polygons(10_000, 20)
    degrees, areas = places.project(WGS84), shapes.project(WGS84)
    distance, sent = LinearUnit(100), encode_features(places)
    works: list[tuple[str, Callable[[], Any]]] = [
        ("buffer points, plane", lambda: places.buffer(distance)),
        ("buffer points, ellipsoid", lambda: degrees.buffer(distance)),
        ("buffer polygons of 20, plane", lambda: shapes.buffer(distance)),
        ("buffer polygons of 20, ellipsoid", lambda: areas.buffer(distance)),
        ("project polygons of 20", lambda: areas.project(UTM33)),
        (
            "points from bytes to bytes, plane",
            lambda: encode_features(decode_features(sent).buffer(distance)),
        ),
    ]
    return [_measure_row(name, 10_000, rounds, work) for name, work in works]


def _measure_row(
    name: str, count: int, rounds: int, ours: Callable[[], Any], limit: Callable[[], Any] | None = None
) -> Row:
    works = (ours,) if limit is None else (ours, limit)
    seconds = in_turns(works, rounds, time.process_time)
    middle = [1000 * median(each) for each in seconds]
    beside = (middle[1], ratio(*seconds)) if limit else (None, None)
    return (name, count, middle[0], 1000 * count / middle[0], *beside)
