"""Shapes for maps: quantized, simplified, and as GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon, box
from shapely.geometry import shape as read_shape

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.conftest import PARCELS, PLACES, ROUTES
from tests.protocols.featureserver.layer_site import Folder, LayerSite

MERCATOR = SpatialReference(3857)


@pytest.fixture
def drawn(tmp_path: Path) -> LayerSite:
    """Return a site with shapes that a scale changes."""
    angles = np.linspace(0, 2 * np.pi, 721)
    circle = np.column_stack([1000 * np.cos(angles), 1000 * np.sin(angles)])
    hole = shapely.affinity.scale(Polygon(circle), 0.5, 0.5).exterior.coords
    tiny = [(2, 0), (2.4, 0.2), (2.2, 0.4)]
    sliver = Polygon([(5000, 0), (5000, 100), (5000.4, 100), (5000.4, 0)])
    shapes = [
        Polygon(circle, [hole, tiny]),
        MultiPolygon([box(3000, 0, 3100, 100), box(3200, 0, 3200.3, 0.3)]),
        box(4000, 0, 4000.2, 0.2),
        None,
        sliver,
    ]
    folder = Folder(tmp_path)
    lines = [LineString([(x, np.sin(x / 10)) for x in range(500)])]
    folder.publish(
        "drawn",
        {"Areas": FeatureSet.of(shapes, MERCATOR), "Lines": FeatureSet.of(lines, MERCATOR)},
    )
    return LayerSite(folder)


def quantize(tolerance: float) -> dict[str, Any]:
    extent = {"xmin": -2000, "ymin": -2000, "xmax": 6000, "ymax": 2000, "spatialReference": {"wkid": 3857}}
    return {"mode": "view", "originPosition": "upperLeft", "tolerance": tolerance, "extent": extent}


def restore(document: dict[str, Any]) -> list[Any]:
    """Return the rings of features as clients draw them, None for none."""
    x, y = document["transform"]["translate"]
    scale = np.array(document["transform"]["scale"]) * (1, -1)
    return [
        None
        if f["geometry"] is None
        else [np.cumsum(r, axis=0) * scale + (x, y) for r in f["geometry"]["rings"]]
        for f in document["features"]
    ]


def compute_area(ring: Any) -> float:
    x, y = np.array(ring).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_quantized_shapes_are_the_shapes_on_a_grid(drawn: LayerSite) -> None:
    document = drawn.query("drawn/0", quantizationParameters=quantize(10))
    round_one, several, small, missing, sliver = restore(document)
    outer, hole = round_one
    assert compute_area(outer) < 0 < compute_area(hole), "outer rings run clockwise, holes do not"
    assert Polygon(outer, [hole]).area == pytest.approx(np.pi * 750_000, rel=0.02)
    assert all((np.diff(ring, axis=0) != 0).any(axis=1).all() for ring in round_one), "no vertex twice"
    assert len(several) == 1, "a part smaller than a step vanishes"
    assert small is missing is sliver is None
    steps = [v for f in document["features"] if f["geometry"] for r in f["geometry"]["rings"] for v in r]
    assert all(isinstance(number, int) or number.is_integer() for vertex in steps for number in vertex)


def test_every_vertex_is_at_most_half_a_step_away(drawn: LayerSite) -> None:
    (rings, *_) = restore(drawn.query("drawn/0", quantizationParameters=quantize(0.5)))
    exact = drawn.query("drawn/0")["features"][0]["geometry"]["rings"]
    apart = shapely.hausdorff_distance(LineString(rings[0]), LineString(exact[0]))
    assert apart <= 0.5 * np.sqrt(0.5) + 1e-9


def test_simplified_shapes(drawn: LayerSite) -> None:
    document = drawn.query("drawn/0", maxAllowableOffset=5)
    round_one, several, small, missing, sliver = (f["geometry"] for f in document["features"])
    exact = drawn.query("drawn/0")["features"][0]["geometry"]["rings"]
    assert len(round_one["rings"]) == 2, "a hole that vanishes is dropped"
    assert len(round_one["rings"][0]) < 100 < len(exact[0])
    assert shapely.hausdorff_distance(LineString(round_one["rings"][0]), LineString(exact[0])) <= 5
    assert len(several["rings"]) == 1
    assert len(small["rings"][0]) >= 4, "a polygon keeps a triangle"
    assert len(sliver["rings"][0]) >= 4
    assert missing is None
    (line,) = drawn.query("drawn/1", maxAllowableOffset=2)["features"][0]["geometry"]["paths"]
    assert line == [[0, 0], [499, pytest.approx(np.sin(49.9), abs=1e-4)]]


def test_geojson_is_rfc_7946(site: LayerSite) -> None:
    answer = site.ask("town/FeatureServer/1/query", f="geojson", resultRecordCount=10)
    assert answer.headers["content-type"] == "application/geo+json"
    document = answer.json
    assert document["crs"] == {"type": "name", "properties": {"name": "EPSG:4326"}}
    first = document["features"][0]
    assert (first["type"], first["id"], first["properties"]) == ("Feature", 1, {"OBJECTID": 1})
    outer, hole = first["geometry"]["coordinates"]
    assert compute_area(outer) > 0 > compute_area(hole), "outer rings run counter-clockwise"
    assert 0 <= min(min(vertex) for vertex in outer) < max(max(vertex) for vertex in outer) < 1e-3


def test_geojson_may_be_in_another_reference_which_it_names(site: LayerSite) -> None:
    document = site.query(PARCELS, f="geojson", outSR="3857", resultRecordCount=1)
    assert document["crs"]["properties"]["name"] == "EPSG:3857"
    assert read_shape(document["features"][0]["geometry"]).bounds == (0, 0, 9, 9)


def test_geojson_of_other_forms(site: LayerSite) -> None:
    assert site.query(PLACES, f="geojson")["features"][3]["geometry"] is None
    assert site.query(PLACES, f="geojson", returnCountOnly="true") == {"count": 7}
    assert site.query(PLACES, f="geojson", returnIdsOnly="true")["objectIds"] == [10, 20, 30, 40, 50, 60, 70]
    extent = site.query(
        PLACES, f="geojson", returnExtentOnly="true", objectIds="10,30", returnCountOnly="true"
    )
    assert extent["type"] == "FeatureCollection"
    assert (extent["bbox"], extent["count"], extent["features"]) == ([10, 50, 12, 51], 2, [])
    lines = site.query(ROUTES, f="geojson", returnZ="true")["features"][0]["geometry"]
    assert [len(vertex) for vertex in lines["coordinates"]] == [3, 3, 3]
    figures = [{"statisticType": "max", "onStatisticField": "POP", "outStatisticFieldName": "m"}]
    (feature,) = site.query(PLACES, f="geojson", outStatistics=figures)["features"]
    assert feature == {"type": "Feature", "geometry": None, "properties": {"m": 30}}


def test_shapes_across_180_degrees_are_cut_in_geojson(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.publish("sea", {"Straits": FeatureSet.of([box(170, 0, 190, 10)], SpatialReference(4326))})
    site = LayerSite(folder)
    geometry = read_shape(site.query("sea/0", f="geojson")["features"][0]["geometry"])
    assert geometry.geom_type == "MultiPolygon"
    assert geometry.bounds == (-180, 0, 180, 10)
    assert geometry.area == pytest.approx(200)


@pytest.mark.parametrize("format_name", ["json", "pbf"])
def test_a_grid_too_fine_for_whole_numbers_is_refused(drawn: LayerSite, format_name: str) -> None:
    sentence = drawn.refuse("drawn/0", quantizationParameters=quantize(1e-300), f=format_name)
    assert sentence.startswith("Parameter 'quantizationParameters': its tolerance is too small")


@pytest.mark.parametrize(
    ("reference", "name"), [(4326, "EPSG:4326"), (102100, "EPSG:3857"), (102008, "ESRI:102008")]
)
def test_geojson_names_who_defines_its_reference(site: LayerSite, reference: int, name: str) -> None:
    assert site.query(PLACES, f="geojson", outSR=reference)["crs"]["properties"] == {"name": name}
