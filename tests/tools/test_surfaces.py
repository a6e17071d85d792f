"""Rasters that tools make of heights and of points: their form, bad inputs, real data."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine, from_origin

from gpserverless import Raster
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import InvalidParameter, ToolError
from gpserverless.formats.esri_json import decode_features
from gpserverless.toolkit.call import CallOptions
from gpserverless.values.spatial_reference import SpatialReference
from tests.tools.tool_run import DATA, ToolRun, data, run_tool

UTM, WORLD = SpatialReference(32633), SpatialReference(4326)
DEM = LocalFile(DATA / "jacksboro_dem.tif")
PLANE = LocalFile(Path(__file__).parent / "cases/rasters/plane.tif")
WALL = LocalFile(Path(__file__).parent / "cases/rasters/wall.tif")
NODATA = -9999


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made in the run's folder, as in a worker."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def raster(
    cells: NDArray[Any], transform: Affine | None = None, reference: SpatialReference | None = UTM
) -> LocalFile:
    return LocalFile(Raster.of(cells, transform or from_origin(0, 90, 10, 10), reference, NODATA).path)


def points(*places: tuple[float, float, float | None], wkid: int = 32633) -> dict[str, Any]:
    return {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": wkid},
        "fields": [
            {"name": "N", "type": "esriFieldTypeDouble"},
            {"name": "T", "type": "esriFieldTypeString"},
        ],
        "features": [{"attributes": {"N": n, "T": "t"}, "geometry": {"x": x, "y": y}} for x, y, n in places],
    }


def read(run: ToolRun, output: str = "out_raster") -> tuple[np.ma.MaskedArray[Any, Any], Any]:
    """Return the cells of a raster that a tool made, and its profile."""
    value = run.values[output]
    assert value["format"] == "tif"
    with rasterio.MemoryFile(run.files[value["url"].rpartition("/")[2]]) as file, file.open() as dataset:
        return dataset.read(1, masked=True), dataset.profile


FOUR = points((0, 0, 1), (100, 0, 3), (0, 100, 5), (100, 100, 7))


class TestSlopeAspectAndHillShade:
    @pytest.mark.parametrize(
        ("task", "kind", "none"),
        [
            ("Slope", "float32", -3.4028234663852886e38),
            ("Aspect", "float32", None),
            ("HillShade", "int16", -1),
        ],
    )
    def test_raster_lies_where_the_heights_do(self, task: str, kind: str, none: float | None) -> None:
        cells, profile = read(run_tool("Raster", task, {"in_raster": PLANE}))
        assert (profile["dtype"], profile["crs"].to_epsg()) == (kind, 32633)
        assert profile["transform"] == from_origin(500_000, 5_000_600, 30, 30)
        assert none is None or profile["nodata"] == none
        assert np.ma.getmaskarray(cells)[[0, -1]].all()
        assert np.ma.getmaskarray(cells)[1:-1, 1:-1].sum() == 0

    def test_heights_over_degrees_are_told(self) -> None:
        run = run_tool("Raster", "Slope", {"in_raster": DEM})
        assert run.texts == [
            "The raster lies in degrees, and heights are compared with them as they are. "
            "Take GEODESIC, or give a zfactor."
        ]
        assert read(run)[0].mean() > 89

    def test_ellipsoid_gives_the_slopes_of_hills(self) -> None:
        run = run_tool("Raster", "Slope", {"in_raster": DEM, "method": "GEODESIC"})
        slopes, _ = read(run)
        assert run.texts == []
        assert 1 < slopes.mean() < 20
        assert slopes.max() < 60
        feet = run_tool("Raster", "Slope", {"in_raster": DEM, "method": "GEODESIC", "zunit": "FOOT"})
        lower = np.tan(np.radians(read(feet)[0])) / np.tan(np.radians(slopes))
        assert float(np.nanmedian(lower.filled(np.nan))) == pytest.approx(0.3048, rel=1e-4)

    def test_shadow_of_a_wall_falls_on_the_plain(self) -> None:
        """The sun stands in the east at 45 degrees, behind a wall of 100 m: the shadow is ten cells long."""
        heights = np.zeros((9, 30))
        heights[:, 20] = 100
        sun = {"in_raster": raster(heights), "azimuth": 90, "altitude": 45}
        lit, _ = read(run_tool("Raster", "HillShade", sun))
        dark, _ = read(run_tool("Raster", "HillShade", {**sun, "model_shadows": "SHADOWS"}))
        assert lit[4, 5:19].tolist() == [180] * 14
        assert dark[4, 5:19].tolist() == [180] * 6 + [0] * 8
        assert (np.ma.getmaskarray(dark) == np.ma.getmaskarray(lit)).all()
        assert (dark[4, 22:29] == lit[4, 22:29]).all()

    def test_low_sun_leaves_valleys_in_the_dark(self) -> None:
        metre = 1 / 111_320
        sun = {"in_raster": DEM, "altitude": 10, "zfactor": metre}
        lit, _ = read(run_tool("Raster", "HillShade", sun))
        dark, _ = read(run_tool("Raster", "HillShade", {**sun, "model_shadows": True}))
        fallen = (dark != lit).mean()
        assert 0.05 < fallen < 0.5
        assert (dark[dark != lit] == 0).all()

    @pytest.mark.parametrize(
        ("task", "cells", "options", "words"),
        [
            ("Slope", np.zeros((3, 3)), {"method": "GEODESIC"}, "GEODESIC is for rasters in longitudes"),
            ("Aspect", np.zeros((3, 3)), {"method": "GEODESIC"}, "GEODESIC is for rasters in longitudes"),
            ("Aspect", np.zeros((3, 3)), {"project_geodesic_azimuths": True}, "Only GEODESIC_AZIMUTHS"),
            ("Slope", np.zeros((3, 3), np.complex64), {}, "complex numbers"),
        ],
    )
    def test_option_that_is_not_offered_is_refused(
        self, task: str, cells: NDArray[Any], options: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(ToolError, match=words):
            run_tool("Raster", task, {"in_raster": raster(cells), **options})

    @pytest.mark.parametrize(
        ("name", "value"), [("zfactor", 0), ("zfactor", "NaN"), ("altitude", 91), ("azimuth", -1)]
    )
    def test_number_without_meaning_is_refused(self, name: str, value: Any) -> None:
        with pytest.raises(InvalidParameter, match=name):
            run_tool("Raster", "HillShade", {"in_raster": PLANE, name: value})

    def test_turned_raster_is_refused(self) -> None:
        turned = raster(
            np.zeros((4, 4)), Affine.translation(5, 5) @ Affine.rotation(10) @ Affine.scale(1, -1)
        )
        with pytest.raises(ToolError, match="The raster is turned"):
            run_tool("Raster", "Slope", {"in_raster": turned})

    def test_large_raster_is_refused_before_it_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gpserverless.analysis.surface.MAX_SURFACE", 10)
        with pytest.raises(ToolError, match="The raster has 400 cells; at most 10 fit"):
            run_tool("Raster", "Slope", {"in_raster": PLANE})

    def test_raster_without_values_has_no_slopes(self) -> None:
        cells, _ = read(run_tool("Raster", "Slope", {"in_raster": raster(np.full((5, 5), NODATA))}))
        assert np.ma.getmaskarray(cells).all()

    @pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 2)])
    def test_small_raster_has_no_slopes(self, shape: tuple[int, int]) -> None:
        cells, _ = read(run_tool("Raster", "Slope", {"in_raster": raster(np.ones(shape))}))
        assert cells.shape == shape
        assert np.ma.getmaskarray(cells).all()


class TestContour:
    def test_hills_have_lines_of_their_heights(self) -> None:
        run = run_tool("Raster", "Contour", {"in_raster": DEM, "contour_interval": 100})
        lines = decode_features(run.values["out_polyline_features"])
        with rasterio.open(DEM.path) as dataset:
            heights = dataset.read(1, masked=True)
        assert run.values["out_polyline_features"]["spatialReference"]["wkid"] == 4269
        first = -(-int(heights.min()) // 100) * 100
        assert sorted(set(lines.numbers("Contour"))) == list(range(first, int(heights.max()) + 1, 100))
        assert len(lines) > 50
        assert shapely.is_simple(lines.geometries).all()

    def test_factor_and_base(self) -> None:
        options = {"in_raster": PLANE, "contour_interval": 100, "base_contour": 30, "zfactor": 0.5}
        run = run_tool("Raster", "Contour", options)
        found = {f["attributes"]["Contour"] for f in run.values["out_polyline_features"]["features"]}
        assert found == {530, 630}

    @pytest.mark.parametrize("kind", ["CONTOUR_POLYGON", "CONTOUR_SHELL", "CONTOUR_SHELL_UP"])
    def test_polygons_are_refused(self, kind: str) -> None:
        with pytest.raises(ToolError, match=f"{kind} is not offered"):
            run_tool("Raster", "Contour", {"in_raster": PLANE, "contour_interval": 9, "contour_type": kind})

    def test_raster_without_values_has_no_lines(self) -> None:
        given = {"in_raster": raster(np.full((5, 5), NODATA)), "contour_interval": 1}
        value = run_tool("Raster", "Contour", given).values["out_polyline_features"]
        assert value["features"] == []
        assert value["geometryType"] == "esriGeometryPolyline"
        assert [f["name"] for f in value["fields"]] == ["OBJECTID", "Id", "Contour"]


class TestIdw:
    def test_cells_lie_over_the_points(self) -> None:
        given = {"in_point_features": FOUR, "zfield": "N", "cell_size": 50}
        cells, profile = read(run_tool("Raster", "Idw", given))
        assert profile["transform"] == from_origin(0, 100, 50, 50)
        far, near = 75**2 * 2, 25**2 * 2
        weight = np.array([1 / (75**2 + 25**2), 1 / far, 1 / near, 1 / (75**2 + 25**2)])
        assert cells[0, 0] == pytest.approx((weight * [1, 3, 5, 7]).sum() / weight.sum())

    @pytest.mark.parametrize(
        ("options", "error", "words"),
        [
            ({"zfield": "X"}, ToolError, "no field 'X'"),
            ({"zfield": "T"}, ToolError, "'T' holds no numbers"),
            ({"search_radius": "NEAR"}, InvalidParameter, "search_radius"),
            ({"cell_size": -5}, ToolError, "cell_size must be above 0"),
            ({"cell_size": 1e-6}, ToolError, "at most 50,000,000 fit"),
            ({"power": -1}, InvalidParameter, "power"),
            ({"in_point_features": points()}, ToolError, "There is no point with a value"),
            ({"in_point_features": points((1, 1, None))}, ToolError, "There is no point with a value"),
            ({"in_point_features": points((1, 1, 5))}, ToolError, "give cell_size"),
            (
                {"in_barrier_polyline_features": {"features": [{"geometry": {"paths": [[[0, 0], [1, 1]]]}}]}},
                ToolError,
                "Barriers are not respected",
            ),
        ],
    )
    def test_bad_input_is_explained(
        self, options: dict[str, Any], error: type[Exception], words: str
    ) -> None:
        with pytest.raises(error, match=words):
            run_tool("Raster", "Idw", {"in_point_features": FOUR, "zfield": "N", **options})

    def test_points_left_out_and_degrees_are_told(self) -> None:
        places = points((0, 0, 1), (1, 1, 2), (2, 2, None), wkid=4326)
        run = run_tool("Raster", "Idw", {"in_point_features": places, "zfield": "N"})
        assert run.texts == [
            "Points without a value of N: 1; they were left out.",
            "Distances are measured in degrees on the map. Project the points to measure in metres.",
        ]


class TestKernelDensity:
    @pytest.mark.parametrize(("field", "total"), [("N", 16), ("NONE", 4)])
    def test_counts_add_up_to_the_points(self, field: str, total: float) -> None:
        given = {"in_features": FOUR, "population_field": field, "cell_size": 1, "search_radius": 40}
        cells, profile = read(
            run_tool("Raster", "KernelDensity", given | {"out_cell_values": "EXPECTED_COUNTS"})
        )
        assert cells.sum() == pytest.approx(total, rel=1e-3)
        assert profile["transform"] == from_origin(-40, 140, 1, 1)
        densities, _ = read(
            run_tool("Raster", "KernelDensity", given | {"area_unit_scale_factor": "HECTARES"})
        )
        assert densities.sum() == pytest.approx(10_000 * total, rel=1e-3)

    def test_radius_is_chosen_and_told(self) -> None:
        run = run_tool("Raster", "KernelDensity", {"in_features": FOUR, "population_field": "NONE"})
        (text,) = [m.text for m in run.messages if m.kind == "informative"]
        assert text.startswith("No search radius was given: 48.2")

    @pytest.mark.parametrize(
        ("options", "error", "words"),
        [
            ({"method": "GEODESIC"}, ToolError, "Only PLANAR"),
            ({"population_field": "T"}, ToolError, "'T' holds no numbers"),
            ({"search_radius": 0}, InvalidParameter, "search_radius"),
            ({"search_radius": 1e12, "cell_size": 1}, ToolError, "at most 50,000,000 fit"),
            ({"in_features": points((0, 0, -1), (9, 9, 1))}, ToolError, "population must be from 0"),
            (
                {"in_features": {"features": [{"geometry": {"paths": [[[0, 0], [1, 1]]]}}]}},
                ToolError,
                "density of lines is not measured",
            ),
            (
                {"in_features": points((0, 0, 1), (9, 9, 1), wkid=4326), "area_unit_scale_factor": "ACRES"},
                ToolError,
                "take SQUARE_MAP_UNITS",
            ),
        ],
    )
    def test_bad_input_is_explained(
        self, options: dict[str, Any], error: type[Exception], words: str
    ) -> None:
        with pytest.raises(error, match=words):
            run_tool("Raster", "KernelDensity", {"in_features": FOUR, "population_field": "N", **options})

    def test_airports_of_the_world(self) -> None:
        run = run_tool(
            "Raster", "KernelDensity", {"in_features": data("airports"), "population_field": "NONE"}
        )
        cells, _ = read(run)
        assert cells.max() > 0
        assert not np.ma.getmaskarray(cells).any()


class TestViewshed:
    def test_wall_hides_what_is_behind(self) -> None:
        given = {"in_raster": WALL, "in_observer_features": points((500_205, 5_000_205, None))}
        run = run_tool("Raster", "Viewshed", given)
        seen, profile = read(run)
        assert (profile["dtype"], profile["nodata"]) == ("int16", -1)
        assert seen[20, 20] == 1
        assert seen[20, 39] == 0
        above, _ = read(run, "out_agl_raster")
        assert above[20, 20] == 0
        assert above[20, 39] > 1

    def test_fields_of_observers_count(self) -> None:
        observers = points((500_205, 5_000_205, None))
        observers["fields"].append({"name": "radius2", "type": "esriFieldTypeDouble"})
        observers["features"][0]["attributes"]["radius2"] = 50
        seen, _ = read(run_tool("Raster", "Viewshed", {"in_raster": WALL, "in_observer_features": observers}))
        assert seen.sum() == 81  # cells whose centre is within five cells

    def test_observer_elsewhere_is_told(self) -> None:
        run = run_tool("Raster", "Viewshed", {"in_raster": WALL, "in_observer_features": points((0, 0, 1))})
        assert run.texts == ["Observers that stand where the raster has no value: 1; they see nothing."]
        assert read(run)[0].sum() == 0

    def test_nobody_sees_nothing(self) -> None:
        run = run_tool("Raster", "Viewshed", {"in_raster": WALL, "in_observer_features": points()})
        assert read(run)[0].sum() == 0

    def test_hill_sees_more_than_valley(self) -> None:
        with rasterio.open(DEM.path) as dataset:
            heights = dataset.read(1, masked=True)
            places = [
                dataset.xy(*np.unravel_index(find(heights), heights.shape)) for find in (np.argmax, np.argmin)
            ]
        counts = []
        for x, y in places:
            given = {"in_raster": DEM, "in_observer_features": points((x, y, None), wkid=4269)}
            counts.append(
                read(run_tool("Raster", "Viewshed", given | {"curvature_correction": True}))[0].sum()
            )
        assert counts[0] > 10 * counts[1] > 0


class TestElevationViewshed:
    def test_area_has_its_length_and_size(self) -> None:
        given = {
            "Input_Observation_Point": points((500_205, 5_000_205, None)),
            "Viewshed_Distance": {"distance": 0.1, "units": "esriKilometers"},
            "dem": WALL,
        }
        (feature,) = run_tool("Elevation", "Viewshed", given).values["Viewshed_Result"]["features"]
        assert feature["attributes"]["Shape_Area"] == pytest.approx(np.pi * 100**2, rel=0.1)
        assert feature["attributes"]["Shape_Length"] > 600

    def test_point_elsewhere_sees_no_area(self) -> None:
        given = {"Input_Observation_Point": points((0, 0, None)), "Viewshed_Distance": "1 Miles", "dem": WALL}
        assert run_tool("Elevation", "Viewshed", given).values["Viewshed_Result"]["features"] == []

    @pytest.mark.parametrize("distance", ["0 Meters", "-5 Meters", "1 DecimalDegrees"])
    def test_distance_without_meaning_is_refused(self, distance: str) -> None:
        given = {"Input_Observation_Point": points((0, 0, None)), "Viewshed_Distance": distance, "dem": WALL}
        with pytest.raises(ToolError, match=r"above 0|esriDecimalDegrees"):
            run_tool("Elevation", "Viewshed", given)


def lines(*paths: list[list[float]], wkid: int | None = 32633) -> dict[str, Any]:
    return {
        "geometryType": "esriGeometryPolyline",
        "spatialReference": {"wkid": wkid} if wkid else None,
        "fields": [{"name": "N", "type": "esriFieldTypeInteger"}],
        "features": [{"attributes": {"N": n}, "geometry": {"paths": [path]}} for n, path in enumerate(paths)],
    }


WITH_Z = CallOptions(return_z=True)
OVER_PLANE = lines([[500_045.0, 5_000_100.0], [500_500.0, 5_000_500.0]])


def height_of_plane(x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    """Return the heights of the plane of the cases, which rises by 0.3 to the east and 0.4 to the south."""
    return 1000 + 0.3 * (x - 500_015) - 0.4 * (y - 5_000_585)


class TestInterpolateShape:
    def test_line_over_a_plane_has_its_heights_at_every_cell(self) -> None:
        given = {"in_surface": PLANE, "in_feature_class": OVER_PLANE}
        run = run_tool("Raster", "InterpolateShape", given, WITH_Z)
        value = run.values["out_feature_class"]
        path = np.array(value["features"][0]["geometry"]["paths"][0])
        assert value["hasZ"]
        assert len(path) > 5
        assert path[:, 2] == pytest.approx(height_of_plane(path[:, 0], path[:, 1]), abs=1e-4)

    def test_vertices_alone_get_heights_times_the_factor(self) -> None:
        options = {"vertices_only": "VERTICES_ONLY", "zfactor": 2}
        given = {"in_surface": PLANE, "in_feature_class": OVER_PLANE, **options}
        value = run_tool("Raster", "InterpolateShape", given, WITH_Z).values["out_feature_class"]
        path = np.array(value["features"][0]["geometry"]["paths"][0])
        assert len(path) == 2
        assert path[:, 2] == pytest.approx(2 * height_of_plane(path[:, 0], path[:, 1]), abs=1e-4)

    @pytest.mark.parametrize(("option", "kept"), [("EXCLUDE", 1), ("PRESERVE", 2)])
    def test_line_beyond_the_raster_is_left_out_or_kept_and_told(self, option: str, kept: int) -> None:
        inside = OVER_PLANE["features"][0]["geometry"]["paths"][0]
        given = lines(inside, [inside[0], [inside[0][0] - 1e6, inside[0][1]]])
        options = {"preserve_features": option, "sample_distance": 1000}
        run = run_tool(
            "Raster", "InterpolateShape", {"in_surface": PLANE, "in_feature_class": given, **options}
        )
        assert len(run.values["out_feature_class"]["features"]) == kept
        assert any("beyond the values of the raster" in m.text for m in run.messages if m.kind == "warning")

    def test_too_many_vertices_are_refused_before_they_are_made(self) -> None:
        given = {"in_surface": PLANE, "in_feature_class": OVER_PLANE, "sample_distance": 1e-9}
        with pytest.raises(ToolError, match="Take a longer sample_distance"):
            run_tool("Raster", "InterpolateShape", given)

    def test_nothing_gives_nothing(self) -> None:
        run = run_tool("Raster", "InterpolateShape", {"in_surface": PLANE, "in_feature_class": lines()})
        assert run.values["out_feature_class"]["features"] == []
