"""A layer as GeoPackage or FlatGeobuf: every row, read back by other readers; written once for a version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import numpy as np
import orjson
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gpserverless.errors import RequestError
from gpserverless.featurelayers import export
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import DATE, INTEGER, OID, SINGLE, SMALL_INTEGER, STRING, Field
from gpserverless.formats.files.gdal import load_pyogrio
from gpserverless.protocols.featureserver import whole_layer
from gpserverless.protocols.featureserver.downloads import LayerDownloads, make_download_route
from gpserverless.protocols.featureserver.routes import find_route_of_site
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.featureserver.conftest import PARCEL_COUNT, make_parcels, make_places
from tests.protocols.featureserver.layer_site import Answer, Folder, LayerSite

OTHER_WAYS = "page by page, or give it to FeaturesToFile of the service Files, which writes it as a job."
LATE = OTHER_WAYS.replace("give it", "give the layer")
TOWN = "town/FeatureServer"
GUID, DAY = "esriFieldTypeGUID", "esriFieldTypeDateOnly"
Name = Literal["gpkg", "fgb"]
BOTH: tuple[Name, ...] = ("gpkg", "fgb")
WKT = SpatialReference(3035).crs.to_wkt().replace("4321000", "4321001")
WKT = WKT[: WKT.rindex(",ID[")] + "]"


@dataclass
class Files:
    """Files of whole layers in a folder.

    Attributes:
        folder: The folder.
        written: Names of the files that were stored.
        names: Name under which a browser saves each.
    """

    folder: Path
    written: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def find_file(self, name: str, content_type: str, filename: str) -> str:
        """Return the place of a file, as the port says."""
        return f"https://store.example/{name}" if name in self.written else ""

    def store_file(
        self, name: str, path: Path, content_type: str, filename: str, check_cancelled: Callable[[], None]
    ) -> str:
        """Store a file, as the port says."""
        check_cancelled()
        (self.folder / f"{name}{path.suffix}").write_bytes(path.read_bytes())
        self.written.append(name)
        self.names[name] = f"{filename} {content_type}"
        return f"https://store.example/{name}"


class DownloadSite(LayerSite):
    """Asks for whole layers as clients do."""

    def __init__(self, folder: Folder, files: Files) -> None:
        downloads = LayerDownloads(folder, files)
        routes = {"layerFile": downloads.download_hosted_layer}
        find_route = make_download_route(find_route_of_site)
        super().__init__(folder, None, routes, find_route, "/arcgis/rest/downloads")
        self.files = files

    def fetch(self, path: str, name: Name) -> Path:
        """Return the file of a layer."""
        answer = self.ask(f"{path}/download", f=name)
        assert answer.status == 303, answer.body
        return self.files.folder / f"{Path(urlsplit(answer.headers['location']).path).name}.{name}"


@pytest.fixture
def downloads(folder: Folder, tmp_path: Path) -> DownloadSite:
    """Return the site of the town's whole layers."""
    return DownloadSite(folder, Files(tmp_path))


def read_info(path: Path) -> dict[str, Any]:
    """Return what GDAL says of a file; it is loaded without its other drivers, as everywhere."""
    load_pyogrio()
    from pyogrio import read_info as read

    found: dict[str, Any] = read(path)
    return found


def publish(tmp_path: Path, rows: FeatureSet[Any] | Table, title: str = "Zones") -> DownloadSite:
    """Return the site of one layer, `made/0`."""
    folder = Folder(tmp_path)
    folder.publish("made", {title: rows})
    return DownloadSite(folder, Files(tmp_path))


def read(path: Path, name: Name) -> tuple[dict[str, Any], NDArray[Any], dict[str, NDArray[Any]]]:
    """Read a file by GDAL: its description, its shapes and its columns, the key of a table among them."""
    meta, ids, shapes, columns = load_pyogrio().read(path, return_fids=True)
    found = dict(zip(meta["fields"], columns, strict=True))
    if name == "gpkg":
        found[read_info(path)["fid_column"]] = ids
    return meta, shapely.from_wkb(shapes), found


def to_plain(column: NDArray[Any]) -> list[Any]:
    """Return the values of a column, None for null."""
    if column.dtype.kind == "M":
        stamps = column.astype("datetime64[ms]")
        return [None if np.isnat(stamp) else int(stamp.astype(int)) for stamp in stamps]
    return [None if isinstance(v, float) and np.isnan(v) else v for v in column.tolist()]


