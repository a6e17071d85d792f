"""What is written comes back: values, types, nulls, shapes and spatial references, format by format."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import BIG_INTEGER, BLOB, DATE, DOUBLE, INTEGER, OID, STRING, Field
from gpserverless.formats.files import write_batches
from gpserverless.formats.files.file_formats import FORMATS, FormatName, get_format
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features, write_layers
from gpserverless.geometry.geometry_types import GEOMETRY_TYPES
from gpserverless.values.spatial_reference import SpatialReference
from tests.formats.files.tables import DATE_ONLY, FIELDS, GUID, VALUES, table, values

EVERY = get_args(FormatName)
SINGLE = "esriFieldTypeSingle"
SMALL = "esriFieldTypeSmallInteger"

# What a format turns a type into, since it has none of the kind; what is not here stays what it was.
BECOMES: dict[str, dict[str, str]] = {
    "Shapefile": {SMALL: INTEGER, SINGLE: DOUBLE, BIG_INTEGER: DOUBLE, DATE: STRING, DATE_ONLY: DATE},
    "GeoPackage": {},
    "GeoJSON": {SMALL: INTEGER, SINGLE: DOUBLE},
    "CSV": {SMALL: INTEGER, SINGLE: DOUBLE, DATE: STRING, DATE_ONLY: STRING},
    "KML": {SMALL: INTEGER, SINGLE: DOUBLE, BIG_INTEGER: STRING, DATE: STRING, DATE_ONLY: STRING},
    "FlatGeobuf": {DATE_ONLY: DATE},
    "File Geodatabase": {},
}
ISO = ["2020-01-01T10:11:12.345Z", None, "1969-12-31T00:00:00.000Z"]
DAYS_MS = [1582934400000, None, -315619200000]
VALUES_BECOME: dict[str, dict[str, list[Any]]] = {
    "Shapefile": {"BIG": [float(2**60 + 1), None, 5.0], "WHEN": ISO, "DAY": DAYS_MS},
    "CSV": {"WHEN": ISO},
    "KML": {
        "BIG": [str(2**60 + 1), None, "5"],
        "WHEN": [*ISO[:2], "1969-12-31T00:00:00Z"],
    },
    "FlatGeobuf": {"DAY": DAYS_MS},
    "File Geodatabase": {"OBJECTID": [1, 2, 3]},  # it numbers its rows itself
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made in the run's folder, as in a worker."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def there_and_back(features: FeatureSet[Any], name: FormatName) -> tuple[FeatureSet[Any], list[str]]:
    said: list[str] = []
    return read_features(write_features(features, name, "zones", warn=said.append), warn=said.append), said


@pytest.mark.parametrize("name", EVERY)
def test_every_type_and_value(name: FormatName) -> None:
    read, said = there_and_back(table(), name)
    shapefile = name == "Shapefile"
    names = {f.name: "WHOLE_NUMB" if shapefile and f.name == "WHOLE_NUMBER" else f.name for f in FIELDS}
    becomes = BECOMES[name] | {GUID: STRING}
    assert {f.name: f.type for f in read.fields} == {
        names[f.name]: becomes.get(f.type, f.type) for f in FIELDS
    }
    expected = VALUES | VALUES_BECOME.get(name, {})
    assert {n: values(read, names[n]) for n in VALUES} == expected
    assert said == (SHAPEFILE_SAYS if shapefile else [])


SHAPEFILE_SAYS = [
    "Shapefile fields were renamed: WHOLE_NUMBER to WHOLE_NUMB.",
    "Field BIG holds integers of more digits than a shapefile keeps apart.",
    "A shapefile's dates have no time of day: field WHEN is written as text.",
    "Field BIG holds integers of more than 15 digits; the last ones are rounded.",
]


@pytest.mark.parametrize("z", [False, True])
@pytest.mark.parametrize("kind", GEOMETRY_TYPES)
@pytest.mark.parametrize("name", EVERY)
def test_every_kind_of_shape(name: FormatName, kind: str, z: bool) -> None:
    written = table(kind, z=z).only("SMALL")
    read, _ = there_and_back(written, name)
    assert (read.geometry_type, read.has_z, read.has_m) == (kind, z, False)
    assert shapely.is_missing(read.geometries).tolist() == [False, True, False]
    assert shapely.equals(shapely.normalize(read.geometries), shapely.normalize(written.geometries))[
        [0, 2]
    ].all()
    if z:
        assert set(shapely.get_coordinates(read.geometries, include_z=True)[:, 2]) == {12.5}
    kinds = [None if g is None else g.geom_type for g in read.geometries]
    assert kinds == [None if g is None else g.geom_type for g in written.geometries]


@pytest.mark.parametrize("wkid", [4326, 3857, 102718])
@pytest.mark.parametrize("name", EVERY)
def test_every_spatial_reference(name: FormatName, wkid: int) -> None:
    written = table(wkid=wkid).only("SMALL")
    read, _ = there_and_back(written, name)
    if get_format(name).geographic:
        assert read.spatial_reference == SpatialReference(4326)
        read = read.project(SpatialReference(wkid))
    elif (name, wkid) == ("Shapefile", 102718):  # a .prj has no codes; EPSG's of the same system is found
        assert read.spatial_reference == SpatialReference(2263)
    else:
        assert read.spatial_reference == written.spatial_reference
    assert np.nanmax(shapely.hausdorff_distance(read.geometries, written.geometries)) < 1e-4


def test_spatial_reference_without_a_code_travels_as_wkt() -> None:
    wkt = SpatialReference(3035).crs.to_wkt().replace("4321000", "4321001")
    wkt = wkt[: wkt.rindex(",ID[")] + "]"
    bare = table().only("SMALL")
    odd: FeatureSet[Any] = FeatureSet(
        bare.fields, bare.columns, geometries=bare.geometries, spatial_reference=SpatialReference(wkt=wkt)
    ).with_geometries(bare.geometries)
    read, _ = there_and_back(odd, "GeoPackage")
    assert read.spatial_reference is not None
    assert read.spatial_reference.wkid is None
    theirs, ours = (r.crs.coordinate_operation for r in (read.spatial_reference, SpatialReference(wkt=wkt)))
    assert theirs is not None
    assert ours is not None
    assert [p.value for p in theirs.params] == [p.value for p in ours.params]


@pytest.mark.parametrize("name", ["Shapefile", "GeoPackage", "FlatGeobuf", "File Geodatabase"])
def test_file_without_features_keeps_the_schema(name: FormatName) -> None:
    read, _ = there_and_back(table("esriGeometryPolyline").take([]).only("TEXT", "REAL"), name)
    assert len(read) == 0
    assert read.geometry_type == "esriGeometryPolyline"
    assert [f.type for f in read.fields if f.type != OID] == [STRING, DOUBLE]


def test_shapefile_keeps_dates_without_a_time() -> None:
    days = table().with_columns({"WHEN": [0, 86_400_000, 172_800_000]}, [Field("WHEN", DATE)])
    read, said = there_and_back(days.only("WHEN"), "Shapefile")
    assert (read.field("WHEN").type, values(read, "WHEN"), said) == (DATE, [0, 86_400_000, 172_800_000], [])


def test_shapefile_keeps_long_names_apart() -> None:
    columns = {"POPULATION_2010": [1, 1, 1], "POPULATION_2020": [2, 2, 2], "population": [3, 3, 3]}
    read, said = there_and_back(table().only().with_columns(columns), "Shapefile")
    assert [(f.name, values(read, f.name)[0]) for f in read.fields] == [
        ("POPULATION", 1),
        ("POPULATI_1", 2),
        ("populati_2", 3),
    ]
    assert said == [
        "Shapefile fields were renamed: POPULATION_2010 to POPULATION, POPULATION_2020 to POPULATI_1, "
        "population to populati_2."
    ]


def test_shapefile_warns_of_texts_that_it_cuts() -> None:
    _, said = there_and_back(table().only().with_columns({"T": ["ü" * 200, "", ""]}), "Shapefile")
    assert said[0] == "Texts of field T were cut to 254 bytes."


def test_write_warns_of_measures_that_it_leaves_out() -> None:
    shape = shapely.from_wkt("POINT M (1 2 3)")
    read, said = there_and_back(FeatureSet.of([shape], SpatialReference(4326)), "FlatGeobuf")
    assert (read.has_m, said) == (False, ["Measures are not written to FlatGeobuf."])


@pytest.mark.parametrize(
    ("written", "kept", "kind"),
    [
        ("POINT M (1 2 3)", "POINT M (1 2 3)", ("POINT", 0, 1)),
        ("POINT ZM (1 2 3 4)", "POINT ZM (1 2 3 4)", ("POINT", 1, 1)),
        (
            "LINESTRING M (0 0 1, 3 3 4)",
            "MULTILINESTRING M ((0 0 1, 3 3 4))",
            ("MULTILINESTRING", 0, 1),
        ),
    ],
)
def test_geopackage_keeps_measures(written: str, kept: str, kind: tuple[str, int, int]) -> None:
    features = FeatureSet.of([shapely.from_wkt(written)], SpatialReference(4326))
    with closing(sqlite3.connect(write_features(features, "GeoPackage", "roads"))) as database:
        declared = "select geometry_type_name, z, m from gpkg_geometry_columns"
        assert database.execute(declared).fetchone() == kind
        (blob,) = database.execute("select geom from roads").fetchone()
    has_bounds = blob[3] & 0b1110
    shape = shapely.from_wkb(blob[8 + (32 if has_bounds else 0) :])
    assert shapely.to_wkt(shape, output_dimension=4) == kept


def test_rows_of_several_batches_are_written_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_batches, "BATCH_ROWS", 2)
    for name in ("GeoPackage", "FlatGeobuf"):
        read, _ = there_and_back(table(), name)
        assert {n: values(read, n) for n in VALUES} == VALUES | VALUES_BECOME.get(name, {})
        assert shapely.is_missing(read.geometries).tolist() == [False, True, False]


@pytest.mark.parametrize("name", [f.name for f in FORMATS if f.geographic])
def test_geographic_format_needs_a_known_reference(name: FormatName) -> None:
    with pytest.raises(InvalidValue, match="spatial reference is known"):
        write_features(FeatureSet.of([shapely.Point(1, 2)], None), name)


@pytest.mark.parametrize("name", ["GeoPackage", "File Geodatabase", "Shapefile", "FlatGeobuf"])
def test_layers_are_found_by_their_names(name: FormatName) -> None:
    layers = {"Zones": table().only("SMALL"), "Places": table("esriGeometryPoint").only("TEXT")}
    path = write_layers(layers, name, "both", zipped=name != "GeoPackage")
    for title, features in layers.items():
        assert read_features(path, title.lower()).geometry_type == features.geometry_type
    with pytest.raises(InvalidValue, match="several layers"):
        read_features(path)
    with pytest.raises(InvalidValue, match="no layer 'Roads'") as caught:
        read_features(path, "Roads")
    assert "Places" in caught.value.accepted


@pytest.mark.parametrize(("wkid", "step"), [(4326, 1e-9), (3857, 1e-4)])
def test_coordinates_of_a_geodatabase_are_on_its_grid(wkid: int, step: float) -> None:
    given = [10.123456789012345, 20.987654321098765]
    read, _ = there_and_back(
        FeatureSet.of([shapely.Point(given)], SpatialReference(wkid)), "File Geodatabase"
    )
    (found,) = shapely.get_coordinates(read.geometries)
    assert found != pytest.approx(given, abs=step / 1000)
    assert found == pytest.approx(np.round(np.divide(given, step)) * step, abs=step / 100)


@pytest.mark.parametrize("name", EVERY)
def test_longitudes_beyond_180_are_cut_or_moved_where_a_format_needs_it(name: FormatName) -> None:
    zone, _ = there_and_back(FeatureSet.of([shapely.box(170, 0, 190, 10)], SpatialReference(4326)), name)
    place, _ = there_and_back(FeatureSet.of([shapely.Point(190, 5)], SpatialReference(4326)), name)
    cut = name in ("GeoJSON", "KML")
    expected = [shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)]
    assert shapely.equals(
        zone.geometries[0], shapely.union_all(expected) if cut else shapely.box(170, 0, 190, 10)
    )
    assert place.geometries[0].wkt == ("POINT (-170 5)" if cut else "POINT (190 5)")


@pytest.mark.parametrize("name", EVERY)
def test_bytes_are_left_out_and_told(name: FormatName) -> None:
    bare = table().only("TEXT")
    fields = (*bare.fields, Field("PHOTO", BLOB))
    columns = {**bare.columns, "PHOTO": np.array(["AAECAw==", None, None], object)}
    photos: FeatureSet[Any] = FeatureSet(
        fields, columns, geometries=bare.geometries, spatial_reference=bare.spatial_reference
    ).with_geometries(bare.geometries)
    read, said = there_and_back(photos, name)
    assert "PHOTO" not in [field.name for field in read.fields]
    assert said == ["Fields of bytes are not written: PHOTO."]


@pytest.mark.parametrize("name", [f.name for f in FORMATS if not f.geographic])
def test_file_without_a_reference_is_told(name: FormatName) -> None:
    read, said = there_and_back(FeatureSet.of([shapely.Point(1, 2)], None), name)
    assert read.spatial_reference is None
    assert said[0] == "The spatial reference of the features is not known; the file names none."
