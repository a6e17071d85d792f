"""Rasters: zonal statistics against plain counting, values under points, and files that are no rasters."""

from __future__ import annotations

import math
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
import rasterio.control
import rasterio.rpc
import shapely
import shapely.affinity
from numpy.typing import NDArray
from rasterio.transform import Affine, from_origin

from gpserverless import Raster
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import InvalidValue, ToolError
from gpserverless.values.spatial_reference import SpatialReference
from tests.tools.tool_run import DATA, ToolRun, run_tool

UTM = SpatialReference(32633)
DEM = LocalFile(DATA / "jacksboro_dem.tif")
GRID = LocalFile(Path(__file__).parent / "cases/rasters/grid4.tif")
NODATA = -9999


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made in the run's folder, as in a worker."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def raster(cells: NDArray[Any], transform: Affine | None = None, nodata: float | None = NODATA) -> LocalFile:
    """Return a raster with cells of 10 m and its upper left corner at x 0 and the height of the cells."""
    return LocalFile(Raster.of(cells, transform or from_origin(0, 10 * len(cells), 10, 10), UTM, nodata).path)


def box(xmin: float, ymin: float, xmax: float, ymax: float) -> list[list[float]]:
    return [[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]]


def zones(
    *boxes: tuple[float, float, float, float], names: list[Any] | None = None, wkid: int = 32633
) -> Any:
    """Return zones with a field Z, numbered unless they are named."""
    return {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": wkid},
        "fields": [{"name": "Z", "type": f"esriFieldType{'String' if names else 'Integer'}"}],
        "features": [
            {"attributes": {"Z": names[i] if names else i + 1}, "geometry": {"rings": [box(*each)]}}
            for i, each in enumerate(boxes)
        ],
    }


def feature(zone: shapely.Polygon) -> Any:
    """Return a zone of any outline, whose Z is 1."""
    return {"attributes": {"Z": 1}, "geometry": {"rings": [[list(xy) for xy in zone.exterior.coords]]}}


def summarize(zone_data: Any, values: LocalFile, **more: Any) -> tuple[list[dict[str, Any]], ToolRun]:
    given = {"in_zone_data": zone_data, "zone_field": "Z", "in_value_raster": values, **more}
    run = run_tool("Raster", "ZonalStatisticsAsTable", given)
    return [row["attributes"] for row in run.values["out_table"]["features"]], run


ALL = [(0, 0, 40, 40)]
WHOLE = np.array([[1, 1, 2, 2], [1, 3, 3, 4], [5, 5, 5, 5], [NODATA, 9, 9, 8]], np.int32)