@pytest.mark.parametrize("name", BOTH)
def test_link_of_a_layer_leads_to_its_file(site: LayerSite, name: Name) -> None:
    answer = site.ask(f"{TOWN}/1/download/", f=name, token="t&1")
    assert answer.status == 307, "the method and the fields stay"
    url = urlsplit(answer.headers["location"])
    assert url.path == "/arcgis/rest/downloads/Hosted/town/FeatureServer/1/download"
    assert parse_qs(url.query) == {"f": [name], "token": ["t&1"]}


@pytest.mark.parametrize("name", BOTH)
def test_file_has_every_feature(downloads: DownloadSite, name: Name) -> None:
    parcels = make_parcels()
    path = downloads.fetch(f"{TOWN}/1", name)
    meta, shapes, columns = read(path, name)
    assert (meta["geometry_type"], CRS(meta["crs"]).to_epsg()) == ("MultiPolygon", 3857)
    assert read_info(path)["layer_name"] == "Parcels"
    order = np.argsort(columns["OBJECTID"])
    assert columns["OBJECTID"][order].tolist() == list(range(1, PARCEL_COUNT + 1))
    assert columns["VALUE"][order].tolist() == parcels.column("VALUE").tolist()
    assert columns["BLOCK"][order].tolist() == parcels.column("BLOCK").tolist()
    single = shapely.get_geometry(shapes[order], 0)
    assert shapely.equals_exact(shapely.normalize(single), shapely.normalize(parcels.geometries)).all()


@pytest.mark.parametrize("name", BOTH)
def test_oddities_stay(downloads: DownloadSite, name: Name) -> None:
    places = make_places()
    _, shapes, columns = read(downloads.fetch(f"{TOWN}/0", name), name)
    order = np.argsort(columns["OBJECTID"])
    assert columns["OBJECTID"][order].tolist() == list(range(10, 80, 10))
    for column in ("NAME", "POP", "AREA", "BUILT", "VOID"):
        assert to_plain(columns[column][order]) == to_plain(places.column(column)), column
    assert [None if s is None else s.wkt for s in shapes[order]] == [
        None if s is None else s.wkt for s in places.geometries
    ]


def test_geopackage_is_one_for_sqlite(downloads: DownloadSite) -> None:
    with closing(sqlite3.connect(downloads.fetch(f"{TOWN}/1", "gpkg"))) as database:
        assert database.execute("select count(*), sum(VALUE) from Parcels").fetchone() == (
            PARCEL_COUNT,
            0.5 * sum(range(PARCEL_COUNT)),
        )
        assert database.execute("select count(*) from rtree_Parcels_geom").fetchone() == (PARCEL_COUNT,)
        contents = "select table_name, data_type, srs_id from gpkg_contents"
        assert database.execute(contents).fetchall() == [("Parcels", "features", 3857)]
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)


def test_table_is_a_table_of_a_geopackage(downloads: DownloadSite) -> None:
    with closing(sqlite3.connect(downloads.fetch(f"{TOWN}/2", "gpkg"))) as database:
        rows = database.execute("select OBJECTID, NOTE, STARS from Notes order by 1").fetchall()
        assert database.execute("select data_type from gpkg_contents").fetchall() == [("attributes",)]
    assert rows == [(1, "x", 1), (2, "y", 2), (3, None, 2)]


@pytest.mark.parametrize("name", BOTH)
def test_layer_without_features_keeps_its_fields(downloads: DownloadSite, name: Name) -> None:
    meta, shapes, columns = read(downloads.fetch(f"{TOWN}/3", name), name)
    assert len(shapes) == 0
    assert {"OBJECTID", "NAME"} == set(columns)
    assert meta["geometry_type"] == "Point"


@pytest.mark.parametrize("name", BOTH)
def test_heights_stay_in_a_file(downloads: DownloadSite, name: Name) -> None:
    meta, (line,), _ = read(downloads.fetch(f"{TOWN}/4", name), name)
    assert (meta["geometry_type"], CRS(meta["crs"]).to_epsg()) == ("MultiLineString Z", 25832)
    assert line.wkt == ("MULTILINESTRING Z ((500000 5800000 10.5, 500100 5800000 11, 500100 5800200 12.25))")


