"""The raster of a job is drawn in any reference, tells its values, and refuses what it cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds, from_origin
from rasterio.warp import reproject, transform, transform_bounds

from gpserverless.formats import raster_views
from tests.protocols.imageserver.images import IMAGE, ROOT, ImageSite, luminance

DEM = Path(__file__).parents[2] / "data/jacksboro_dem.tif"
NAD83 = 4269
MERCATOR = 3857


@pytest.fixture(scope="module")
def heights() -> tuple[NDArray[Any], Any]:
    with rasterio.open(DEM) as dataset:
        return dataset.read(1), dataset.bounds


@pytest.fixture
def site() -> ImageSite:
    return ImageSite(DEM)


def write(path: Path, bands: NDArray[Any], **options: Any) -> ImageSite:
    """Write bands as cells of one unit from (0, 0) northeast, in UTM 32."""
    count, height, width = bands.shape
    place = {"transform": from_origin(0, height, 1, 1), "crs": "EPSG:25832", **options}
    shape = {"count": count, "height": height, "width": width, "dtype": bands.dtype}
    colors = place.pop("colorinterp", None)
    with rasterio.open(path, "w", driver="GTiff", **shape, **place) as made:
        made.write(bands)
        if colors:
            made.colorinterp = colors
    return ImageSite(path)


class TestDocument:
    def test_tells_the_raster(self, site: ImageSite, heights: tuple[NDArray[Any], Any]) -> None:
        cells, bounds = heights
        told = site.read()
        extent = told["fullExtent"]
        assert [extent[side] for side in ("xmin", "ymin", "xmax", "ymax")] == pytest.approx(list(bounds))
        assert told["spatialReference"]["wkid"] == extent["spatialReference"]["wkid"] == NAD83
        assert told["pixelSizeX"] == pytest.approx(1 / 1200)
        assert (told["bandCount"], told["pixelType"], told["noDataValue"]) == (1, "S16", -32768)
        assert (told["minValues"], told["maxValues"]) == ([cells.min()], [cells.max()])
        assert told["meanValues"] == [pytest.approx(cells.mean())]
        assert told["stdvValues"] == [pytest.approx(cells.std())]
        assert (told["name"], told["description"]) == ("Heights", "Metres above the sea.")

    def test_has_what_clients_ask_before_they_draw(self, site: ImageSite) -> None:
        names = [each["name"] for each in site.read("/rasterFunctionInfos")["rasterFunctionInfos"]]
        assert names == ["None"]
        assert site.read("/keyProperties") == {}
        (statistics,) = site.read("/statistics")["statistics"]
        assert (statistics["min"], statistics["max"]) == (236, 1076)

    @pytest.mark.parametrize("value", [float(np.finfo(np.float32).min), -9999.0, 0.5])
    def test_value_of_no_data_may_be_any(self, tmp_path: Path, value: float) -> None:
        site = write(tmp_path / "a.tif", np.ones((1, 4, 4), np.float32), nodata=value)
        assert site.read()["noDataValue"] == value

    def test_raster_without_a_reference_or_data(self, tmp_path: Path) -> None:
        site = write(tmp_path / "a.tif", np.full((1, 4, 4), np.nan, np.float32), crs=None, nodata=np.nan)
        told = site.read()
        assert told["spatialReference"] is None
        assert told["noDataValue"] is None
        assert told["minValues"] == [0]


class TestExport:
    def test_tiff_keeps_the_values_of_the_same_grid(
        self, site: ImageSite, heights: tuple[NDArray[Any], Any]
    ) -> None:
        cells, bounds = heights
        box = ",".join(map(str, bounds))
        picture, kind = site.draw(bbox=box, size="403,344", format="tiff")
        assert kind == "image/tiff"
        assert picture.dtype == np.int16
        np.testing.assert_array_equal(picture[0], cells)

    @pytest.mark.parametrize(
        ("interpolation", "resampling"),
        [
            ("RSP_NearestNeighbor", Resampling.nearest),
            ("RSP_BilinearInterpolation", Resampling.bilinear),
            ("RSP_CubicConvolution", Resampling.cubic),
            ("rsp_majority", Resampling.mode),
        ],
    )
    def test_tiff_in_another_reference_has_the_values_of_gdal(
        self, site: ImageSite, interpolation: str, resampling: Resampling
    ) -> None:
        with rasterio.open(DEM) as dataset:
            west, south, east, north = transform_bounds(dataset.crs, MERCATOR, *dataset.bounds)
            east = west + (north - south)  # so the aspect is that of the picture
            expected = np.zeros((200, 200), np.int16)
            reproject(
                rasterio.band(dataset, 1),
                expected,
                dst_transform=from_bounds(west, south, east, north, 200, 200),
                dst_crs=f"EPSG:{MERCATOR}",
                dst_nodata=-32768,
                resampling=resampling,
            )
        box = f"{west!r},{south!r},{east!r},{north!r}"
        options = {"bboxSR": MERCATOR, "imageSR": 102100, "interpolation": interpolation}
        picture, _ = site.draw(bbox=box, size="200,200", format="tiff", **options)
        differ = (
            np.abs(picture[0].astype(int) - expected) > 1
        )  # GDAL approximates places by an eighth of a cell
        assert differ.mean() < 0.02
        assert (picture[0] == -32768).sum() == pytest.approx((expected == -32768).sum(), abs=200)

    def test_heights_are_stretched_over_all_but_the_ends(
        self, site: ImageSite, heights: tuple[NDArray[Any], Any]
    ) -> None:
        cells, bounds = heights
        picture, kind = site.draw(bbox=",".join(map(str, bounds)), size="403,344", format="png32")
        assert kind == "image/png"
        low, high = np.percentile(cells, (2, 98))
        expected = np.clip(np.rint((cells.astype(float) - low) / (high - low) * 255), 0, 255)
        np.testing.assert_array_equal(picture[:3], np.stack([expected] * 3))
        assert (picture[3] == 255).all()

    @pytest.mark.parametrize("order", [(0, 3, 2, 1), (2, 1, 0, 3)])
    def test_pairs_of_the_box_may_be_swapped(
        self, site: ImageSite, heights: tuple[NDArray[Any], Any], order: tuple[int, ...]
    ) -> None:
        plain, _ = site.draw(bbox=",".join(map(str, heights[1])), size="100,80")
        swapped, _ = site.draw(bbox=",".join(str(heights[1][place]) for place in order), size="100,80")
        np.testing.assert_array_equal(plain, swapped)

    def test_box_grows_to_the_aspect_of_the_picture(self, site: ImageSite) -> None:
        told = site.read("/exportImage", bbox="-84.3,36.5,-84.2,36.6", size="200,100", format="png")
        extent = told["extent"]
        assert (extent["xmin"], extent["xmax"]) == (pytest.approx(-84.35), pytest.approx(-84.15))
        assert (extent["ymin"], extent["ymax"]) == (pytest.approx(36.5), pytest.approx(36.6))
        assert (told["width"], told["height"]) == (200, 100)
        assert told["scale"] == pytest.approx(0.2 / 200 * 111_319.49 * 96 / 0.0254)

    def test_json_links_a_picture_without_a_query(self, site: ImageSite) -> None:
        told = site.read("/exportImage", bbox="-84.3,36.5,-84.2,36.6", size="200,100")
        body, kind = site.stored[told["href"]]
        assert told["href"].startswith(ROOT)
        assert "?" not in told["href"]
        assert kind == "image/jpeg"  # jpgpng of a place where all pixels have data
        assert body.startswith(b"\xff\xd8\xff")

    @pytest.mark.parametrize(
        ("name", "kind", "bands"),
        [
            ("jpgpng", "image/png", 4),
            ("png", "image/png", 4),
            ("png32", "image/png", 4),
            ("png24", "image/png", 3),
            ("JPG", "image/jpeg", 3),
            ("tiff", "image/tiff", 1),
        ],
    )
    def test_ground_beside_the_raster(self, site: ImageSite, name: str, kind: str, bands: int) -> None:
        picture, told = site.draw(bbox="-84.6,36.6,-84.2,36.8", size="200,100", format=name)
        assert (told, len(picture)) == (kind, bands)
        corner = picture[:, 0, 0]
        if bands == 4:
            assert corner[3] == 0
        elif bands == 3:
            assert (corner >= 250).all(), "white"
        else:
            assert corner[0] == -32768

    def test_place_without_the_raster_says_so(self, site: ImageSite) -> None:
        told = site.read("/exportImage", bbox="0,0,1,1", size="20,20", format="png")
        assert told["messages"] == ["There is no data in this part of the map."]
        told = site.read("/exportImage", bbox="0,89.99,1,90", bboxSR=4326, imageSR=3857, size="20,20")
        assert told["messages"] == ["This part of the map has no place in imageSR."]

    def test_colours_are_shown_as_they_are(self, tmp_path: Path) -> None:
        colors = np.arange(3 * 8 * 8, dtype=np.uint8).reshape(3, 8, 8)
        site = write(tmp_path / "rgb.tif", colors, photometric="RGB")
        options = {"bbox": "0,0,8,8", "size": "8,8", "interpolation": "RSP_NearestNeighbor"}
        picture, _ = site.draw(format="png32", **options)
        np.testing.assert_array_equal(picture[:3], colors)
        picture, _ = site.draw(format="png32", bandIds="2,1,0", **options)
        np.testing.assert_array_equal(picture[:3], colors[::-1])
        picture, _ = site.draw(format="png32", bandIds="1", **options)
        np.testing.assert_array_equal(picture[:3], np.stack([colors[1]] * 3))

    def test_opacity_of_a_raster_is_kept(self, tmp_path: Path) -> None:
        bands = np.full((4, 8, 8), 200, np.uint8)
        bands[3, :, :4] = 0
        bands[3, :, 4:] = 255
        colors = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
        site = write(tmp_path / "rgba.tif", bands, colorinterp=colors)
        assert site.read()["bandCount"] == 3
        picture, _ = site.draw(
            bbox="0,0,8,8", size="8,8", format="png32", interpolation="RSP_NearestNeighbor"
        )
        np.testing.assert_array_equal(picture[3], bands[3])

    def test_palette_gives_the_colours(self, tmp_path: Path) -> None:
        cells = np.array([[[1, 2], [2, 1]]], np.uint8)
        site = write(tmp_path / "classes.tif", cells)
        with rasterio.open(site.path, "r+") as dataset:
            dataset.write_colormap(1, {1: (255, 0, 0, 255), 2: (0, 0, 255, 255)})
        picture, _ = site.draw(bbox="0,0,2,2", size="2,2", format="png32")
        red, blue = [255, 0, 0, 255], [0, 0, 255, 255]
        assert np.moveaxis(picture, 0, -1).tolist() == [[red, blue], [blue, red]]

    def test_cells_of_a_given_value_have_no_data(self, tmp_path: Path) -> None:
        site = write(tmp_path / "a.tif", np.array([[[0, 7], [7, 0]]], np.uint8))
        options = {"bbox": "0,0,2,2", "size": "2,2", "interpolation": "RSP_NearestNeighbor"}
        assert site.draw(format="png32", **options)[0][3].all()
        picture, _ = site.draw(format="png32", noData=0, **options)
        assert picture[3].tolist() == [[0, 255], [255, 0]]

    def test_infinity_and_nan_have_no_data(self, tmp_path: Path) -> None:
        site = write(tmp_path / "a.tif", np.array([[[np.nan, 1], [np.inf, 2]]], np.float64))
        options = {"bbox": "0,0,2,2", "size": "2,2", "interpolation": "RSP_NearestNeighbor"}
        picture, _ = site.draw(format="png32", **options)
        assert picture[3].tolist() == [[0, 255], [0, 255]]
        assert luminance(picture)[:, 1].tolist() == [0, 255]

    def test_overview_is_read_for_a_small_picture(self, tmp_path: Path) -> None:
        site = write(tmp_path / "large.tif", np.zeros((1, 512, 512), np.uint8), tiled=True)
        with rasterio.open(site.path, "r+") as dataset:
            dataset.build_overviews([4], Resampling.nearest)
        with rasterio.open(site.path, "r+", overview_level=0) as overview:
            overview.write(np.full((1, 128, 128), 90, np.uint8))
        small, _ = site.draw(bbox="0,0,512,512", size="64,64", format="png32")
        large, _ = site.draw(bbox="0,0,512,512", size="512,512", format="png32")
        assert (luminance(small).max(), luminance(large).max()) == (90, 0)

    def test_picture_is_kept_as_long_as_its_job(self, site: ImageSite) -> None:
        site.expires = 0
        answer = site.ask(f"{IMAGE}/exportImage", f="image", bbox="-84.3,36.5,-84.2,36.6", size="9,9")
        assert answer["headers"]["cache-control"] == "private, max-age=0"


class TestIdentify:
    @pytest.mark.parametrize("reference", [NAD83, MERCATOR, 25832])
    def test_tells_the_value_at_a_place(self, site: ImageSite, reference: int) -> None:
        with rasterio.open(DEM) as dataset:
            (value,) = next(dataset.sample([(-84.2, 36.6)]))
        (x,), (y,) = transform(f"EPSG:{NAD83}", f"EPSG:{reference}", [-84.2], [36.6])
        point = f'{{"x":{x!r},"y":{y!r},"spatialReference":{{"wkid":{reference}}}}}'
        told = site.read("/identify", geometry=point, geometryType="esriGeometryPoint")
        assert told["value"] == str(value)
        assert told["location"]["spatialReference"]["wkid"] == (
            102100 if reference == MERCATOR else reference
        )
        assert site.read("/identify", geometry=f"{x!r},{y!r}", sr=reference)["value"] == str(value)

    @pytest.mark.parametrize("place", ["0,0", "-84.41375,36.9", "1e20,1e20"])
    def test_place_without_the_raster(self, site: ImageSite, place: str) -> None:
        assert site.read("/identify", geometry=place)["value"] == "NoData"

    def test_all_bands_are_told(self, tmp_path: Path) -> None:
        site = write(tmp_path / "rgb.tif", np.arange(12, dtype=np.float32).reshape(3, 2, 2) / 8)
        assert site.read("/identify", geometry="1.5,0.5")["value"] == "0.375, 0.875, 1.375"


BOX = {"bbox": "-84.3,36.5,-84.2,36.6", "size": "10,10"}

REFUSED = [
    ("/exportImage", {**BOX, "bbox": "1,2,3"}, "'bbox'"),
    ("/exportImage", {**BOX, "bbox": "NaN,0,1,1"}, "'bbox'"),
    ("/exportImage", {**BOX, "size": "5000,10"}, "'size'"),
    ("/exportImage", {**BOX, "size": "0,10"}, "'size'"),
    ("/exportImage", {**BOX, "format": "lerc"}, "'format'"),
    ("/exportImage", {**BOX, "imageSR": "999999"}, "'imageSR'"),
    ("/exportImage", {**BOX, "pixelType": "U8"}, "'pixelType'"),
    ("/exportImage", {**BOX, "bandIds": "1"}, "'bandIds'"),
    ("/exportImage", {**BOX, "bandIds": "0,0"}, "'bandIds'"),
    ("/exportImage", {**BOX, "noData": "x"}, "'noData'"),
    ("/exportImage", {**BOX, "noData": "40000"}, "'noData'"),
    ("/exportImage", {**BOX, "interpolation": "best"}, "'interpolation'"),
    ("/exportImage", {**BOX, "compressionQuality": "0"}, "'compressionQuality'"),
    ("/exportImage", {**BOX, "mosaicRule": '{"where": "1=1"}'}, "'mosaicRule'"),
    ("/exportImage", {**BOX, "renderingRule": '{"rasterFunction": "Hillshade"}'}, "'renderingRule'"),
    ("/exportImage", {**BOX, "renderingRule": "{"}, "'renderingRule'"),
    ("/identify", {"f": "json"}, "'geometry'"),
    ("/identify", {"f": "json", "geometry": "1"}, "'geometry'"),
    ("/exportImage", {"noData": "1e400"}, "'noData'"),
    ("/exportImage", {"noData": "nan"}, "'noData'"),
    ("/exportImage", {"bandIds": "9" * 5000}, "'bandIds'"),
    ("/identify", {"f": "json", "geometry": "[1,2]"}, "'geometry'"),
    ("/identify", {"f": "json", "geometry": "1,2", "sr": "0"}, "'sr'"),
    ("/identify", {"f": "json", "geometry": "1,2", "geometryType": "esriGeometryPolygon"}, "'geometryType'"),
    ("/tile/0/0/0", {"f": "json"}, "not supported"),
    ("/legend", {"f": "json"}, "not supported"),
    ("", {}, "image is for maps"),
]


@pytest.mark.parametrize(("resource", "options", "told"), REFUSED)
def test_error_names_what_is_wrong(
    site: ImageSite, resource: str, options: dict[str, str], told: str
) -> None:
    error = site.fail(resource, **options)
    assert error.startswith("400: ")
    assert told in error


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/rest/services/Field/Heights/ImageServer/jobs/x/out_raster", "Job not found"),
        (IMAGE + "x", "no result"),
        ("/rest/services/Field/Heights/ImageServer/jobs", "named by a job"),
        ("/rest/services/Field/Heights/ImageServer/exportImage", "named by a job"),
    ],
)
def test_image_that_is_not_there(site: ImageSite, path: str, told: str) -> None:
    assert told in site.ask(path, f="json")["body"]


def test_rules_that_change_nothing_are_taken(site: ImageSite) -> None:
    rules = {"mosaicRule": "{}", "renderingRule": '{"rasterFunction":"None"}', "pixelType": "UNKNOWN"}
    assert site.draw(**BOX, **rules)[0].shape == (3, 10, 10)


def test_picture_of_too_many_values_is_refused(tmp_path: Path) -> None:
    site = write(tmp_path / "bands.tif", np.zeros((13, 2, 2), np.uint8))
    options = {"size": "4096,4096", "format": "tiff"}
    error = site.fail("/exportImage", **options)
    assert error.startswith("413: The picture has 218,103,808 bytes")
    assert "bandIds" in error


def test_picture_of_too_many_cells_is_refused(site: ImageSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster_views, "MOST_CELLS", 403 * 344 // 3)
    box = "-84.41375,36.44625,-84.07791666666667,36.73291666666667"
    assert "Ask for a smaller part" in site.fail("/exportImage", bbox=box, size="40,30")
    assert site.draw(bbox="-84.3,36.5,-84.2,36.6", size="40,30")[0].shape == (3, 30, 40)


def test_cells_that_a_mask_hides_have_no_data(tmp_path: Path) -> None:
    site = write(tmp_path / "masked.tif", np.array([[[9, 7], [7, 9]]], np.uint8))
    with rasterio.open(site.path, "r+") as dataset:
        dataset.write_mask(np.array([[True, False], [True, True]]))
    options = {"bbox": "0,0,2,2", "size": "2,2", "interpolation": "RSP_NearestNeighbor"}
    picture, _ = site.draw(format="png32", **options)
    assert picture[3].tolist() == [[255, 0], [255, 255]]
    assert site.read("/identify", geometry="1.5,1.5")["value"] == "NoData"
    href = site.read("/exportImage", format="tiff", **options)["href"]
    with MemoryFile(site.stored[href][0]) as file, file.open() as dataset:
        assert dataset.dataset_mask().tolist() == [[255, 0], [255, 255]]


def test_raster_without_a_reference_is_drawn_in_its_own_units(tmp_path: Path) -> None:
    site = write(tmp_path / "plane.tif", np.array([[[0, 255], [255, 0]]], np.uint8), crs=None)
    options = {"bbox": "0,0,2,2", "size": "2,2", "interpolation": "RSP_NearestNeighbor"}
    picture, _ = site.draw(format="png32", **options)
    assert luminance(picture).tolist() == [[0, 255], [255, 0]]
    assert "'imageSR': the raster names no spatial reference" in site.fail("/exportImage", imageSR=4326)
    told = site.read("/exportImage", **options)
    assert "spatialReference" not in told["extent"]
    assert site.read("/identify", geometry="0.5,0.5")["value"] == "255"


def test_file_that_is_no_raster_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\x00 is all there is")
    assert "is not drawn" in ImageSite(path).fail("/exportImage")
