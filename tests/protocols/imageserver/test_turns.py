"""A raster across 180 degrees is drawn whole, in every turn of the earth, and tells its values there.

Each cell holds the longitude and latitude of its middle, so a pixel tells where it comes from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds

from gpserverless.geometry.boxes import MOST_TURNS
from tests.protocols.imageserver.images import ImageSite

WIDTH, HEIGHT = 200, 100
HALF_WORLD = 20037508.342789244


def make(path: Path, bounds: tuple[float, ...], crs: str = "EPSG:4326") -> ImageSite:
    """Write a raster whose first band is the longitude in the range 0 to 360, and the second the latitude."""
    west, south, east, north = bounds
    x = west + (np.arange(WIDTH) + 0.5) * (east - west) / WIDTH
    y = north - (np.arange(HEIGHT) + 0.5) * (north - south) / HEIGHT
    change = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    longitude, latitude = change.transform(*np.meshgrid(x, y))
    bands = np.array([np.mod(longitude, 360), latitude], np.float32)
    place = {"transform": from_bounds(*bounds, WIDTH, HEIGHT), "crs": crs, "nodata": -9999}
    with rasterio.open(
        path, "w", driver="GTiff", count=2, width=WIDTH, height=HEIGHT, dtype="float32", **place
    ) as made:
        made.write(bands)
    return ImageSite(path)


RASTERS = [
    ((170.0, -20.0, 190.0, 0.0), "EPSG:4326"),
    ((-190.0, -20.0, -170.0, 0.0), "EPSG:4326"),
    ((530.0, -20.0, 550.0, 0.0), "EPSG:4326"),
    ((HALF_WORLD * 17 / 18, -2.27e6, HALF_WORLD * 19 / 18, 0.0), "EPSG:3857"),
]


def read_cells(
    site: ImageSite, box: str, reference: tuple[int, int], size: str
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return longitudes and latitudes, and which pixels have data.

    Args:
        site: The site.
        box: Sides of the picture with commas.
        reference: Spatial references of the box and of the picture.
        size: Width and height of the picture with a comma.
    """
    wanted = {"bboxSR": reference[0], "imageSR": reference[1], "interpolation": "RSP_NearestNeighbor"}
    told = site.read("/exportImage", bbox=box, size=size, format="tiff", **wanted)
    with MemoryFile(site.stored[told["href"]][0]) as file, file.open() as drawn:
        return drawn.read(), drawn.dataset_mask() > 0


@pytest.mark.parametrize(("bounds", "crs"), RASTERS)
@pytest.mark.parametrize("west", [160.0, -200.0, 520.0])
@pytest.mark.parametrize("reference", [4326, 3857])
def test_a_raster_across_180_degrees(
    tmp_path: Path, bounds: tuple[float, ...], crs: str, west: float, reference: int
) -> None:
    site = make(tmp_path / "x.tif", bounds, crs)
    values, known = read_cells(site, f"{west},-25,{west + 40},4", (4326, reference), "400,300")
    columns = np.flatnonzero(known.any(axis=0))
    assert (columns.min(), columns.max()) == pytest.approx((100, 299), abs=2)  # 170 to 190 degrees
    assert known[:, 110:290].any(axis=0).all()
    expected = 160 + (np.arange(400) + 0.5) / 10
    row = int(np.flatnonzero(known[:, 150])[20])
    assert known[row, 110:290].all()
    np.testing.assert_allclose(values[0, row, 110:290], expected[110:290], atol=0.16)


def test_a_raster_around_the_pole_in_degrees_and_back(tmp_path: Path) -> None:
    """A raster across 180 degrees has no gap on a map of the pole."""
    site = make(tmp_path / "x.tif", (170.0, 60.0, 190.0, 80.0))
    both, known = read_cells(site, "-4e6,-4e6,4e6,4e6", (3995, 3995), "400,400")
    values = both[0]
    x, y = np.meshgrid(-3.99e6 + np.arange(400) * 2e4, 3.99e6 - np.arange(400) * 2e4)
    longitude, latitude = Transformer.from_crs(3995, 4326, always_xy=True).transform(x, y)
    longitude = np.mod(longitude, 360)
    inside = (abs(longitude - 180) < 9.5) & (latitude > 60.5) & (latitude < 79.5)
    assert inside.sum() > 500
    assert known[inside].all()
    np.testing.assert_allclose(values[inside], longitude[inside], atol=0.2)


def test_the_whole_earth_is_drawn_in_every_turn(tmp_path: Path) -> None:
    site = make(tmp_path / "x.tif", (-180.0, -90.0, 180.0, 90.0))
    _, known = read_cells(site, "-540,-90,540,90", (4326, 4326), "1080,180")
    assert known.mean() > 0.99


def test_more_turns_than_are_drawn_are_told(tmp_path: Path) -> None:
    site = make(tmp_path / "x.tif", (-180.0, -90.0, 180.0, 90.0))
    told = site.read("/exportImage", bbox="-1e29,0,1e29,1", bboxSR=4326, imageSR=4326, size="40,30")
    assert told["messages"][0].endswith(f"{2 * MOST_TURNS + 1} turns of it are drawn.")


@pytest.mark.parametrize(("bounds", "crs"), RASTERS)
@pytest.mark.parametrize(
    ("longitude", "value"), [(175, 175), (185, 185), (-175, 185), (-535, 185), (535, 175)]
)
def test_the_value_at_a_place_is_that_of_the_picture(
    tmp_path: Path, bounds: tuple[float, ...], crs: str, longitude: float, value: float
) -> None:
    told = make(tmp_path / "x.tif", bounds, crs).read("/identify", geometry=f"{longitude},-10", sr=4326)
    assert float(told["value"].split(",")[0]) == pytest.approx(value, abs=0.11)


def test_a_place_beside_the_raster_has_no_value(tmp_path: Path) -> None:
    site = make(tmp_path / "x.tif", RASTERS[0][0])
    for longitude in (165, 195, -165, 0):
        assert site.read("/identify", geometry=f"{longitude},-10", sr=4326)["value"] == "NoData"