@pytest.mark.parametrize("name", BOTH)
def test_height_that_is_not_known_is_no_height(tmp_path: Path, name: Name) -> None:
    shapes = np.array([shapely.Point(1, 2, 3), shapely.Point(6, 7, np.nan)])
    site = publish(tmp_path, FeatureSet.of(shapes, SpatialReference(4326)))
    _, found, columns = read(site.fetch("made/FeatureServer/0", name), name)
    heights = shapely.get_z(found[np.argsort(columns["OBJECTID"])])
    assert heights[0] == 3
    assert np.isnan(heights[1])


def test_flat_shape_among_high_ones_stays_flat_or_is_refused(tmp_path: Path) -> None:
    high, flat = shapely.force_3d(shapely.box(0, 0, 1, 1), 7), shapely.box(5, 5, 6, 6)
    site = publish(tmp_path, FeatureSet.of(np.array([high, flat]), SpatialReference(3857)))
    _, found, columns = read(site.fetch("made/FeatureServer/0", "gpkg"), "gpkg")
    assert shapely.has_z(found[np.argsort(columns["OBJECTID"])]).tolist() == [True, False]
    sentence = refuse(site.ask("made/FeatureServer/0/download", f="fgb"))
    assert "some shapes have no height" in sentence


TYPES = {
    "SMALL": (SMALL_INTEGER, [1, -2, None], "int16"),
    "WHOLE": (INTEGER, [1, None, -(2**31)], "int32"),
    "SINGLE": (SINGLE, [1.5, None, -2.0], "float32"),
    "TEXT": (STRING, ['né "q"', None, "日本語\nzwei"], "object"),
    "ID": (GUID, ["{0B9DB3A0-0000-4000-8000-00000000000A}", None, "{0B9D}"], "object"),
    "WHEN": (DATE, [1577873472345, None, -86_400_000], "datetime64[ms]"),
    "WHEN_NOT": (DATE, [None, None, None], "datetime64[ms]"),
}


@pytest.mark.parametrize("name", BOTH)
def test_types_and_nulls_stay(tmp_path: Path, name: Name) -> None:
    fields = [Field(each, kind) for each, (kind, _, _) in TYPES.items()]
    values = {each: np.array(given, object) for each, (_, given, _) in TYPES.items()}
    bare = FeatureSet.of([shapely.Point(n, n) for n in range(3)], SpatialReference(4326))
    path = publish(tmp_path, bare.with_columns(values, fields)).fetch("made/FeatureServer/0", name)
    _, _, columns = read(path, name)
    order = np.argsort(columns["OBJECTID"])
    info = read_info(path)
    types = dict(zip(info["fields"].tolist(), info["dtypes"].tolist(), strict=True))
    for each, (_, given, dtype) in TYPES.items():
        assert types[each] == dtype, each
        assert to_plain(columns[each][order]) == given, each


@pytest.mark.parametrize("name", BOTH)
def test_single_and_several_parts_are_in_one_layer(tmp_path: Path, name: Name) -> None:
    shapes = [
        shapely.box(0, 0, 1, 1),
        None,
        shapely.union_all([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]),
    ]
    site = publish(tmp_path, FeatureSet.of(np.array(shapes, object), SpatialReference(3857)))
    _, found, columns = read(site.fetch("made/FeatureServer/0", name), name)
    first, none, last = found[np.argsort(columns["OBJECTID"])]
    assert none is None
    assert [shapely.get_num_geometries(each) for each in (first, last)] == [1, 2]
    assert first.area == 1
    assert last.equals(shapes[2])


@pytest.mark.parametrize("name", BOTH)
def test_reference_without_a_code_is_written_as_wkt(tmp_path: Path, name: Name) -> None:
    site = publish(tmp_path, FeatureSet.of([shapely.Point(1, 2)], SpatialReference(wkt=WKT)))
    meta, _, _ = read(site.fetch("made/FeatureServer/0", name), name)
    ours, theirs = (CRS(text).coordinate_operation for text in (WKT, meta["crs"]))
    assert ours is not None
    assert theirs is not None
    assert [each.value for each in theirs.params] == [each.value for each in ours.params]