class TestZonalStatistics:
    def test_whole_numbers_have_more_statistics(self) -> None:
        (row,), _ = summarize(zones(*ALL), raster(WHOLE))
        known = WHOLE[WHOLE != NODATA]
        assert row == {
            "OBJECTID": 1,
            "Z": 1,
            "COUNT": 15,
            "AREA": 1500.0,
            "MIN": 1.0,
            "MAX": 9.0,
            "RANGE": 8.0,
            "MEAN": pytest.approx(known.mean()),
            "STD": pytest.approx(known.std()),
            "SUM": float(known.sum()),
            "MEDIAN": 4.0,
            "VARIETY": 7.0,
            "MAJORITY": 5.0,
            "MINORITY": 4.0,
        }

    def test_cell_belongs_to_the_zone_that_holds_its_centre(self) -> None:
        just_in, just_out = (0, 0, 15.01, 40), (0, 0, 14.99, 40)
        counts = [row["COUNT"] for row in summarize(zones(just_in, just_out), raster(np.ones((4, 4))))[0]]
        assert counts == [8, 4]

    def test_polygons_of_one_value_are_one_zone_and_overlaps_count_twice(self) -> None:
        rows, _ = summarize(
            zones((0, 0, 20, 40), (20, 0, 40, 40), (0, 0, 40, 20), names=["a", "a", "b"]),
            raster(np.ones((4, 4))),
        )
        assert [(row["Z"], row["COUNT"]) for row in rows] == [("a", 16), ("b", 8)]

    def test_zone_without_cells_is_left_out_and_told(self) -> None:
        rows, run = summarize(zones((0, 0, 2, 2), (900, 900, 990, 990), *ALL), raster(np.ones((4, 4))))
        assert [row["Z"] for row in rows] == [3]
        assert run.texts == ["2 zones hold the centre of no cell with a value; they are left out."]

    def test_no_zone_at_all(self) -> None:
        rows, run = summarize(zones(), raster(np.ones((4, 4))))
        assert rows == []
        assert {"Z", "COUNT", "AREA"} >= {f["name"] for f in run.values["out_table"]["fields"]} - {"OBJECTID"}

    @pytest.mark.parametrize(("ignore", "expected"), [("DATA", 9.0), ("NODATA", None)])
    def test_cells_without_a_value(self, ignore: str, expected: float | None) -> None:
        (row,), _ = summarize(zones(*ALL), raster(WHOLE), ignore_nodata=ignore, statistics_type="MAXIMUM")
        assert row["MAX"] == expected

    @pytest.mark.parametrize(
        ("kind", "columns"),
        [
            ("MINIMUM", ["MIN"]),
            ("MEAN_STD", ["MEAN", "STD"]),
            ("MIN_MAX_MEAN", ["MIN", "MAX", "RANGE", "MEAN"]),
            ("SUM", ["SUM"]),
            ("VARIETY", ["VARIETY"]),
        ],
    )
    def test_only_what_was_asked_for(self, kind: str, columns: list[str]) -> None:
        (row,), _ = summarize(zones(*ALL), raster(WHOLE), statistics_type=kind)
        assert list(row) == ["OBJECTID", "Z", "COUNT", "AREA", *columns]

    def test_percentiles_as_they_are_asked_for(self) -> None:
        cells = np.array([[1.0, 2.0], [3.0, 4.0]])
        asked = {"percentile_values": [50, 97.5], "statistics_type": "SUM"}
        (row,), _ = summarize(zones(*ALL), raster(cells), **asked)
        assert (row["PCT50"], row["PCT97_5"]) == (2.5, pytest.approx(3.925))
        (row,), _ = summarize(zones(*ALL), raster(cells.astype(np.int16)), **asked)
        assert row["PCT97_5"] == 4.0

    def test_zones_in_another_reference_are_brought_to_the_raster(self) -> None:
        lonlat = {"wkid": 4326}
        west = -84.0
        run = run_tool(
            "Raster",
            "ZonalStatisticsAsTable",
            {
                "in_zone_data": zones((west - 1, 36.0, west + 1, 37.5)) | {"spatialReference": lonlat},
                "zone_field": "Z",
                "in_value_raster": DEM,
            },
        )
        (feature,) = run.values["out_table"]["features"]
        with rasterio.open(DEM.path) as dem:
            cells = dem.read(1)
            x = dem.transform.c + (np.arange(dem.width) + 0.5) * dem.transform.a
            y = dem.transform.f + (np.arange(dem.height) + 0.5) * dem.transform.e
        inside = cells[np.ix_((y > 36.0) & (y < 37.5), (x > west - 1) & (x < west + 1))]
        assert feature["attributes"]["COUNT"] == inside.size > 10_000
        assert feature["attributes"]["MEAN"] == pytest.approx(inside.mean())

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"zone_field": "nothing"}, "no field 'nothing'"),
            ({"circular_calculation": True}, "ARITHMETIC"),
            ({"percentile_values": [101]}, "from 0 to 100"),
            ({"in_value_raster": GRID, "statistics_type": "VARIETY"}, "whole numbers"),
        ],
    )
    def test_what_cannot_be_done(self, given: dict[str, Any], problem: str) -> None:
        with pytest.raises(ToolError, match=problem):
            summarize(zones(*ALL), raster(WHOLE), **given)


