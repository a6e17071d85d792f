"""Features that are stored beyond 180 degrees, or beyond the edge of Web Mercator, found from every turn.

The truth is computed in degrees: a feature meets a geometry if it does so in any of nine turns of the earth.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import WGS84, SpatialReference
from tests.protocols.featureserver.layer_site import Folder, LayerSite

WEB = SpatialReference(102100, 3857)
TURNS = range(-4, 5)
HALF_WORLD = 20037508.342789244
COUNT = 400
LAYERS = {"degrees": "far/0", "metres": "far/1", "points": "far/2"}
TO_METRES = Transformer.from_crs(4326, 3857, always_xy=True)


def to_metres(shapes: Any) -> Any:
    """Return shapes in Web Mercator, with the turns that their longitudes have."""

    def move(places: np.ndarray) -> np.ndarray:
        _, y = TO_METRES.transform(np.zeros(len(places)), places[:, 1])
        return np.column_stack([places[:, 0] / 180 * HALF_WORLD, y])

    return shapely.transform(shapes, move)


def make_boxes() -> np.ndarray:
    """Return small boxes from two turns in the west to two in the east, and five places at the edge."""
    chance = np.random.default_rng(19)
    x, y = chance.uniform(-700, 700, COUNT).round(3), chance.uniform(-80, 78, COUNT).round(3)
    boxes = shapely.box(x, y, x + chance.uniform(0.2, 6, COUNT).round(3), y + 2)
    edges = [
        shapely.box(178, 10, 183, 12),
        shapely.box(-183, 20, -178, 22),
        shapely.MultiPolygon([shapely.box(178, 30, 180, 32), shapely.box(-180, 30, -177, 32)]),
        shapely.box(-180, 40, -179, 42),
        shapely.box(179, 40, 180, 42),
    ]
    return np.array([*boxes, *edges], object)


@pytest.fixture(scope="module")
def boxes() -> np.ndarray:
    return make_boxes()


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory, boxes: np.ndarray) -> LayerSite:
    folder = Folder(tmp_path_factory.mktemp("far"))
    points = shapely.centroid(boxes)
    folder.publish(
        "far",
        {
            "Degrees": FeatureSet.of(boxes, WGS84),
            "Metres": FeatureSet.of(to_metres(boxes), WEB),
            "Points": FeatureSet.of(points, WGS84),
        },
    )
    return LayerSite(folder)


def turn(shape: Any, distance: float) -> Any:
    return shapely.transform(shape, lambda places: np.add(places, [distance, 0.0]))


def list_true(shapes: np.ndarray, geometry: Any, period: float = 360.0) -> list[int]:
    copies = [turn(geometry, each * period) for each in TURNS]
    found = np.any([shapely.intersects(each, shapes) for each in copies], axis=0)
    return [int(number) for number in np.flatnonzero(found) + 1]


def write(shape: Any) -> dict[str, Any]:
    return {"rings": [[list(place) for place in shape.exterior.coords[::-1]]]}


SLANTED = shapely.Polygon([(160.3, -70.2), (205.7, -10.1), (181.2, 70.3), (150.5, 20.1)])
GEOMETRIES = [
    shapely.box(-180, -85, 180, 85),
    shapely.box(170.1, -50.3, 179.7, 50.1),
    shapely.box(-179.9, -50.3, -150.7, 50.1),
    shapely.box(150.2, -60.1, 210.4, 60.2),
    shapely.box(-210.2, -60.1, -150.4, 60.2),
    shapely.box(100.5, 0.4, 260.7, 60.2),
    shapely.box(0.3, -20.4, 20.1, 60.7),
    SLANTED,
]


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=str)
@pytest.mark.parametrize("shifted", [-720.0, -360.0, 0.0, 360.0])
@pytest.mark.parametrize("layer", LAYERS)
def test_the_same_place_in_every_turn(
    far: LayerSite, boxes: np.ndarray, layer: str, shifted: float, geometry: Any
) -> None:
    shapes = shapely.centroid(boxes) if layer == "points" else boxes
    place, reference, wanted = turn(geometry, shifted), "4326", list_true(shapes, geometry)
    if layer == "metres" and geometry is SLANTED:  # whose sides are straight in degrees or in metres
        place, reference = to_metres(place), "102100"
        wanted = list_true(to_metres(shapes), to_metres(geometry), 2 * HALF_WORLD)
    asked = {"geometry": write(place), "geometryType": "esriGeometryPolygon", "inSR": reference}
    found = far.query(LAYERS[layer], returnIdsOnly="true", **asked)["objectIds"]
    assert found == wanted
    assert found


@pytest.mark.parametrize("layer", LAYERS)
def test_every_answer_is_of_the_same_rows(far: LayerSite, boxes: np.ndarray, layer: str) -> None:
    asked = {"geometry": "-190,-50,-170,50", "inSR": "4326"}
    shapes = shapely.centroid(boxes) if layer == "points" else boxes
    wanted = list_true(shapes, shapely.box(-190, -50, -170, 50))
    assert far.query(LAYERS[layer], returnCountOnly="true", **asked) == {"count": len(wanted)}
    page = far.query(LAYERS[layer], returnGeometry="false", **asked)
    assert [each["attributes"]["OBJECTID"] for each in page["features"]] == wanted
    figures = [{"statisticType": "count", "onStatisticField": "OBJECTID", "outStatisticFieldName": "N"}]
    (row,) = far.query(LAYERS[layer], outStatistics=figures, **asked)["features"]
    assert row["attributes"] == {"N": len(wanted)}
    extent = far.query(LAYERS[layer], returnExtentOnly="true", outSR="4326", **asked)["extent"]
    if layer != "metres":
        west, south, east, north = shapely.total_bounds(shapes[np.array(wanted) - 1])
        sides = [extent[side] for side in ("xmin", "ymin", "xmax", "ymax")]
        assert sides == pytest.approx([west, south, east, north])


CONTAINING = [(175, 190), (-185, -170), (175 + 360, 190 + 360)]


@pytest.mark.parametrize(("west", "east"), CONTAINING)
@pytest.mark.parametrize("layer", ["degrees", "metres"])
def test_a_feature_at_the_edge_is_contained_however_it_is_stored(
    far: LayerSite, layer: str, west: float, east: float
) -> None:
    rings = [[[west, 5], [west, 45], [east, 45], [east, 5], [west, 5]]]
    found = far.query(
        LAYERS[layer],
        geometry={"rings": rings},
        inSR="4326",
        spatialRel="esriSpatialRelContains",
        where=f"OBJECTID > {COUNT}",
        returnIdsOnly="true",
    )
    assert found["objectIds"] == [COUNT + 1, COUNT + 2, COUNT + 3, COUNT + 4, COUNT + 5]


def test_a_geometry_that_is_cut_at_the_edge_contains_what_lies_across_it(far: LayerSite) -> None:
    parts = [[[x, 5], [x, 45], [x + w, 45], [x + w, 5], [x, 5]] for x, w in ((170, 10), (-180, 15))]
    asked = {"geometry": {"rings": parts}, "spatialRel": "esriSpatialRelContains", "returnIdsOnly": "true"}
    found = far.query("far/0", where=f"OBJECTID > {COUNT}", **asked)
    assert found["objectIds"] == [COUNT + 1, COUNT + 2, COUNT + 3, COUNT + 4, COUNT + 5]


@pytest.mark.parametrize("shifted", [-360, 0, 360])
def test_a_point_within_a_feature(far: LayerSite, shifted: int) -> None:
    asked = {"geometry": f"{181 + shifted},11", "geometryType": "esriGeometryPoint", "returnIdsOnly": "true"}
    for relation in ("Intersects", "Within"):
        found = far.query(
            "far/0", spatialRel=f"esriSpatialRel{relation}", where=f"OBJECTID > {COUNT}", **asked
        )
        assert found["objectIds"] == [COUNT + 1]


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("shifted", [-720, 0, 360])
def test_a_distance_from_a_place_in_any_turn(far: LayerSite, layer: str, shifted: int) -> None:
    asked = {
        "geometryType": "esriGeometryPoint",
        "inSR": "4326",
        "distance": "200000",
        "returnIdsOnly": "true",
    }
    here = far.query(LAYERS[layer], geometry="179.5,11", **asked)["objectIds"]
    assert COUNT + 1 in here
    assert far.query(LAYERS[layer], geometry=f"{179.5 + shifted},11", **asked)["objectIds"] == here


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    "geometry",
    [
        {"x": 1e308, "y": 0},
        {"x": -1e15, "y": 2},
        {"paths": [[[1e308, 0], [-1e308, 1]]]},
        {"xmin": -1e308, "ymin": 0, "xmax": 1e308, "ymax": 1},
    ],
)
def test_places_beyond_all_turns_are_answered(far: LayerSite, layer: str, geometry: dict[str, Any]) -> None:
    number = layer_number(layer)
    answer = far.ask(
        f"far/FeatureServer/{number}/query", geometry=geometry, inSR="4326", returnCountOnly="true"
    ).json
    assert "count" in answer or answer["error"]["code"] == 400


def layer_number(layer: str) -> str:
    return LAYERS[layer].partition("/")[2]


def list_shapes(kind: str, boxes: np.ndarray) -> np.ndarray:
    """Return shapes of a kind at the places of boxes."""
    if kind == "polygons":
        return boxes
    corners = [shapely.get_coordinates(shapely.get_parts(box)[0])[:3] for box in boxes]
    make = {"points": lambda places: shapely.Point(places[0]), "lines": shapely.LineString}
    return np.array([make.get(kind, shapely.MultiPoint)(places) for places in corners], object)


@pytest.mark.parametrize("kind", ["points", "multipoints", "lines", "polygons"])
@pytest.mark.parametrize(
    "where", ["", "OBJECTID < 9", "OBJECTID = 1", f"OBJECTID = {COUNT + 1}", "OBJECTID < 0"]
)
def test_an_extent_in_another_map_is_that_of_its_features(tmp_path: Path, kind: str, where: str) -> None:
    """Features beyond the edge come back into the map when they are projected; so does their extent."""
    folder = Folder(tmp_path)
    folder.publish("far", {"Far": FeatureSet.of(list_shapes(kind, make_boxes()), WGS84)})
    site = LayerSite(folder)
    features = site.query("far/0", where=where, outSR="3857")["features"]
    answer = site.query("far/0", where=where, outSR="3857", returnExtentOnly="true", returnCountOnly="true")
    sides = [answer["extent"][side] for side in ("xmin", "ymin", "xmax", "ymax")]
    assert answer["count"] == len(features)
    shapes = [each["geometry"] for each in features if each["geometry"]]  # others lie too many turns away
    if not shapes:
        assert sides == ["NaN"] * 4
        return
    places = np.array([place for shape in shapes for place in list_places(shape)])
    assert sides == pytest.approx([*places.min(axis=0), *places.max(axis=0)], abs=0.001)


def list_places(geometry: dict[str, Any]) -> list[list[float]]:
    if "x" in geometry:
        return [[geometry["x"], geometry["y"]]]
    parts = geometry.get("rings") or geometry.get("paths") or [geometry["points"]]
    return [place for part in parts for place in part]