@pytest.mark.parametrize("name", BOTH)
def test_file_tells_that_its_reference_is_not_known(tmp_path: Path, name: Name) -> None:
    path = publish(tmp_path, FeatureSet.of([shapely.Point(1, 2)], None)).fetch("made/FeatureServer/0", name)
    told = "The spatial reference of the features is not known; the file names none."
    if name == "gpkg":
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("select description from gpkg_contents").fetchone() == (told,)
    assert told.encode() in path.read_bytes()


NAMES = {
    "geom": 1,
    "fid": 2,
    "rowid": 3,
    "name": 4,
    "NAME_": 5,
    'a "b"; drop table x': 6,
    "größe": 7,
    "select": 8,
}


@pytest.mark.parametrize("name", BOTH)
def test_names_of_columns_and_of_the_layer_are_safe(tmp_path: Path, name: Name) -> None:
    rows = FeatureSet.of([shapely.Point(1, 2)], SpatialReference(4326), {n: [v] for n, v in NAMES.items()})
    site = publish(tmp_path, rows, 'x"; drop table y; -- / ..')
    path = site.fetch("made/FeatureServer/0", name)
    _, (shape,), columns = read(path, name)
    assert shape.wkt == "POINT (1 2)"
    assert {each: columns[each].tolist() for each in NAMES} == {
        each: [value] for each, value in NAMES.items()
    }
    assert read_info(path)["layer_name"] == "x_drop_table_y"
    (saved,) = site.files.names.values()
    assert saved.split()[0] == f"x_drop_table_y_--.{name}"


def test_columns_that_differ_in_letter_case_are_renamed_and_told(tmp_path: Path) -> None:
    rows = FeatureSet.of([shapely.Point(1, 2)], SpatialReference(4326), {"Name": ["a"], "name": ["b"]})
    path = publish(tmp_path, rows).fetch("made/FeatureServer/0", "gpkg")
    _, _, columns = read(path, "gpkg")
    assert (columns["Name"].tolist(), columns["name_1"].tolist()) == (["a"], ["b"])
    assert b"GeoPackage fields were renamed: name to name_1." in path.read_bytes()


