"""Geometry types of files: mixed layers are offered by type, collections of one type are that type."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.files.gdal import load_pyogrio
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.shapes import GeometryType

MIXED = [
    "POINT (1 2)",
    "LINESTRING (0 0, 1 1)",
    "POLYGON ((0 0, 0 1, 1 1, 0 0))",
    None,
    "MULTIPOINT ((3 4), (5 6))",
    "GEOMETRYCOLLECTION (POINT (7 8), LINESTRING (2 2, 3 3))",
]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def write(texts: list[str | None], format: str = "GeoJSON") -> Path:
    """Write shapes, numbered by a field i, as they are."""
    folder = Path(tempfile.mkdtemp())
    if format == "CSV":
        path = folder / "a.csv"
        path.write_text("\n".join(["wkt;i", *(f"{t or ''};{i}" for i, t in enumerate(texts))]), "utf-8")
        return path
    shapes = [None if t is None else json.loads(shapely.to_geojson(shapely.from_wkt(t))) for t in texts]
    features = [{"type": "Feature", "properties": {"i": i}, "geometry": s} for i, s in enumerate(shapes)]
    path = folder / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    if format == "GeoJSON":
        return path
    raw = load_pyogrio()
    _, _, wkb, (numbers,) = raw.read(path)
    packed = folder / "a.gpkg"
    raw.write(
        packed, wkb, [numbers], ["i"], layer="a", driver="GPKG", geometry_type="Unknown", crs="EPSG:4326"
    )
    return packed


def read(
    texts: list[str | None], wanted: GeometryType | None = None, format: str = "GeoJSON"
) -> tuple[FeatureSet[Any], list[str]]:
    said: list[str] = []
    return read_features(write(texts, format), geometry_type=wanted, warn=said.append), said


@pytest.mark.parametrize("format", ["GeoJSON", "CSV", "GeoPackage"])
class TestMixedLayers:
    def test_without_a_choice_the_types_are_told(self, format: str) -> None:
        with pytest.raises(
            InvalidValue, match=r"mixes geometry types: 2 points, 1 line, 1 polygon$"
        ) as caught:
            read(MIXED, format=format)
        assert caught.value.accepted == "a geometry type to read: POINT, POLYLINE, POLYGON"

    @pytest.mark.parametrize(
        ("wanted", "kind", "rows", "shapes", "left"),
        [
            (
                "POINT",
                "esriGeometryMultipoint",
                [0, 3, 4, 5],
                ["MULTIPOINT (1 2)", None, "MULTIPOINT (3 4, 5 6)", "MULTIPOINT (7 8)"],
                "2 features",
            ),
            (
                "POLYLINE",
                "esriGeometryPolyline",
                [1, 3, 5],
                ["LINESTRING (0 0, 1 1)", None, "LINESTRING (2 2, 3 3)"],
                "3 features",
            ),
            (
                "POLYGON",
                "esriGeometryPolygon",
                [2, 3],
                ["POLYGON ((0 0, 0 1, 1 1, 0 0))", None],
                "4 features",
            ),
        ],
    )
    def test_type_is_chosen(
        self,
        format: str,
        wanted: GeometryType,
        kind: str,
        rows: list[int],
        shapes: list[str | None],
        left: str,
    ) -> None:
        features, said = read(MIXED, wanted, format)
        assert features.geometry_type == kind
        assert features.columns["i"].tolist() == rows
        expected = [None if t is None else shapely.from_wkt(t) for t in shapes]
        assert shapely.equals(features.geometries, expected)[[t is not None for t in shapes]].all()
        assert f"{left} of another geometry type than {wanted}: left out." in said


class TestCollections:
    @pytest.mark.parametrize(
        ("text", "kind", "read_as"),
        [
            (
                "GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1), MULTILINESTRING ((2 2, 3 3), (4 4, 5 5)))",
                "Polyline",
                "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3), (4 4, 5 5))",
            ),
            ("GEOMETRYCOLLECTION (POINT (1 2))", "Point", "POINT (1 2)"),
            ("GEOMETRYCOLLECTION (POINT (1 2), POINT (3 4))", "Multipoint", "MULTIPOINT (1 2, 3 4)"),
            (
                "GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POLYGON ((0 0, 0 1, 1 1, 0 0))))",
                "Polygon",
                "POLYGON ((0 0, 0 1, 1 1, 0 0))",
            ),
        ],
    )
    def test_of_one_type_are_that_type(self, text: str, kind: str, read_as: str) -> None:
        features, said = read([text])
        assert (features.geometry_type, said) == (f"esriGeometry{kind}", [])
        assert shapely.equals_exact(features.geometries[0], shapely.from_wkt(read_as))

    def test_of_several_types_are_null_with_a_word(self) -> None:
        features, said = read(["GEOMETRYCOLLECTION (POINT (7 8), LINESTRING (2 2, 3 3))"])
        assert features.geometries.tolist() == [None]
        assert said == [
            "1 feature holds shapes of several types; its shape is null. "
            "A geometry type can be chosen to read those."
        ]


def test_geometry_type_that_all_have_changes_nothing() -> None:
    features, said = read(["POINT (1 2)", None], "POINT")
    assert ([g and g.wkt for g in features.geometries], said) == (["POINT (1 2)", None], [])


def test_geometry_type_that_none_has_leaves_nothing() -> None:
    features, said = read(["POINT (1 2)"], "POLYGON")
    assert (len(features), features.geometry_type) == (0, "esriGeometryPolygon")
    assert said == ["1 feature of another geometry type than POLYGON: left out."]
