"""Properties of shapes: closed forms in the plane, GeographicLib (in PROJ) on the ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from gpserverless import AttributeField, FeatureSet, SpatialReference
from gpserverless.analysis.geometry_attributes import add_properties, read_properties, read_units
from gpserverless.analysis.geometry_properties import PROPERTIES
from gpserverless.errors import InvalidParameter
from tests.analysis.recorder import Recorder

UTM, DEGREES = SpatialReference(32633), SpatialReference(4326)
GEOD = Geod(ellps="WGS84")
RING = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(2, 2), (2, 4), (4, 4), (4, 2)]])
TWO = MultiPolygon([RING, box(20, 0, 23, 4)])
PATH = LineString([(0, 0, 0), (30, 40, 0), (30, 40, 120)])


def compute(
    shapes: Any,
    word: str,
    reference: SpatialReference | None = UTM,
    *,
    watch: Recorder | None = None,
    **options: Any,
) -> list[Any]:
    """Return one property of each shape."""
    features = FeatureSet.of(shapes, reference)
    units = read_units(options.get("length"), options.get("area"))
    wanted = options.get("target")
    found = add_properties(
        features, read_properties(f"P {word}", features), units, wanted, watch or Recorder()
    )
    return [None if value is None or np.isnan(value) else value for value in found.column("P").tolist()]


@pytest.mark.parametrize(
    ("shape", "word", "value"),
    [
        (RING, "AREA", 96),
        (RING, "PERIMETER_LENGTH", 48),
        (RING, "POINT_COUNT", 10),
        (RING, "PART_COUNT", 1),
        (RING, "HOLE_COUNT", 1),
        (TWO, "AREA", 108),
        (TWO, "PART_COUNT", 2),
        (TWO, "POINT_COUNT", 15),
        (TWO, "EXTENT_MAX_X", 23),
        (TWO, "EXTENT_MIN_Y", 0),
        (box(2, 4, 6, 14), "CENTROID_X", 4),
        (box(2, 4, 6, 14), "CENTROID_Y", 9),
        (PATH, "LENGTH", 50),
        (PATH, "LENGTH_3D", 170),
        (PATH, "LINE_START_X", 0),
        (PATH, "LINE_END_Y", 40),
        (LineString([(0, 0), (0, 5)]), "LINE_BEARING", 0),
        (LineString([(0, 0), (5, 0)]), "LINE_BEARING", 90),
        (LineString([(0, 0), (-5, 5)]), "LINE_BEARING", 315),
        (LineString([(0, 0), (5, 5), (0, 0)]), "LINE_BEARING", None),
        (MultiLineString([[(0, 0), (1, 0)], [(5, 5), (9, 7)]]), "LINE_END_X", 9),
        (Point(3, 4, 5), "POINT_Z", 5),
        (Point(3, 4), "POINT_Z", None),
        (Point(3, 4), "POINT_Y", 4),
    ],
)
def test_properties_in_the_plane(shape: Any, word: str, value: float | None) -> None:
    assert compute([shape], word) == [None if value is None else pytest.approx(value)]


def test_a_point_inside_is_inside() -> None:
    x, y = (compute([RING.difference(box(3, 3, 10, 10))], f"INSIDE_{axis}")[0] for axis in "XY")
    assert RING.contains(Point(x, y))


@pytest.mark.parametrize("word", sorted(PROPERTIES))
def test_no_shape_has_no_property(word: str) -> None:
    assert compute([None, Polygon()], word) == [None, None]


@pytest.mark.parametrize(
    ("units", "word", "shape", "value"),
    [
        ({"area": "HECTARES"}, "AREA", box(0, 0, 100, 100), 1),
        ({"area": "SQUARE_KILOMETERS"}, "AREA", box(0, 0, 1000, 1000), 1),
        ({"area": "SQUARE_FEET_INT"}, "AREA", box(0, 0, 0.3048, 0.3048), 1),
        ({"area": "ACRES_US"}, "AREA", box(0, 0, 1200 / 3937, 43_560 * 1200 / 3937), 1),
        ({"length": "FEET_US"}, "LENGTH", LineString([(0, 0), (1200, 0)]), 3937),
        ({"length": "FEET_INT"}, "LENGTH", LineString([(0, 0), (0.3048, 0)]), 1),
        ({"length": "MILES_US"}, "LENGTH", LineString([(0, 0), (5280 * 1200 / 3937, 0)]), 1),
        ({"length": "NAUTICAL_MILES_INT"}, "LENGTH", LineString([(0, 0), (1852, 0)]), 1),
        ({"length": "NAUTICAL_MILES"}, "LENGTH", LineString([(0, 0), (1853.248, 0)]), 1),
        ({"length": "KILOMETERS"}, "PERIMETER_LENGTH", box(0, 0, 250, 250), 1),
    ],
)
def test_units_are_those_of_arcgis(units: dict[str, str], word: str, shape: Any, value: float) -> None:
    assert compute([shape], word, **units) == [pytest.approx(value, rel=1e-12)]


def test_without_a_unit_the_size_is_in_that_of_the_reference() -> None:
    feet = SpatialReference(2263)
    assert compute([box(0, 0, 10, 10)], "AREA", feet) == [pytest.approx(100)]
    assert compute([box(0, 0, 10, 10)], "AREA", feet, area="SQUARE_FEET_US") == [pytest.approx(100)]


LINE = LineString([(-139.4, 35.6), (-69.9, -11.1), (10, 60)])


def test_edges_are_geodesics_or_stay_as_they_are_drawn() -> None:
    (edges,) = compute([LINE], "LENGTH_GEODESIC_EDGES", DEGREES)
    assert edges == pytest.approx(GEOD.line_length(*LINE.xy), rel=1e-13)
    (drawn,) = compute([LINE], "LENGTH_GEODESIC", DEGREES)
    assert drawn == pytest.approx(GEOD.line_length(*shapely.segmentize(LINE, 0.01).xy), rel=1e-5)
    assert drawn > edges


def test_areas_on_the_ellipsoid() -> None:
    square = box(10, 40, 20, 60)
    (edges,) = compute([square], "AREA_GEODESIC_EDGES", DEGREES)
    assert edges == pytest.approx(GEOD.geometry_area_perimeter(square)[0], rel=1e-13)
    (drawn,) = compute([square], "AREA_GEODESIC", DEGREES)
    fine = GEOD.geometry_area_perimeter(shapely.segmentize(square, 0.01))[0]
    assert drawn == pytest.approx(fine, rel=1e-7)


def test_a_hole_and_the_direction_of_rings_do_not_change_the_sign() -> None:
    hole = Polygon([(0, 0), (0, 10), (10, 10), (10, 0)], [[(2, 2), (4, 2), (4, 4), (2, 4)]])
    for word in ("AREA_GEODESIC", "AREA_GEODESIC_EDGES"):
        whole, less = compute([box(0, 0, 10, 10), hole], word, DEGREES)
        assert whole - less == pytest.approx(compute([box(2, 2, 4, 4)], word, DEGREES)[0], rel=1e-9)


def test_projected_edges_keep_their_place_on_the_ellipsoid() -> None:
    web, line = SpatialReference(3857), LineString([(0, 8e6), (4e6, 8e6)])  # along a parallel
    fine = shapely.segmentize(line, 1000)
    degrees = FeatureSet.of([fine], web).project(DEGREES).geometries[0]
    assert compute([line], "LENGTH_GEODESIC", web) == [pytest.approx(GEOD.line_length(*degrees.xy), rel=1e-6)]
    assert compute([line], "LENGTH_GEODESIC_EDGES", web)[0] < GEOD.line_length(*degrees.xy) * 0.99


def test_plane_sizes_of_degrees_are_measured_on_the_ellipsoid_and_it_is_said() -> None:
    watch = Recorder()
    (length,) = compute([LineString([(0, 0), (1, 0)])], "LENGTH", DEGREES, watch=watch)
    assert length == pytest.approx(6378137 * np.pi / 180)
    assert watch.messages == ["Lengths and areas of longitudes and latitudes are measured on the ellipsoid."]


def test_positions_and_sizes_are_those_of_another_reference() -> None:
    assert compute([Point(15, 0)], "POINT_X", DEGREES, target=UTM) == [pytest.approx(500_000)]


def test_a_ring_that_crosses_itself_is_repaired_for_its_area() -> None:
    watch = Recorder()
    assert compute([Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])], "AREA", watch=watch) == [2.0]
    assert watch.warnings == ["1 invalid polygon was repaired."]


def test_a_field_that_is_there_takes_what_fits() -> None:
    given = FeatureSet.of([box(0, 0, 1, 2.5)], UTM).with_columns(
        {"N": [7]}, [AttributeField("N", "esriFieldTypeInteger")]
    )
    units = read_units(None, None)
    found = add_properties(given, read_properties("n POINT_COUNT", given), units, None, Recorder())
    assert found.column("N").tolist() == [5]
    with pytest.raises(InvalidParameter, match=r"'geometry_property': field 'N' .* cannot hold 2\.5"):
        add_properties(given, read_properties("N AREA", given), units, None, Recorder())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P VOLUME", "'VOLUME' is no property"),
        ("P AREA", "the shapes have no AREA. Accepted: .*POINT_X"),
        ("", "names no property"),
        ("P", "not two texts"),
    ],
)
def test_properties_that_the_shapes_do_not_have_are_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidParameter, match=f"'geometry_property': .*{words}"):
        read_properties(text, FeatureSet.of([Point(0, 0)], UTM))


@pytest.mark.parametrize(
    ("length", "area", "name"), [("PARSECS", "", "length_unit"), ("", "MORGEN", "area_unit")]
)
def test_units_that_are_none_are_refused(length: str, area: str, name: str) -> None:
    with pytest.raises(InvalidParameter, match=f"'{name}': .*is not a"):
        read_units(length, area)


def test_many_features_are_measured_in_blocks() -> None:
    shapes = shapely.box(0, 0, np.arange(1, 45_001), 1)
    assert compute(shapes, "AREA") == list(range(1, 45_001))
