"""Features, tables and rows as CSV: what Python's and this package's readers find in it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapely
from shapely import LineString, Point, Polygon

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.csv_text import encode_csv, encode_rows_csv, encode_table_csv
from gpserverless.formats.esri_json import decode_features, decode_table
from gpserverless.formats.files.read import read_features
from gpserverless.values.spatial_reference import SpatialReference

WGS84, MERCATOR = SpatialReference(4326), SpatialReference(3857)
BOM = b"\xef\xbb\xbf"


def lines(text: bytes) -> list[list[str]]:
    """Return the cells of a CSV with a byte order mark, whose lines end as RFC 4180 says."""
    assert text.startswith(BOM)
    assert text.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(text.removeprefix(BOM).decode(), newline=""), strict=True))


def of(shapes: Any, reference: SpatialReference | None = WGS84, **columns: Any) -> FeatureSet[Any]:
    return FeatureSet.of(shapes, reference, columns)


def test_points_are_columns_of_degrees_before_the_fields() -> None:
    found = lines(encode_csv(of([Point(13.5, 52.25), None], name=["Größe", "b"])))
    assert found[0][:2] == ["longitude", "latitude"]
    assert [line[:2] for line in found[1:]] == [["13.5", "52.25"], ["", ""]]
    assert [line[found[0].index("name")] for line in found[1:]] == ["Größe", "b"]


def test_other_shapes_are_a_column_of_wkt() -> None:
    square = Polygon([(0, 0), (1, 0), (1, 1), (0, 0)])
    found = lines(encode_csv(of([square, None])))
    assert found[0][0] == "wkt"
    assert shapely.equals(shapely.from_wkt(found[1][0]), square)
    assert found[2][0] == ""


def test_shapes_are_on_wgs84_and_cut_at_180_as_in_geojson() -> None:
    ((longitude, latitude, *_),) = lines(encode_csv(of([Point(1_502_813, 6_867_305)], MERCATOR)))[1:]
    assert (float(longitude), float(latitude)) == pytest.approx((13.5, 52.37), abs=1e-5)
    ((wkt, *_),) = lines(encode_csv(of([LineString([(170, 60), (190, 60)])])))[1:]
    assert shapely.from_wkt(wkt).geom_type == "MultiLineString"
    assert shapely.from_wkt(wkt).bounds == (-180, 60, 180, 60)


@pytest.mark.parametrize(
    ("z", "columns"), [(True, ["longitude", "latitude", "z"]), (False, ["longitude", "latitude"])]
)
def test_z_is_written_on_request(z: bool, columns: list[str]) -> None:
    header, row, *_ = lines(encode_csv(of([Point(1, 2, 3)]), z=z))
    assert [name for name in header if name in ("longitude", "latitude", "z")] == columns
    assert row[: len(columns)] == ["1.0", "2.0", "3.0"][: len(columns)]


def test_coordinates_have_the_decimals_that_are_asked_for() -> None:
    ((longitude, latitude, *_),) = lines(encode_csv(of([Point(1.23456, 2.34567)]), precision=2))[1:]
    assert (longitude, latitude) == ("1.23", "2.35")


CELLS = [
    ("a", "a"),
    ("a,b", "a,b"),
    ('say "x"', 'say "x"'),
    ("two\r\nlines", "two\r\nlines"),
    ("=1+1", "=1+1"),
    ("-5", "-5"),
    ("@x", "@x"),
    (" ", " "),
    ("007", "007"),
    (None, ""),
    (0.1, "0.1"),
    (2**52, str(2**52)),
]


@pytest.mark.parametrize(("value", "cell"), CELLS, ids=[repr(value) for value, _ in CELLS])
def test_value_of_a_field_is_written_as_it_is(value: Any, cell: str) -> None:
    kind = (
        "String"
        if value is None or isinstance(value, str)
        else "Double"
        if isinstance(value, float)
        else "BigInteger"
    )
    fields = [{"name": "A", "type": f"esriFieldType{kind}"}, {"name": "B", "type": "esriFieldTypeString"}]
    table = decode_table(
        orjson.dumps({"fields": fields, "features": [{"attributes": {"A": value, "B": "b"}}]})
    )
    header, row = lines(encode_table_csv(table))
    assert dict(zip(header, row, strict=True)).items() >= {"A": cell, "B": "b"}.items()


def test_dates_are_written_in_iso_8601() -> None:
    fields = [{"name": "AT", "type": "esriFieldTypeDate"}]
    rows = [{"attributes": {"AT": at}} for at in (0, 1_764_480_000_123, None)]
    header, *found = lines(encode_table_csv(decode_table(orjson.dumps({"fields": fields, "features": rows}))))
    place = header.index("AT")
    assert [row[place] for row in found] == ["1970-01-01T00:00:00.000Z", "2025-11-30T05:20:00.123Z", ""]


def test_field_with_the_name_of_a_coordinate_gets_a_number() -> None:
    header, row = lines(encode_csv(of([Point(1, 2)], Longitude=["east"])))
    assert dict(zip(header, row, strict=True)).items() >= {"longitude": "1.0", "Longitude_1": "east"}.items()


def test_rows_of_json_are_cells() -> None:
    rows = [["a", 1, True, None], ["b", 1.5, False, {"distance": 1, "units": "esriMeters"}]]
    assert lines(encode_rows_csv(["A", "B", "C", "D"], rows)) == [
        ["A", "B", "C", "D"],
        ["a", "1", "true", ""],
        ["b", "1.5", "false", '{"distance":1,"units":"esriMeters"}'],
    ]


def test_features_without_a_place_are_refused_since_csv_cannot_say_so() -> None:
    nowhere = of([Point(4e7, 0), Point(0, 0)], SpatialReference(8857))
    with pytest.raises(InvalidValue, match="csv cannot hold this warning: 1 feature has no place"):
        encode_csv(nowhere)
    with pytest.raises(InvalidValue, match="the spatial reference of the features is not known"):
        encode_csv(of([Point(1, 2)], None))


def test_none_at_all_is_a_line_of_names() -> None:
    empty = decode_features(orjson.dumps({"geometryType": "esriGeometryPolygon", "features": []}))
    assert lines(encode_csv(empty))[0][0] == "wkt"


def test_file_tools_read_it_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(encode_csv(of([Point(13.5, 52.25)], name=['ä, "b"'], height=[1.5])))
    found = read_features(path)
    assert found.spatial_reference == WGS84
    assert found.geometries[0].equals(Point(13.5, 52.25))
    assert (found.column("name").tolist(), found.column("height").tolist()) == (['ä, "b"'], [1.5])
