"""What a reference case may expect of a tool's first output: one function for each kind of check."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from gpserverless.formats.esri_json import decode_features
from gpserverless.toolkit.run import Message
from tests.tools.tool_run import DATA

GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Seen:
    """What a tool gave back.

    Attributes:
        document: The first output's value, as Esri JSON.
        messages: What the tool said.
        check: The check at hand.
        given: The parameters of the case.
        files: The files that the tool made, by name.
    """

    document: dict[str, Any]
    messages: tuple[Message, ...]
    check: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def attributes(self) -> list[dict[str, Any]]:
        """Attributes of the features that the check is about, by small names."""
        rows = [{k.lower(): v for k, v in f["attributes"].items()} for f in self.document["features"]]
        return [rows[index] for index in self.chosen]

    @property
    def shapes(self) -> NDArray[np.object_]:
        """Shapes of the features that the check is about."""
        return decode_features(self.document).geometries[self.chosen]

    @property
    def chosen(self) -> list[int]:
        """Indices of the features that the check is about: one, those with an attribute, or all."""
        features, wanted = self.document["features"], self.check.get("feature", "all")
        if isinstance(wanted, int):
            return [wanted]
        if isinstance(wanted, dict):
            return [i for i, f in enumerate(features) if wanted.items() <= f["attributes"].items()]
        return list(range(len(features)))

    def near(self, value: Any) -> Any:
        """Return an expected number with the check's tolerance."""
        if isinstance(value, str) or value is None:
            return value
        return pytest.approx(value, rel=self.check.get("rtol"), abs=self.check.get("atol"))


def count(seen: Seen) -> None:
    assert len(seen.document["features"]) == seen.check["value"]


def geometry_type(seen: Seen) -> None:
    accepted = seen.check["value"]
    assert seen.document["geometryType"] in ([accepted] if isinstance(accepted, str) else accepted)


def spatial_reference(seen: Seen) -> None:
    assert seen.check["value"] in seen.document["spatialReference"].values()


def planar_area(seen: Seen) -> None:
    assert shapely.area(seen.shapes).sum() == seen.near(seen.check["value"])


def planar_length(seen: Seen) -> None:
    assert shapely.length(seen.shapes).sum() == seen.near(seen.check["value"])


def areas_sorted(seen: Seen) -> None:
    assert sorted(shapely.area(seen.shapes)) == seen.near(seen.check["value"])


def geodesic_area(seen: Seen) -> None:
    parts = shapely.orient_polygons(shapely.segmentize(shapely.get_parts(seen.shapes), 0.5))
    areas = [abs(GEOD.geometry_area_perimeter(part)[0]) for part in parts]
    assert sum(areas) == seen.near(seen.check["value"])


def bounds(seen: Seen) -> None:
    assert shapely.total_bounds(seen.shapes) == seen.near(seen.check["value"])


def bounds_y(seen: Seen) -> None:
    assert shapely.total_bounds(seen.shapes)[[1, 3]] == seen.near(seen.check["value"])


def parts(seen: Seen) -> None:
    assert [len(shapely.get_parts(shape)) for shape in seen.shapes] == [seen.check["value"]] * len(
        seen.shapes
    )


def orientation(seen: Seen) -> None:
    outer = [shapely.LinearRing(f["geometry"]["rings"][0]) for f in seen.document["features"]]
    assert not shapely.is_ccw(outer).any()


def vertices_at_distance(seen: Seen) -> None:
    x, y = shapely.get_coordinates(seen.shapes).T
    to = seen.check["to"]
    if seen.check["method"] == "planar":
        far = np.hypot(x - to["x"], y - to["y"])
    else:  # but for the edges along 180 degrees and the poles, where a zone is cut
        drawn = (np.abs(np.abs(x) - 180) > 1e-7) & (np.abs(np.abs(y) - 90) > 1e-7)
        x, y = x[drawn], y[drawn]
        far = GEOD.inv(np.full(len(x), to["x"]), np.full(len(x), to["y"]), x, y)[2]
    assert len(far) > 8
    assert far == seen.near(seen.check["value"])


