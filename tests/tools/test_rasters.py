"""Rasters: zonal statistics against plain counting, values under points, and files that are no rasters."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
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

    def test_a_cell_belongs_to_the_zone_that_holds_its_centre(self) -> None:
        just_in, just_out = (0, 0, 15.01, 40), (0, 0, 14.99, 40)
        counts = [row["COUNT"] for row in summarize(zones(just_in, just_out), raster(np.ones((4, 4))))[0]]
        assert counts == [8, 4]

    def test_polygons_of_one_value_are_one_zone_and_overlaps_count_twice(self) -> None:
        rows, _ = summarize(
            zones((0, 0, 20, 40), (20, 0, 40, 40), (0, 0, 40, 20), names=["a", "a", "b"]),
            raster(np.ones((4, 4))),
        )
        assert [(row["Z"], row["COUNT"]) for row in rows] == [("a", 16), ("b", 8)]

    def test_a_zone_without_cells_is_left_out_and_told(self) -> None:
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
    def test_the_cell_that_a_point_lies_in(self) -> None:
        values, run = extract(points((5, 35), (39.9, 0.1), (5, 5), (15, 5), (500, 5)), raster(WHOLE))
        assert values == [1.0, 8.0, -9999.0, 9.0, -9999.0]
        assert run.texts == ["2 points lie where the raster has no value; their RASTERVALU is -9999."]

    def test_a_plane_is_interpolated_exactly(self) -> None:
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
        ],
    )
    def test_what_is_no_raster_is_refused(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        path.write_bytes(content)
        with pytest.raises(InvalidValue, match=r"'a\.tif' is not a raster"):
            Raster(path).open()
