"""How near the codecs and the buffers come to what the libraries below them can do.

`python -m benchmarks.codecs` prints a table. The limit of decoding is simdjson with its buffers of doubles,
attributes as dicts, and shapely's ragged constructors, without columns, checks or leniencies; the limit of
encoding is shapely's ragged arrays through orjson, with attributes that are dicts already. Times are of the
processor, and each round runs both sides, so that a busy machine slows both; ratios are of medians.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
import simdjson

from gpserverless.features.esri_json import decode_features, encode_features
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.spatial_reference import WGS84, SpatialReference
from gpserverless.features.units import LinearUnit

UTM33 = SpatialReference(32633)


@dataclass(frozen=True)
class Measured:
    """One line of the table: the median seconds of both sides."""

    name: str
    features: int
    ours: float
    limit: float | None = None

    def __str__(self) -> str:
        rate = f"{self.features / self.ours:>12,.0f} /s"
        ratio = "" if self.limit is None else f"{1000 * self.limit:9.1f} ms {self.ours / self.limit:6.2f}"
        return f"{self.name:<38}{self.features:>8,}{1000 * self.ours:10.1f} ms{rate}{ratio}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="pairs of runs for each line")
    rounds = parser.parse_args().rounds
    gc.disable()  # as `perform` does
    print(f"{'':<38}{'features':>8}{'ours':>13}{'':>15}{'limit':>12}{'ratio':>7}")
    for features in (points(10_000), polygons(10_000, 20), polygons(1_000, 500)):
        for line in codecs(features, rounds):
            print(line)
    for line in buffers(rounds):
        print(line)


def points(count: int) -> FeatureSet[Any]:
    """Return points over a city, with an id, a name and a number."""
    places = np.random.default_rng(1).uniform(-1e5, 1e5, (count, 2))
    return with_attributes(np.asarray(shapely.points(places)), UTM33)


def polygons(count: int, vertices: int) -> FeatureSet[Any]:
    """Return star-shaped polygons of so many vertices, apart from each other."""
    random = np.random.default_rng(2)
    angles = -np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = random.uniform(50, 100, (count, vertices))
    rings = np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=2)
    rings += random.uniform(-1e5, 1e5, (count, 1, 2))
    return with_attributes(np.asarray(shapely.polygons(rings)), UTM33)


def with_attributes(shapes: Any, reference: SpatialReference) -> FeatureSet[Any]:
    """Return a feature set with three columns, as a small layer has them."""
    number = np.arange(len(shapes))
    names = np.array([f"place {n}" for n in number], object)
    return FeatureSet.of(shapes, reference, {"NAME": names, "VALUE": number / 2})


def codecs(features: FeatureSet[Any], rounds: int) -> list[Measured]:
    """Measure reading and writing of one feature set."""
    text, count = encode_features(features), len(features)
    vertices = shapely.get_num_coordinates(features.geometries).mean()
    name = "points" if vertices == 1 else f"polygons of {vertices - 1:.0f} vertices"
    known = [f["attributes"] for f in orjson.loads(text)["features"]]
    least_read = read_points if vertices == 1 else read_polygons
    least_write = write_points if vertices == 1 else write_polygons
    read = paired(lambda: decode_features(text), lambda: least_read(text), rounds)
    write = paired(lambda: encode_features(features), lambda: least_write(features.geometries, known), rounds)
    return [Measured(f"decode {name}", count, *read), Measured(f"encode {name}", count, *write)]


def read_points(text: bytes) -> Any:
    """Read points with nothing but the libraries."""
    features = list(simdjson.Parser().parse(text)["features"])
    attributes = [feature["attributes"].as_dict() for feature in features]
    geometries = [feature["geometry"] for feature in features]
    return attributes, shapely.points(np.array([(g["x"], g["y"]) for g in geometries]))


def read_polygons(text: bytes) -> Any:
    """Read polygons of one ring with nothing but the libraries."""
    features = list(simdjson.Parser().parse(text)["features"])
    attributes = [feature["attributes"].as_dict() for feature in features]
    rings = [feature["geometry"]["rings"] for feature in features]
    buffers = [ring.as_buffer(of_type="d") for ring in rings]
    coordinates = np.frombuffer(b"".join(buffers)).reshape(-1, 2)
    offsets = (np.cumsum([0, *(len(ring[0]) for ring in rings)]), np.arange(len(rings) + 1))
    return attributes, shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, offsets)


def write_points(shapes: Any, attributes: list[dict[str, Any]]) -> bytes:
    """Write points with nothing but the libraries."""
    places = shapely.get_coordinates(shapes).tolist()
    return written([{"x": x, "y": y} for x, y in places], attributes)


def write_polygons(shapes: Any, attributes: list[dict[str, Any]]) -> bytes:
    """Write polygons of one ring with nothing but the libraries."""
    _, coordinates, (rings, _) = shapely.to_ragged_array(shapes)
    geometries = [{"rings": [coordinates[a:b]]} for a, b in pairwise(rings.tolist())]
    return written(geometries, attributes)


def written(geometries: list[Any], attributes: list[dict[str, Any]]) -> bytes:
    """Write features whose attributes are dicts already."""
    features = [{"attributes": a, "geometry": g} for a, g in zip(attributes, geometries, strict=True)]
    return orjson.dumps({"features": features}, option=orjson.OPT_SERIALIZE_NUMPY)


def buffers(rounds: int) -> list[Measured]:
    """Measure zones, and the way from bytes to bytes."""
    places, shapes = points(10_000), polygons(10_000, 20)
    degrees, areas = places.project(WGS84), shapes.project(WGS84)
    reach, sent = LinearUnit(100), encode_features(places)
    works: list[tuple[str, Callable[[], Any]]] = [
        ("buffer points, plane", lambda: places.buffer(reach)),
        ("buffer points, ellipsoid", lambda: degrees.buffer(reach)),
        ("buffer polygons of 20, plane", lambda: shapes.buffer(reach)),
        ("buffer polygons of 20, ellipsoid", lambda: areas.buffer(reach)),
        ("project polygons of 20", lambda: areas.project(UTM33)),
        ("points from bytes to bytes, plane", lambda: encode_features(decode_features(sent).buffer(reach))),
    ]
    return [Measured(name, 10_000, paired(work, lambda: None, rounds)[0]) for name, work in works]


def paired(ours: Callable[[], Any], limit: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Return the median seconds of both, run in turns after one run to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for work, seconds in zip((ours, limit), times, strict=True):
            started = time.process_time()
            work()
            seconds.append(time.process_time() - started)
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


if __name__ == "__main__":
    main()