def points(*places: tuple[float, float]) -> Any:
    return {
        "spatialReference": {"wkid": 32633},
        "features": [
            {"attributes": {"N": i}, "geometry": {"x": x, "y": y}} for i, (x, y) in enumerate(places)
        ],
    }


def extract(places: Any, values: LocalFile, **more: Any) -> tuple[list[float], ToolRun]:
    given = {"in_point_features": places, "in_raster": values, **more}
    run = run_tool("Raster", "ExtractValuesToPoints", given)
    features = run.values["out_point_features"]["features"]
    return [f["attributes"]["RASTERVALU"] for f in features], run


class TestExtractValues:
    def test_cell_that_a_point_lies_in(self) -> None:
        values, run = extract(points((5, 35), (39.9, 0.1), (5, 5), (15, 5), (500, 5)), raster(WHOLE))
        assert values == [1.0, 8.0, -9999.0, 9.0, -9999.0]
        assert run.texts == ["2 points lie where the raster has no value; their RASTERVALU is -9999."]

    def test_plane_is_interpolated_exactly(self) -> None:
        rows, columns = np.mgrid[0:4, 0:4]
        plane = raster((10 * columns + 5 + 2.0 * (35 - 10 * rows)).astype(np.float64))
        values, _ = extract(points((12, 17), (5, 35), (33.3, 21.7)), plane, interpolate_values="INTERPOLATE")
        assert values == pytest.approx([12 + 34, 5 + 70, 33.3 + 43.4])

    def test_cells_without_a_value_do_not_count_when_interpolating(self) -> None:
        values, _ = extract(points((10, 10), (2, 2)), raster(WHOLE), interpolate_values=True)
        assert values == [pytest.approx((5 + 5 + 9) / 3), -9999.0]

    def test_points_keep_their_attributes_and_their_reference(self) -> None:
        _, run = extract(points((5, 35)), raster(WHOLE))
        made = run.values["out_point_features"]
        assert made["features"][0]["attributes"]["N"] == 0
        assert made["features"][0]["geometry"] == {"x": 5.0, "y": 35.0}
        assert made["spatialReference"]["wkid"] == 32633

    def test_points_without_a_place_and_no_points(self) -> None:
        assert extract({"features": [{"attributes": {"N": 1}}]}, raster(WHOLE))[0] == [-9999.0]
        assert extract({"features": []}, raster(WHOLE))[0] == []


def written(cells: NDArray[Any], path: Path, **more: Any) -> LocalFile:
    """Return a raster written by rasterio alone."""
    bands = cells[None] if cells.ndim == 2 else cells
    count, height, width = bands.shape
    profile = {"driver": "GTiff", "count": count, "height": height, "width": width, "dtype": bands.dtype}
    scales = more.pop("scales", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, "w", **profile, **more) as made:
            made.write(bands)
            if scales:
                made.scales, made.offsets = scales
    return LocalFile(path)


def lonlat(*places: tuple[float, float]) -> Any:
    return points(*places) | {"spatialReference": {"wkid": 4326}}


NUMBERED = np.arange(100, dtype=np.int16).reshape(10, 10)
WIDE = from_origin(-5e6, 5e6, 1e6, 1e6)
GEOS = "+proj=geos +sweep=x +lon_0=-75 +h=35785831 +a=6378137 +b=6356752.3 +units=m +no_defs"
PROJECTIONS = {
    "geostationary": (GEOS, [(-75.5, 1), (-60, 10), (-90, -30)]),
    "sinusoidal": ("+proj=sinu +lon_0=0 +R=6371007.181 +units=m", [(1, 1), (30, -20), (-25, 40)]),
    "a cone of its own": (
        "+proj=lcc +lat_1=10 +lat_2=40 +lon_0=7 +datum=WGS84",
        [(8, 5), (20, 30), (-9, 20)],
    ),
    "with a shift of its datum": (
        "+proj=tmerc +lon_0=9 +x_0=1 +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7",
        [(9.5, 1), (20, 30), (-9, 20)],
    ),
}


