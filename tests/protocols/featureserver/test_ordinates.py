"""Heights, measures and multipoints, in JSON and PBF."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.layer_site import Folder, LayerSite
from tests.protocols.featureserver.pbf_reader import read_features

SHAPES = {
    "points": (["POINT ZM (1 2 3 4)", "POINT ZM (5 6 7 8)"], [[(1, 2, 3, 4)]]),
    "crowds": (["MULTIPOINT Z (1 2 3, 4 5 6, 4 5 7)"], [[(1, 2, 3), (4, 5, 6), (4, 5, 7)]]),
    "lines": (
        ["MULTILINESTRING ZM ((0 0 1 9, 3 3 2 8), (5 5 5 5, 6 6 6 6))"],
        [[(0, 0, 1, 9), (3, 3, 2, 8)], [(5, 5, 5, 5), (6, 6, 6, 6)]],
    ),
}

EXTENT = {"xmin": 0, "ymin": 0, "xmax": 9, "ymax": 9}


@pytest.fixture(scope="module")
def high(tmp_path_factory: pytest.TempPathFactory) -> LayerSite:
    """Return a site with layers of shapes with more than two ordinates."""
    folder = Folder(tmp_path_factory.mktemp("high"))
    utm = SpatialReference(25832)
    folder.publish(
        "high", {name: FeatureSet.of(shapely.from_wkt(texts), utm) for name, (texts, _) in SHAPES.items()}
    )
    return LayerSite(folder)


@pytest.mark.parametrize(("number", "name"), list(enumerate(SHAPES)))
@pytest.mark.parametrize(
    "grid", [None, {"tolerance": 0.5, "extent": {"xmin": 0, "ymin": 0, "xmax": 9, "ymax": 9}}]
)
def test_all_ordinates(high: LayerSite, number: int, name: str, grid: dict[str, object] | None) -> None:
    fields = {"returnZ": "true", "returnM": "true"} | ({"quantizationParameters": grid} if grid else {})
    parts = SHAPES[name][1]
    read = read_features(high.ask(f"high/FeatureServer/{number}/query", f="pbf", **fields).body)
    found = read.features[0]["parts"]
    assert [[tuple(round(n, 9) for n in vertex) for vertex in part] for part in found] == parts
    assert read.header["hasZ"]
    assert read.header["hasM"] == (len(parts[0][0]) == 4)


@pytest.mark.parametrize(("number", "name"), list(enumerate(SHAPES)))
def test_two_ordinates_unless_more_are_asked_for(high: LayerSite, number: int, name: str) -> None:
    read = read_features(high.ask(f"high/FeatureServer/{number}/query", f="pbf").body)
    assert read.features[0]["parts"] == [[vertex[:2] for vertex in part] for part in SHAPES[name][1]]


MEASURED = {
    "LINESTRING ZM (0 0 1 5, 4 0.1 2 6, 8 0 3 7, 8 8 4 8, 4 8.1 5 9, 0 8 6 10)": {0, 2, 3, 5},
    "POLYGON ZM ((0 0 1 5, 0 8 2 6, 4 8.1 3 7, 8 8 4 8, 8 0 5 9, 0 0 1 5))": {0, 1, 3, 4},
    "MULTILINESTRING ZM ((0 0 1 5, 4 0.1 2 6, 8 0 3 7), (20 0 1 2, 28 0 3 4))": {0, 2, 3, 4},
    "MULTIPOLYGON ZM (((0 0 1 5, 0 8 2 6, 8 8 3 7, 8 0 4 8, 0 0 1 5)),"
    "((20 0 6 7, 20 8 7 8, 24 8.1 8 9, 28 8 9 10, 28 0 10 11, 20 0 6 7)))": {0, 1, 2, 3, 5, 6, 8, 9},
    "LINESTRING M (0 0 5, 4 0.1 6, 8 0 7)": {0, 2},
    "LINESTRING Z (0 0 5, 4 0.1 6, 8 0 7)": {0, 2},
}  # fmt: skip
"""Shapes, and the places of the vertices that stay when they are simplified."""


@pytest.mark.parametrize(("text", "kept"), MEASURED.items())
def test_vertices_of_a_simplified_shape_keep_their_heights_and_measures(
    tmp_path: Path, text: str, kept: set[int]
) -> None:
    shape = shapely.from_wkt(text)
    folder = Folder(tmp_path)
    folder.publish("one", {"One": FeatureSet.of([shape, None], SpatialReference(25832))})
    fields = {"returnZ": "true", "returnM": "true", "maxAllowableOffset": "1"}
    one, none = LayerSite(folder).query("one/0", **fields)["features"]
    (parts,) = one["geometry"].values()
    ordinates = shapely.get_coordinates(shape, include_z=shape.has_z, include_m=shape.has_m).tolist()
    assert {tuple(vertex) for part in parts for vertex in part} == {tuple(ordinates[i]) for i in kept}
    assert none["geometry"] is None


def test_heights_in_json(high: LayerSite) -> None:
    both = {"returnZ": "true", "returnM": "true"}
    assert high.query("high/0", **both)["features"][0]["geometry"] == {"x": 1, "y": 2, "z": 3, "m": 4}
    assert high.query("high/1", returnZ="true")["features"][0]["geometry"] == {
        "points": [[1, 2, 3], [4, 5, 6], [4, 5, 7]]
    }
    document = high.query(
        "high/0", quantizationParameters={"tolerance": 0.5, "originPosition": "lowerLeft"}, **both
    )
    assert document["transform"]["scale"] == [0.5, 0.5, 0.0001, 0.0001]
    assert document["features"][1]["geometry"] == {"x": 8, "y": 8, "z": 70_000, "m": 80_000}


MISSING = {
    "some": ["POINT ZM (1 2 3 NaN)", "POINT ZM (1 2 NaN 4)"],
    "none": ["POINT ZM (1 2 NaN NaN)", "POINT ZM (5 6 NaN NaN)"],
    "parts": ["LINESTRING ZM (0 0 1 NaN, 3 3 NaN NaN)"],
    "heights": ["LINESTRING ZM (0 0 1 NaN, 3 3 0 NaN)"],
}
GRID = {"tolerance": 0.5, "extent": EXTENT}


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> LayerSite:
    """Return a site with layers of shapes of which vertices lack a height or a measure."""
    folder = Folder(tmp_path_factory.mktemp("gaps"))
    utm = SpatialReference(25832)
    folder.publish("gaps", {name: FeatureSet.of(shapely.from_wkt(t), utm) for name, t in MISSING.items()})
    return LayerSite(folder)


def test_json_writes_null_for_a_missing_ordinate(gaps: LayerSite) -> None:
    both = {"returnZ": "true", "returnM": "true"}
    found = [each["geometry"] for each in gaps.query("gaps/0", **both)["features"]]
    assert found == [{"x": 1, "y": 2, "z": 3, "m": None}, {"x": 1, "y": 2, "z": None, "m": 4}]


def test_a_layer_offers_the_formats_that_can_hold_its_ordinates(high: LayerSite, gaps: LayerSite) -> None:
    for site, numbers, is_whole in (
        (high, range(len(SHAPES)), True),
        (gaps, (1, 3), True),
        (gaps, (0, 2), False),
    ):
        for number in numbers:
            layer = site.ask(f"{'high' if site is high else 'gaps'}/FeatureServer/{number}").json
            assert layer["supportedQueryFormats"] == ("JSON, geoJSON, PBF" if is_whole else "JSON, geoJSON")
            assert layer["supportsCoordinatesQuantization"] is is_whole


@pytest.mark.parametrize("fields", [{"f": "pbf"}, {"f": "pbf", "quantizationParameters": GRID}])
@pytest.mark.parametrize(("number", "z"), [(1, False), (3, True)])
def test_what_no_vertex_has_is_left_out_of_pbf(
    gaps: LayerSite, number: int, z: bool, fields: dict[str, object]
) -> None:
    body = gaps.ask(f"gaps/FeatureServer/{number}/query", returnZ="true", returnM="true", **fields).body
    read = read_features(body)
    assert (read.header["hasZ"], read.header["hasM"]) == (z, False)
    assert {len(vertex) for part in read.features[0]["parts"] for vertex in part} == {2 + z}


def test_what_no_vertex_has_is_left_out_of_quantized_json(gaps: LayerSite) -> None:
    document = gaps.query("gaps/1", returnZ="true", returnM="true", quantizationParameters=GRID)
    assert "hasZ" not in document
    assert set(document["features"][0]["geometry"]) == {"x", "y"}


@pytest.mark.parametrize("fields", [{"f": "pbf"}, {"quantizationParameters": GRID}])
@pytest.mark.parametrize(("number", "asked"), [(0, "returnZ"), (0, "returnM"), (2, "returnZ")])
def test_an_ordinate_that_some_vertices_lack_is_refused_and_never_zero(
    gaps: LayerSite, number: int, asked: str, fields: dict[str, object]
) -> None:
    answer = gaps.ask(f"gaps/FeatureServer/{number}/query", **{asked: "true"}, **fields).json
    (sentence,) = answer["error"]["details"]
    assert f"'{asked}'" in sentence
    assert "f=json" in sentence
    assert "error" not in gaps.query(f"gaps/{number}", **{asked: "true"})