def test_measures_stay_in_a_geopackage_and_are_told_of_a_flatgeobuf(tmp_path: Path) -> None:
    road = shapely.from_wkt("LINESTRING ZM (0 0 1 2, 3 3 4 5)")
    site = publish(tmp_path, FeatureSet.of([road], SpatialReference(3857)), "Roads")
    with closing(sqlite3.connect(site.fetch("made/FeatureServer/0", "gpkg"))) as database:
        (blob,) = database.execute("select geom from Roads").fetchone()
        declared = "select geometry_type_name, z, m from gpkg_geometry_columns"
        assert database.execute(declared).fetchone() == ("MULTILINESTRING", 1, 1)
    header = 8 + {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    assert shapely.to_wkt(shapely.from_wkb(blob[header:]), output_dimension=4, trim=True) == (
        "MULTILINESTRING ZM ((0 0 1 2, 3 3 4 5))"
    )
    assert (
        b"Measures are not written to FlatGeobuf." in site.fetch("made/FeatureServer/0", "fgb").read_bytes()
    )


@pytest.mark.parametrize("name", BOTH)
def test_rows_of_many_batches_are_written_once_each(
    downloads: DownloadSite, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH_BYTES", 100_000)
    _, shapes, columns = read(downloads.fetch(f"{TOWN}/1", name), name)
    assert sorted(columns["OBJECTID"].tolist()) == list(range(1, PARCEL_COUNT + 1))
    assert shapely.get_type_id(shapes).tolist() == [6] * PARCEL_COUNT


@pytest.mark.parametrize("name", BOTH)
def test_shapes_that_are_too_many_bytes_at_once_are_read_in_parts(
    downloads: DownloadSite, name: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpserverless.featurelayers.layer_file.MOST_SHAPE_BYTES", 20_000)
    _, _, columns = read(downloads.fetch(f"{TOWN}/1", name), name)
    assert len(columns["OBJECTID"]) == PARCEL_COUNT


def test_second_request_for_a_version_gets_the_file_of_the_first(downloads: DownloadSite) -> None:
    first = downloads.fetch(f"{TOWN}/1", "gpkg")
    assert downloads.fetch(f"{TOWN}/1", "gpkg") == first
    assert downloads.fetch(f"{TOWN}/1", "fgb") != first
    assert len(downloads.files.written) == 2
    assert downloads.files.names[first.stem] == "Parcels.gpkg application/geopackage+sqlite3"


def test_another_version_of_a_layer_is_another_file(folder: Folder, downloads: DownloadSite) -> None:
    first = downloads.fetch(f"{TOWN}/1", "gpkg")
    service = folder.services["town"]
    newer = tuple(replace(layer, modified=layer.modified + 1) for layer in service.layers)
    changed = replace(folder, services={"town": replace(service, layers=newer)})
    assert DownloadSite(changed, downloads.files).fetch(f"{TOWN}/1", "gpkg") != first


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        (f"{TOWN}/1/download", {"f": "geojson"}, "no geojson is written here. Accepted: gpkg, fgb."),
        (f"{TOWN}/1/download", {"f": "json"}, "no json is written here. Accepted: gpkg, fgb."),
        (f"{TOWN}/1/download", {"f": "shp"}, "gpkg and fgb of whole layers"),
        (f"{TOWN}/2/download", {"f": "fgb"}, "is not written as fgb. Accepted: csv, gpkg."),
        (f"{TOWN}/9/download", {"f": "gpkg"}, "has no layer 9"),
        (f"{TOWN}/1/query", {"f": "json"}, "There is no such resource"),
        (f"{TOWN}/1/query", {"f": "gpkg"}, "There is no such resource"),
        ("nowhere/FeatureServer/1/download", {"f": "gpkg"}, "There is no service"),
    ],
)
def test_bad_request_is_told(
    downloads: DownloadSite, path: str, fields: dict[str, str], sentence: str
) -> None:
    error = downloads.ask(path, **fields).json["error"]
    assert sentence in " ".join([error["message"], *error["details"]])
    assert downloads.files.written == []


def refuse(answer: Answer) -> str:
    """Return the sentence of a refusal."""
    (sentence,) = orjson.loads(answer.body)["error"]["details"]
    return str(sentence)


def test_layer_that_is_too_large_is_refused_with_other_ways(
    downloads: DownloadSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_layer, "MOST_FILE_BYTES", 1_000)
    sentence = refuse(downloads.ask(f"{TOWN}/1/download", f="gpkg"))
    assert sentence.endswith(f"at most 1,000 are written as one file. Query it {OTHER_WAYS}")


@pytest.mark.parametrize("name", BOTH)
def test_layer_for_which_there_is_no_time_is_refused_with_other_ways(
    downloads: DownloadSite, monkeypatch: pytest.MonkeyPatch, name: Name
) -> None:
    monkeypatch.setattr(LayerFile, "check", end_late)
    sentence = refuse(downloads.ask(f"{TOWN}/1/download", f=name))
    assert sentence == (
        f"There was no time to write the 2,500 rows of 'Parcels' as one file. Query them {LATE}"
    )
    assert downloads.files.written == []


def end_late(layer: LayerFile) -> None:
    """Behave as a layer whose time ends while it is written."""
    layer.deadline = replace(layer.deadline, until=0)
    raise RequestError("The query took too long.")


def test_ids_stay_where_they_begin_elsewhere(tmp_path: Path) -> None:
    ids = np.array([900, 7, 2**40])
    rows = FeatureSet.of([shapely.Point(n, 0) for n in range(3)], SpatialReference(4326))
    path = publish(tmp_path, rows.with_columns({"OBJECTID": ids}, [Field("OBJECTID", OID)]))
    _, shapes, columns = read(path.fetch("made/FeatureServer/0", "gpkg"), "gpkg")
    assert dict(zip(columns["OBJECTID"].tolist(), shapely.get_x(shapes).tolist(), strict=True)) == {
        900: 0,
        7: 1,
        2**40: 2,
    }


def test_days_stay_days_in_a_geopackage(tmp_path: Path) -> None:
    days = np.array(["2020-02-29", None], object)
    rows = FeatureSet.of([shapely.Point(n, 0) for n in range(2)], SpatialReference(4326))
    site = publish(tmp_path, rows.with_columns({"DAY": days}, [Field("DAY", DAY)]))
    with closing(sqlite3.connect(site.fetch("made/FeatureServer/0", "gpkg"))) as database:
        assert database.execute("select DAY from Zones order by 1 desc").fetchall() == [
            ("2020-02-29",),
            (None,),
        ]
