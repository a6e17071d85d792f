"""A large raster is drawn where it is: the same pictures as of its copy, of few of its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from gpserverless.app.raster_files import RANGED_BYTES, RasterFiles
from gpserverless.errors import RequestError, StorageError
from gpserverless.formats.ranges import PageCache, RangedFile
from gpserverless.formats.rasters import open_raster, write_raster
from gpserverless.jobs.job import StoredFile
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.imageserver.images import ImageSite

SIDE = 3000


class Store:
    """A store of one file, which notes the bytes that are fetched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fetched = 0
        self.downloads = 0
        self.is_down = False
        self.is_late = False

    def check(self) -> None:
        """Raise when the time is over."""
        if self.is_late:
            raise RequestError("There was no time.")

    def fetch(self, key: str, start: int, length: int) -> bytes:
        """Return a part of the file."""
        if self.is_down:
            raise StorageError("could not read a part of an object: it is down")
        self.fetched += length
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    def download(self, key: str, path: Path, check: Callable[[], None]) -> None:
        """Write the file."""
        check()
        self.downloads += 1
        path.write_bytes(self.path.read_bytes())

    def stored(self) -> StoredFile:
        """Return the file as a job has it."""
        return StoredFile("jobs/j/files/a.tif", self.path.stat().st_size)


@pytest.fixture(scope="module")
def heights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a raster as results are written, which has noise so that it does not shrink."""
    path = tmp_path_factory.mktemp("rasters") / "heights.tif"
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    noise = np.random.default_rng(7).normal(0, 1, (SIDE, SIDE))
    cells = (np.hypot(x - 900, y - 2000) + noise).astype(np.float32)
    cells[:100] = -9999
    write_raster(path, cells, from_origin(500_000, 5_700_000, 10, 10), SpatialReference(25832), -9999)
    assert path.stat().st_size > RANGED_BYTES
    return path


@pytest.fixture
def store(heights: Path) -> Store:
    return Store(heights)


def open_ranged(store: Store) -> RangedFile:
    """Return the raster as a file elsewhere."""

    def fetch(start: int, length: int) -> bytes:
        return store.fetch("", start, length)

    return RangedFile("heights", store.path.stat().st_size, fetch, PageCache())


PICTURES = [
    {"format": "png32"},
    {"format": "tiff", "size": "700,300"},
    {"bbox": "9.05,51.25,9.1,51.3", "bboxSR": "4326", "imageSR": "3857", "format": "png32"},
    {"bbox": "505000,5680000,506000,5681000", "format": "tiff", "interpolation": "RSP_NearestNeighbor"},
]


@pytest.mark.parametrize("options", PICTURES, ids=str)
def test_pictures_are_those_of_the_copy(store: Store, options: dict[str, str]) -> None:
    copy = ImageSite(store.path)
    elsewhere = replace(copy, file=open_ranged(store))
    shown, kind = elsewhere.draw(**options)
    expected, expected_kind = copy.draw(**options)
    assert kind == expected_kind
    np.testing.assert_array_equal(shown, expected)
    assert store.fetched < store.path.stat().st_size / 2


def test_documents_and_values_are_those_of_the_copy(store: Store) -> None:
    copy = ImageSite(store.path)
    elsewhere = replace(copy, file=open_ranged(store))
    for resource in ("", "/statistics"):
        assert elsewhere.read(resource) == copy.read(resource)
    place = {"geometry": "512345,5682345", "sr": "25832"}
    values = [site.read("/identify", **place)["value"] for site in (elsewhere, copy)]
    assert values[0] == values[1] != "NoData"


def test_parts_are_fetched_once_for_all_requests(store: Store) -> None:
    site = replace(ImageSite(store.path), file=open_ranged(store))
    site.draw(format="png32")
    before = store.fetched
    site.draw(format="png32")
    assert store.fetched == before


@pytest.mark.parametrize("when", ["opening", "drawing", "measuring"])
def test_store_that_fails_is_an_error_and_no_picture_with_holes(store: Store, when: str) -> None:
    site = replace(ImageSite(store.path), file=open_ranged(store))
    if when != "opening":
        site.read("/rasterFunctionInfos")  # which reads the head of the file
    store.is_down = True
    resource = "/statistics" if when == "measuring" else "/exportImage"
    assert site.fail(resource, f="json").startswith("500: ")
    store.is_down = False
    assert site.draw(format="png32")[0].shape[0] == 4
    assert site.read("/statistics")["statistics"][0]["max"] > 1000


class TestFiles:
    @pytest.fixture
    def files(self, store: Store, tmp_path: Path) -> RasterFiles:
        return RasterFiles(tmp_path / "kept", store.download, store.fetch, store.check)

    def test_large_file_with_overviews_stays_where_it_is(self, files: RasterFiles, store: Store) -> None:
        found = files.get(store.stored())
        assert isinstance(found, RangedFile)
        assert files.get(store.stored()) is found
        assert store.downloads == 0

    @pytest.mark.parametrize("kind", ["small", "without overviews", "of another format"])
    def test_any_other_file_is_downloaded_once(
        self, kind: str, store: Store, files: RasterFiles, tmp_path: Path, heights: Path
    ) -> None:
        store.path = tmp_path / "other.tif"
        make: dict[str, Callable[[Path], None]] = {
            "small": lambda path: write_raster(path, np.ones((9, 9)), from_origin(0, 9, 1, 1), None),
            "without overviews": lambda path: _copy(heights, path, "GTiff"),
            "of another format": lambda path: _copy(heights, path, "HFA"),
        }
        make[kind](store.path)
        found = [files.get(store.stored()) for _ in range(2)]
        assert found[0] is found[1]
        assert isinstance(found[0], Path)
        assert found[0].read_bytes() == store.path.read_bytes()
        assert store.downloads == 1

    @pytest.mark.parametrize("kind", ["ranged", "downloaded"])
    def test_nothing_is_fetched_when_the_time_is_over(
        self, kind: str, store: Store, files: RasterFiles, tmp_path: Path
    ) -> None:
        if kind == "downloaded":
            store.path = tmp_path / "small.tif"
            write_raster(store.path, np.ones((9, 9)), from_origin(0, 9, 1, 1), None)
        store.is_late = True
        with pytest.raises(RequestError, match="no time"):
            files.get(store.stored())
        assert store.fetched == 0
        store.is_late = False
        site = replace(ImageSite(store.path), file=files.get(store.stored()))
        assert site.draw(format="png32")[0].shape[0] == 4

    def test_picture_whose_time_ends_while_it_is_drawn_is_an_error(
        self, store: Store, files: RasterFiles
    ) -> None:
        site = replace(ImageSite(store.path), file=files.get(store.stored()))
        store.is_late = True
        assert site.fail("/exportImage", f="json") == "400: There was no time."
        store.is_late = False
        assert site.draw(format="png32")[0].shape[0] == 4


def _copy(source: Path, path: Path, driver: str) -> None:
    with rasterio.open(source) as dataset:
        cells, profile = dataset.read(), dataset.profile
    place = {name: profile[name] for name in ("width", "height", "count", "dtype", "crs", "transform")}
    with rasterio.open(path, "w", driver=driver, **place) as made:
        made.write(cells)


def test_overviews_hold_values_of_cells(heights: Path) -> None:
    with open_raster(heights) as dataset:
        assert dataset.overviews(1) == [2, 4, 8]
        cells = dataset.read(1)
    with rasterio.open(heights, overview_level=0) as overview:
        assert np.isin(overview.read(1)[:200:7, ::13], cells).all()
