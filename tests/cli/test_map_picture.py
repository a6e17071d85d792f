"""The picture of a run: every shape of every layer is in it, at its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gpserverless.cli.main import main
from gpserverless.cli.map_picture import WIDTH, MapLayer, draw_map
from gpserverless.errors import CommandError
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference

SVG = "{http://www.w3.org/2000/svg}"
UTM, DEGREES = SpatialReference(25832), SpatialReference(4326)


def layer(name: str, shapes: list[Any], reference: SpatialReference | None = UTM) -> MapLayer:
    return MapLayer(name, FeatureSet.of(shapes, reference))


def draw(*layers: MapLayer) -> ElementTree.Element:
    return ElementTree.fromstring(draw_map(layers, "Rivers & <Zones>"))


def circles(picture: ElementTree.Element) -> list[tuple[float, float]]:
    return [(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in picture.iter(f"{SVG}circle")]


def test_north_is_up_and_east_is_right() -> None:
    (west, low), (east, high) = circles(draw(layer("wells", [Point(0, 0), Point(100, 50)])))
    assert west < east
    assert low > high
    assert (low - high) / (east - west) == pytest.approx(0.5, abs=0.01)


def test_degrees_of_longitude_shrink_with_latitude() -> None:
    (west, low), (east, high) = circles(draw(layer("wells", [Point(8, 59), Point(10, 61)], DEGREES)))
    assert (east - west) / (low - high) == pytest.approx(0.5, abs=0.01)  # cos 60 degrees


def test_holes_and_parts_are_drawn_in_one_path_a_polygon() -> None:
    holed = Polygon(box(0, 0, 10, 10).exterior, [box(4, 4, 6, 6).exterior.reverse()])
    paths = [
        each.attrib["d"]
        for each in draw(layer("z", [MultiPolygon([holed, box(20, 0, 30, 10)])])).iter(f"{SVG}path")
    ]
    assert [path.count("M") for path in paths] == [2, 1]


def test_points_lie_above_what_is_made_of_them() -> None:
    wells = layer("wells", [Point(5, 5)])
    groups = draw(wells, layer("zones", [box(0, 0, 10, 10)])).findall(f"{SVG}g")
    assert [[each.tag for each in group] for group in groups] == [[f"{SVG}path"], [f"{SVG}circle"]]


def test_layers_meet_in_the_reference_of_the_last() -> None:
    picture = draw(
        layer("a", [Point(9, 0.00001)], DEGREES), layer("b", [Point(500_000, 0), Point(500_100, 100)])
    )
    (x, y), (other_x, other_y), _ = circles(picture)
    assert (x, y) == pytest.approx((other_x, other_y), abs=15)


def test_legend_names_layers_and_escapes() -> None:
    texts = [each.text for each in draw(layer("<lines>", [LineString([(0, 0), (1, 1)])])).iter(f"{SVG}text")]
    assert texts == ["Rivers & <Zones>", "<lines>: 1"]


def test_one_point_and_missing_shapes_are_drawn() -> None:
    ((x, _),) = circles(draw(layer("w", [Point(3, 4), None, Point()])))
    assert x == pytest.approx(WIDTH / 2, abs=1)


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(CommandError, match="neither the inputs nor the outputs have a shape"):
        draw(layer("w", [None]))


@pytest.fixture
def wells(tmp_path: Path) -> Path:
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [7.1, 50.7]}}
    path = tmp_path / "wells.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [point]}), "utf-8")
    return path


def run(wells: Path, picture: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    words = [
        "run",
        "Samples/BufferPoints",
        "--points",
        str(wells),
        "--distance",
        "5 km",
        "--map",
        str(picture),
    ]
    monkeypatch.setattr("sys.argv", ["gpserverless", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_run_writes_the_picture(wells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = wells.with_name("zones.svg")
    assert run(wells, picture, monkeypatch) == 0
    drawn = ElementTree.parse(picture).getroot()
    assert len(circles(drawn)) == 1
    assert len(list(drawn.iter(f"{SVG}path"))) == 1


def test_picture_of_another_type_is_refused_before_the_run(
    wells: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(wells, wells.with_name("zones.png"), monkeypatch) == 2
    assert "no picture is written as 'zones.png'; accepted is .svg" in capsys.readouterr().err