class TestPlace:
    @pytest.mark.parametrize("name", PROJECTIONS)
    def test_reference_without_a_code_places_the_points(self, name: str, tmp_path: Path) -> None:
        proj, places = PROJECTIONS[name]
        given = written(NUMBERED, tmp_path / "a.tif", crs=rasterio.CRS.from_string(proj), transform=WIDE)
        to = pyproj.Transformer.from_crs(4326, proj, always_xy=True)
        xy = [to.transform(*place) for place in places]
        expected = [10.0 * math.floor((5e6 - y) / 1e6) + math.floor((x + 5e6) / 1e6) for x, y in xy]
        values, run = extract(lonlat(*places), given)
        assert (values, run.texts) == (expected, [])

    @pytest.mark.parametrize(
        ("code", "wkid"),
        [("EPSG:7415", 28992), ("EPSG:4937", 4258), ("ESRI:54009", 54009), ("EPSG:3857", 3857)],
    )
    def test_reference_with_heights_is_its_horizontal_part(
        self, code: str, wkid: int, tmp_path: Path
    ) -> None:
        given = written(NUMBERED, tmp_path / "a.tif", crs=code, transform=WIDE)
        found = Raster(given.path).spatial_reference
        assert found is not None
        assert (found.latest_wkid, found) == (wkid, SpatialReference(wkid))

    def test_geocentric_reference_is_an_error(self, tmp_path: Path) -> None:
        given = written(NUMBERED, tmp_path / "a.tif", crs="EPSG:4978", transform=WIDE)
        with pytest.raises(InvalidValue, match="spatial reference of the raster cannot be read"):
            _ = Raster(given.path).spatial_reference

    def test_reference_that_cannot_be_read_is_an_error(self, tmp_path: Path) -> None:
        odd = rasterio.CRS.from_wkt('LOCAL_CS["mine grid",UNIT["metre",1]]')
        given = written(NUMBERED, tmp_path / "a.tif", crs=odd, transform=WIDE)
        with pytest.raises(ToolError, match="spatial reference of the raster cannot be read"):
            extract(lonlat((1, 1)), given)
        with pytest.raises(InvalidValue, match="spatial reference of the raster cannot be read"):
            _ = Raster(given.path).spatial_reference

    def test_missing_reference_is_told(self, tmp_path: Path) -> None:
        bare = written(NUMBERED, tmp_path / "a.tif", transform=from_origin(0, 10, 1, 1))
        values, run = extract(lonlat((0.5, 9.5), (1.5, 8.5)), bare)
        assert values == [0.0, 11.0]
        assert run.texts == [
            "The raster names no spatial reference; it is taken to be in that of the features: 4326."
        ]
        nowhere = {"features": points((15, 35))["features"]}
        values, run = extract(nowhere, raster(WHOLE))
        assert values == [1.0]
        assert run.texts == [
            "The features name no spatial reference; they are taken to be in the raster's: 32633."
        ]
        assert extract({"features": points((0.5, 9.5))["features"]}, bare)[1].texts == []

    @pytest.mark.parametrize(
        "transform",
        [
            Affine.translation(100, 200) @ Affine.rotation(30) @ Affine.scale(2, -2),
            Affine.translation(100, 200) @ Affine.rotation(90) @ Affine.scale(2, -3),
            Affine.translation(100, 200) @ Affine.shear(20, 0) @ Affine.scale(2, -2),
            Affine.translation(100, 200) @ Affine.scale(2, 2),
            Affine.translation(100, 200) @ Affine.scale(-2, -2),
        ],
        ids=["rotated", "a quarter turn", "sheared", "south up", "east to west"],
    )
    def test_turned_raster_places_its_cells(self, transform: Affine, tmp_path: Path) -> None:
        given = written(NUMBERED, tmp_path / "a.tif", transform=transform, crs="EPSG:32633")
        centres = [transform @ (c + 0.5, r + 0.5) for r in range(10) for c in range(10)]
        assert extract(points(*centres), given)[0] == NUMBERED.ravel().tolist()
        assert [extract(points(centres[i]), given)[0] for i in (0, 37, 99)] == [[0.0], [37.0], [99.0]]
        middle = transform @ (5, 5)
        zone = shapely.affinity.translate(
            shapely.Polygon([(-5.13, -4.37), (6.21, -3.17), (1.71, 7.33)]), *middle
        )
        within = shapely.contains_xy(zone, *np.array(centres).T)
        rows, _ = summarize(zones((0, 0, 1, 1)) | {"features": [feature(zone)]}, given)
        (row,) = rows
        assert row["COUNT"] == np.count_nonzero(within) >= 10
        assert row["SUM"] == NUMBERED.ravel()[within].sum()
        assert row["AREA"] == pytest.approx(row["COUNT"] * abs(transform.determinant))

    def test_longitudes_are_turned_to_those_of_the_raster(self, tmp_path: Path) -> None:
        world = np.arange(36 * 18, dtype=np.int32).reshape(18, 36)
        east = written(world, tmp_path / "a.tif", crs="EPSG:4326", transform=from_origin(0, 90, 10, 10))
        values, run = extract(lonlat((-75, 5), (285, 5), (5, 5), (-355, 5)), east)
        assert values == [8 * 36 + 28.0] * 2 + [8 * 36.0] * 2
        assert run.texts == []
        west = written(world, tmp_path / "b.tif", crs="EPSG:4326", transform=from_origin(-180, 90, 10, 10))
        assert extract(lonlat((185, 5), (-175, 5)), west)[0] == [8 * 36.0] * 2
        (row,), _ = summarize(zones((-20, 0, 20, 10), wkid=4326), east)
        assert (row["COUNT"], row["SUM"]) == (4, world[8, [0, 1, 34, 35]].sum())
        (row,), _ = summarize(zones((170, 0, 200, 10), wkid=4326), west)
        assert (row["COUNT"], row["SUM"]) == (3, world[8, [35, 0, 1]].sum())

    def test_raster_without_a_place_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ToolError, match="says not where its cells lie"):
            extract(lonlat((1, 1)), written(NUMBERED, tmp_path / "a.tif", crs="EPSG:4326"))
        corners = [rasterio.control.GroundControlPoint(r, c, c, -r) for r in (0, 10) for c in (0, 10)]
        with pytest.raises(ToolError, match="only by ground control points"):
            extract(lonlat((1, 1)), written(NUMBERED, tmp_path / "b.tif", crs="EPSG:4326", gcps=corners))
        ones = [1.0] * 20
        rational = rasterio.rpc.RPC(0, 1, 0, 1, ones, ones, 0, 1, 0, 1, ones, ones, 0, 1)
        with pytest.raises(ToolError, match=r"only by polynomials \(RPC\)"):
            extract(lonlat((1, 1)), written(NUMBERED, tmp_path / "c.tif", rpcs=rational))


