"""GeoJSON files: ids and references that GDAL drops."""

import json
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.read import read_features

NONE = object()


def write(
    folder: Path, ids: list[Any], properties: list[dict[str, Any]] | None = None, **members: Any
) -> Path:
    features = [
        {
            "type": "Feature",
            **({} if each is NONE else {"id": each}),
            "properties": (properties or [{"a": 1}] * len(ids))[row],
            "geometry": {"type": "Point", "coordinates": [row, 50]},
        }
        for row, each in enumerate(ids)
    ]
    path = folder / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


class TestIds:
    @pytest.mark.parametrize(
        ("ids", "expected"),
        [
            ([5, "x"], ["5", "x"]),
            (["x", 5], ["x", "5"]),
            ([7, NONE], [7, None]),
            ([NONE, 7], [None, 7]),
            ([7, 7], [7, 7]),
            ([-7, 3], [-7, 3]),
            ([1.5, 3], ["1.5", "3"]),
            ([2**64 - 1, 3], [str(2**64 - 1), "3"]),
        ],
    )
    def test_ids_that_are_no_object_ids_are_kept(
        self, ids: list[Any], expected: list[Any], tmp_path: Path
    ) -> None:
        features = read_features(write(tmp_path, ids))
        assert features.columns["id"].tolist() == expected
        assert {field.name: field.type for field in features.fields}["id"] != "esriFieldTypeOID"

    def test_several_of_one_id_are_told(self, tmp_path: Path) -> None:
        said: list[str] = []
        read_features(write(tmp_path, [7, 7, 8]), warn=said.append)
        assert said == ["1 feature has the id of another one."]

    @pytest.mark.parametrize("ids", [[70, 80], ["x", "y"]])
    def test_ids_beside_a_property_id_are_kept(self, ids: list[Any], tmp_path: Path) -> None:
        said: list[str] = []
        features = read_features(write(tmp_path, ids, [{"id": "p"}, {"id": "q"}]), warn=said.append)
        assert (features.columns["id"].tolist(), features.columns["id_1"].tolist()) == (["p", "q"], ids)
        assert said == ["The ids of the features are read as field id_1, beside their property id."]

    def test_ids_that_are_the_property_are_that(self, tmp_path: Path) -> None:
        features = read_features(write(tmp_path, ["p", "q"], [{"id": "p"}, {"id": "q"}]))
        assert [field.name for field in features.fields] == ["id"]


class TestReference:
    @pytest.mark.parametrize(
        "crs",
        [
            {"type": "name", "properties": {"name": "EPSG:999999"}},
            {"type": "name", "properties": {"name": "/etc/passwd"}},
            {"type": "name", "properties": {"name": "+proj=longlat +nadgrids=/etc/passwd"}},
        ],
    )
    def test_unknown_one_is_refused(self, crs: dict[str, Any], tmp_path: Path) -> None:
        with pytest.raises(InvalidValue, match="spatial reference of the file cannot be read"):
            read_features(write(tmp_path, [1], crs=crs))

    @pytest.mark.parametrize("kind", ["link", "LINK", "url", "", None, ["link"]])
    def test_one_that_lies_elsewhere_is_not_followed(self, kind: Any, tmp_path: Path) -> None:
        crs = {"type": kind, "properties": {"href": "http://x.test/y", "url": "http://x.test/y"}}
        with pytest.raises(InvalidValue, match=r"is of type .*, which is not followed"):
            read_features(write(tmp_path, [1], crs=crs))

    @pytest.mark.parametrize(
        ("name", "wkid"),
        [
            ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
            ("urn:ogc:def:crs:EPSG::4326", 4326),
            ("urn:ogc:def:crs:EPSG::25832", 25832),
            ("EPSG:31467", 31467),
        ],
    )
    def test_known_one_is_read(self, name: str, wkid: int, tmp_path: Path) -> None:
        features = read_features(write(tmp_path, [1], crs={"type": "name", "properties": {"name": name}}))
        assert features.spatial_reference is not None
        assert features.spatial_reference.wkid == wkid


class TestCoordinates:
    @pytest.mark.parametrize("x", ["NaN", "Infinity", "-1.7e308"])
    def test_what_is_no_finite_number_is_null_and_told(self, x: str, tmp_path: Path) -> None:
        path = write(tmp_path, [NONE, NONE])
        path.write_text(path.read_text().replace("[0, 50]", f"[{x}, 50]"))
        said: list[str] = []
        features = read_features(path, warn=said.append)
        assert [shape is None for shape in features.geometries] == [True, False]
        assert said == ["1 shape has a coordinate that is no finite number; null is read instead."]

    def test_degrees_beyond_the_poles_are_told(self, tmp_path: Path) -> None:
        path = write(tmp_path, [NONE])
        path.write_text(path.read_text().replace("[0, 50]", "[500000, 5000000]"))
        said: list[str] = []
        read_features(path, warn=said.append)
        assert said == ["1 feature has latitudes beyond 90 degrees."]