def boundary_distance(seen: Seen) -> None:
    line = shapely.LineString(seen.check["to"])
    lon, lat = shapely.get_coordinates(shapely.segmentize(line, line.length / 8000)).T
    outline = shapely.get_coordinates(seen.shapes)
    for x, y in outline[:: max(1, len(outline) // 50)]:
        near = np.argsort(np.hypot((lon - x) * np.cos(np.radians(y)), lat - y))[:400]
        far = GEOD.inv(np.full(len(near), x), np.full(len(near), y), lon[near], lat[near])[2].min()
        assert far == seen.near(seen.check["value"])


def contains_points(seen: Seen) -> None:
    assert [p for p in seen.check["points"] if not shapely.intersects_xy(seen.shapes, *p).any()] == []


def excludes_points(seen: Seen) -> None:
    assert [p for p in seen.check["points"] if shapely.intersects_xy(seen.shapes, *p).any()] == []


def lon_range(seen: Seen) -> None:
    world = shapely.box(-180, -90, 180, 90)
    assert shapely.covers(world, seen.shapes).all()
    for ring in shapely.get_rings(seen.shapes):
        x, y = shapely.get_coordinates(ring).T
        jumps = np.abs(np.diff(x)) > 180
        assert (np.abs(y[:-1][jumps]) > 89.9).all(), "a ring runs across the map away from the poles"


def coords(seen: Seen) -> None:
    assert shapely.get_coordinates(seen.shapes)[0] == seen.near(seen.check["value"])


def coords_line(seen: Seen) -> None:
    assert shapely.get_coordinates(seen.shapes) == seen.near(np.array(seen.check["value"], float))


def point_set(seen: Seen) -> None:
    found = sorted(shapely.get_coordinates(seen.shapes).round(9).tolist())
    assert found == seen.near(np.array(sorted(seen.check["value"]), float))


def valid(seen: Seen) -> None:
    assert shapely.is_valid(seen.shapes).all()


def areas_equal(seen: Seen) -> None:
    areas = shapely.area(seen.shapes)
    assert areas == seen.near(np.full(len(areas), areas[0]))


def each_contains_own_point(seen: Seen) -> None:
    """Each point of the input lies in a shape of its own; the check carries the input."""
    points = decode_features(seen.given[seen.check["of"]]).geometries
    inside = shapely.contains_properly(seen.shapes[:, None], points[None, :])
    assert (inside.sum(axis=0) == 1).all()
    assert (inside.sum(axis=1) == 1).all()


def attr(seen: Seen) -> None:
    assert seen.attributes[0][seen.check["field"].lower()] == seen.near(seen.check["value"])


def attr_set(seen: Seen) -> None:
    found = [row[seen.check["field"].lower()] for row in seen.attributes]
    assert sorted(found, key=_null_first) == sorted(seen.check["value"], key=_null_first)


def _null_first(value: Any) -> tuple[bool, Any]:
    return value is not None, value


def attr_set_unique(seen: Seen) -> None:
    assert sorted({row[seen.check["field"].lower()] for row in seen.attributes}) == seen.check["value"]


def raster_interior(seen: Seen) -> None:
    name = seen.document["url"].rpartition("/")[2]
    with rasterio.MemoryFile(seen.files[name]) as file, file.open() as dataset:
        cells = dataset.read(1, masked=True)[2:-2, 2:-2]
    assert not np.ma.getmaskarray(cells).any()
    assert cells.astype(float).filled() == seen.near(seen.check["value"])


def field_absent(seen: Seen) -> None:
    names = {f["name"].lower() for f in seen.document["fields"]}
    assert names.isdisjoint(name.lower() for name in seen.check["fields"])


def field_present(seen: Seen) -> None:
    names = {f["name"].lower() for f in seen.document["fields"]}
    assert {name.lower() for name in seen.check["fields"]} <= names


def matches_layer(seen: Seen) -> None:
    key = seen.check["key"]
    layer = json.loads((DATA / seen.check["layer"].removeprefix("data/")).read_text("utf-8"))
    areas = shapely.area(decode_features(layer).geometries)
    keys = [feature["attributes"][key] for feature in layer["features"]]
    wanted = dict(zip(keys, areas, strict=True))
    found = zip(seen.attributes, shapely.area(seen.shapes), strict=True)
    wrong = [row[key.lower()] for row, area in found if area != seen.near(wanted[row[key.lower()]])]
    assert len(wrong) <= seen.check["worst_ok"], wrong


def message(seen: Seen) -> None:
    assert seen.check["type"] in {f"esriJobMessageType{m.kind.capitalize()}" for m in seen.messages}


CHECKS: dict[str, Callable[[Seen], None]] = {
    check.__name__: check
    for check in (
        *(count, geometry_type, spatial_reference, planar_area, planar_length, geodesic_area),
        *(areas_sorted, point_set, bounds, bounds_y, parts),
        *(orientation, vertices_at_distance, boundary_distance, contains_points, excludes_points, lon_range),
        *(coords, attr, attr_set, field_absent, message),
        *(coords_line, point_set, valid, areas_equal, each_contains_own_point),
        *(attr_set_unique, raster_interior),
        *(field_present, matches_layer),
    )
}
"""The checks by the names that cases use."""