class TestCells:
    @pytest.mark.parametrize("dtype", ["complex64", "complex128"])
    def test_complex_numbers_are_refused_by_name(self, dtype: str, tmp_path: Path) -> None:
        given = written(NUMBERED.astype(dtype), tmp_path / "a.tif", crs="EPSG:32633", transform=WIDE)
        with pytest.raises(ToolError, match=f"complex numbers \\({dtype}\\)"):
            extract(points((0, 0)), given)
        with pytest.raises(ToolError, match=f"complex numbers \\({dtype}\\)"):
            summarize(zones(*ALL), given)

    def test_bands_and_scales_that_are_not_read_are_told(self, tmp_path: Path) -> None:
        bands = np.stack([NUMBERED, NUMBERED + 100])
        scales = ((0.5, 1.0), (3.0, 0.0))
        given = written(bands, tmp_path / "a.tif", crs="EPSG:32633", transform=WIDE, scales=scales)
        values, run = extract(points((-4.5e6, 4.5e6)), given)
        assert values == [0.0]
        assert run.texts == [
            "Of the 2 bands of the raster the first is read.",
            "The raster's values are stored scaled and read as stored: times 0.5 plus 3.",
        ]

    def test_cut_file_is_told_to_be_damaged(self, tmp_path: Path) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (500, 500), np.uint8)
        given = written(noise, tmp_path / "a.tif", crs="EPSG:32633", transform=WIDE, compress="deflate")
        given.path.write_bytes(given.path.read_bytes()[:100_000])
        with pytest.raises((ToolError, InvalidValue), match=r"damaged|cannot be read"):
            extract(points((4.5e8, -4.9e8), (-4.5e6, 4.5e6)), given)

    def test_neighbours_of_a_file_are_not_read(self, tmp_path: Path) -> None:
        """A world file, a .prj and an .aux.xml are other files: a caller sends one."""
        given = written(NUMBERED, tmp_path / "a.tif", crs="EPSG:32633", transform=WIDE)
        (tmp_path / "a.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
        (tmp_path / "a.prj").write_text(pyproj.CRS(4326).to_wkt("WKT1_ESRI"))
        (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:4326</SRS></PAMDataset>")
        assert Raster(given.path).spatial_reference == UTM
        with Raster(given.path).open() as dataset:
            assert dataset.transform == WIDE

    def test_erdas_imagine_is_read(self, tmp_path: Path) -> None:
        made = tmp_path / "a.img"
        profile = {"driver": "HFA", "count": 1, "height": 10, "width": 10, "dtype": "int16"}
        with rasterio.open(made, "w", **profile, crs="EPSG:32633", transform=WIDE) as target:
            target.write(NUMBERED, 1)
        assert extract(points((-4.5e6, 4.5e6), (4.5e6, -4.5e6)), LocalFile(made))[0] == [0.0, 99.0]
        assert Raster(made).spatial_reference == UTM

    def test_erdas_imagine_with_its_cells_in_another_file_is_refused(self, tmp_path: Path) -> None:
        made = tmp_path / "a.img"
        profile = {"driver": "HFA", "count": 1, "height": 10, "width": 10, "dtype": "int16"}
        with rasterio.open(made, "w", **profile, USE_SPILL="YES", transform=WIDE) as target:
            target.write(NUMBERED, 1)
        assert made.with_suffix(".ige").exists()
        with pytest.raises(InvalidValue, match="keeps its cells in another file"):
            Raster(made).open()


SIZE = {"ncols": "3", "nrows": "2"}
PLACE = {"xllcorner": "0", "yllcorner": "0", "cellsize": "1"}
CELLS = "1 2 3\n4 5 -9999\n"
GRID_POINTS = {"features": points((0.5, 0.5), (2.5, 1.5), (2.5, 0.5))["features"]}


def header(**lines: str) -> str:
    return "".join(f"{key} {value}\n" for key, value in lines.items())


GRIDS = {
    "small letters": header(**SIZE, **PLACE, NODATA_value="-9999") + CELLS,
    "capitals": header(**SIZE, **PLACE, NODATA_value="-9999").upper() + CELLS,
    "mixed case": header(NCols="3", NRows="2", XllCorner="0", YllCorner="0", CellSize="1") + CELLS,
    "without a value for none": header(**SIZE, **PLACE) + CELLS,
    "rows first": header(nrows="2", ncols="3", **PLACE) + CELLS,
    "size of cells first": header(cellsize="1", nodata_value="-9999", **SIZE, yllcorner="0", xllcorner="0")
    + CELLS,
    "place first": header(**PLACE, **SIZE) + CELLS,
    "centres": header(**SIZE, xllcenter="0.5", yllcenter="0.5", cellsize="1") + CELLS,
    "dx and dy": header(**SIZE, xllcorner="0", yllcorner="0", dx="1", dy="1") + CELLS,
    "a byte order mark": "\ufeff" + header(**SIZE, **PLACE) + CELLS,
    "blanks before": "\n  " + header(**SIZE, **PLACE) + CELLS,
    "tabs": (header(**SIZE, **PLACE) + CELLS).replace(" ", "\t"),
    "lines of Windows": (header(**SIZE, **PLACE) + CELLS).replace("\n", "\r\n"),
    "one line of cells": header(**SIZE, **PLACE) + CELLS.replace("\n", " "),
    "no line at the end": (header(**SIZE, **PLACE) + CELLS).rstrip(),
    "its value for none first": header(NODATA_value="-9999", **SIZE, **PLACE) + CELLS,
    "a blank before every line": header(**SIZE, **PLACE).replace("\n", "\n ") + CELLS,
    "a corner in x, a centre in y": header(**SIZE, xllcorner="0", yllcenter="0.5", cellsize="1") + CELLS,
    "a size in decimal commas": header(**SIZE, xllcorner="0,0", yllcorner="0,0", cellsize="1,0") + CELLS,
    "decimal commas": header(**SIZE, **PLACE) + "1,0 2,0 3,0\n4,0 5,0 -9999,0\n",
}


class TestGrids:
    @pytest.mark.parametrize("case", GRIDS)
    def test_grid_of_any_header(self, case: str, tmp_path: Path) -> None:
        path = tmp_path / "grid.txt"
        path.write_bytes(GRIDS[case].encode())
        values, run = extract(GRID_POINTS, LocalFile(path))
        assert values == [4.0, 3.0, -9999.0]
        assert run.texts == ["1 point lies where the raster has no value; its RASTERVALU is -9999."]

    def test_cells_without_data_are_left_aside(self, tmp_path: Path) -> None:
        path = tmp_path / "grid.asc"
        path.write_text(header(**SIZE, **PLACE) + CELLS)
        (row,), _ = summarize(zones((0, 0, 3, 2)), LocalFile(path))
        assert (row["COUNT"], row["MIN"], row["VARIETY"]) == (5, 1.0, 5)

    @pytest.mark.parametrize(
        ("cell", "expected"), [("0.1", 0.1), ("3000000000", 3e9), ("1e+05", 1e5), ("16777217.5", 16777217.5)]
    )
    def test_cells_have_all_their_digits(self, cell: str, expected: float, tmp_path: Path) -> None:
        path = tmp_path / "grid.asc"
        path.write_text(header(**SIZE, **PLACE) + f"1 2 3\n{cell} 5 6\n")
        assert extract({"features": points((0.5, 0.5))["features"]}, LocalFile(path))[0] == [expected]

    @pytest.mark.parametrize(
        ("cells", "problem"),
        [
            ("1 2 3\n4 5\n", "has 5 cells, and its header says 6"),
            ("1 2 3\n4 5 6\n7 8 9\n", "has 9 cells, and its header says 6"),
            ("1 2 x\n4 5 6\n", "not a raster of numbers: b'x'"),
            ("", "has 0 cells"),
        ],
    )
    def test_grid_that_is_none_is_refused(self, cells: str, problem: str, tmp_path: Path) -> None:
        path = tmp_path / "grid.asc"
        path.write_text(header(**SIZE, **PLACE) + cells)
        with pytest.raises(InvalidValue, match=problem):
            Raster(path).open()

    @pytest.mark.parametrize(
        ("lines", "problem"),
        [
            ({**SIZE, "cellsize": "1"}, "no xllcorner or xllcenter"),
            ({**SIZE, "xllcorner": "0", "cellsize": "1"}, "no yllcorner or yllcenter"),
            ({**SIZE, "xllcorner": "0", "yllcorner": "0"}, "no cellsize or dx"),
            ({**SIZE, **PLACE, "cellsize": "0"}, "no cellsize or dx"),
            ({**SIZE, **PLACE, "xllcorner": "west"}, "no xllcorner"),
            ({**PLACE, "nrows": "2"}, "no ncols"),
            ({**SIZE, **PLACE, "ncols": "-3"}, "no ncols"),
            ({**SIZE, **PLACE, "NCOLS": "4"}, "says ncols twice"),
            ({**SIZE, **PLACE, "nodata": " " * 5000 + "-1"}, "not a raster of numbers"),
            ({**SIZE, **PLACE, "nodata": "-" + "1" * 5000}, "has more than 4,096 bytes"),
        ],
    )
    def test_header_that_says_not_where_the_cells_lie_is_refused(
        self, lines: dict[str, str], problem: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "grid.asc"
        path.write_text(header(**lines) + CELLS)
        with pytest.raises(InvalidValue, match=problem):
            Raster(path).open()

    def test_grid_of_many_blocks_is_counted_right(self, tmp_path: Path) -> None:
        path = tmp_path / "grid.asc"
        cells = np.random.default_rng(2).integers(0, 1000, (600, 900))
        np.savetxt(path, cells, "%d", header=header(ncols="900", nrows="600", **PLACE).rstrip(), comments="")
        with Raster(path).open() as dataset:
            assert np.array_equal(dataset.read(1), cells)


class TestFiles:
    @pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
    @pytest.mark.parametrize("wkid", [4326, 3857, 102718])
    def test_what_is_written_comes_back(self, dtype: str, wkid: int) -> None:
        cells = (np.arange(300 * 400) % 250).reshape(300, 400).astype(dtype)
        made = Raster.of(cells, from_origin(1000, 2000, 5, 5), SpatialReference(wkid), 0, name="made")
        assert (made.path.name, made.format) == ("made.tif", "tif")
        # a GeoTIFF has no codes of Esri; EPSG's of the same system is found
        assert made.spatial_reference == SpatialReference(2263 if wkid == 102718 else wkid)
        with made.open() as dataset:
            assert (dataset.profile["tiled"], dataset.profile["compress"], dataset.nodata) == (
                True,
                "deflate",
                0,
            )
            assert np.array_equal(dataset.read(1), cells)

    def test_several_bands(self) -> None:
        bands = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
        with Raster.of(bands, from_origin(0, 0, 2, 2), None).open() as dataset:
            assert (dataset.count, dataset.crs) == (2, None)
            assert np.array_equal(dataset.read(), bands)

    @pytest.mark.parametrize(
        "content",
        [
            b'<VRTDataset rasterXSize="1"><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>',
            b"",
            b"II*\0",
            b"MM\0*" + bytes(200),
            b"\x89PNG\r\n\x1a\n",
            b"SQLite format 3\0",
            b"ncols 1\nnrows x\n",
            b"nrows 1\n",
            b"PK\3\4",
        ],
    )
    def test_what_is_no_raster_is_refused(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        path.write_bytes(content)
        with pytest.raises(InvalidValue, match=r"'a\.tif' is not a raster"):
            Raster(path).open()


def test_zone_drawn_beyond_the_edge_of_web_mercator_holds_the_cells_on_both_sides() -> None:
    half = math.pi * 6_378_137
    side = half / 20
    world = np.tile(np.arange(40, dtype=np.int16), (2, 1))  # the number of the column
    place = from_origin(-half, side, side, side)
    values = LocalFile(Raster.of(world, place, SpatialReference(3857), NODATA).path)
    (row,), _ = summarize(zones((half - side, 0, half + side, side), wkid=102100), values)
    assert (row["COUNT"], row["MIN"], row["MAX"]) == (2, 0, 39)
    (row,), _ = summarize(zones((171, 1, 189, 8), wkid=4326), values)
    assert (row["COUNT"], row["MIN"], row["MAX"]) == (2, 0, 39)


def test_shapes_without_a_place_in_the_raster_are_told() -> None:
    values = LocalFile(Raster.of(WHOLE, WIDE, SpatialReference(3857), NODATA).path)
    _, run = summarize(zones((0, 87, 10, 88), (0, 0, 10, 10), wkid=4326), values)
    assert "1 feature has no place in the spatial reference 102100; its shape is null." in run.texts
    _, run = extract(lonlat((0, 90), (0, 0)), values)
    assert "1 feature has no place in the spatial reference 102100; its shape is null." in run.texts
