"""A raster with what all resources of its image ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gpserverless.errors import InvalidValue, RequestError
from gpserverless.formats.ranges import RangedFile
from gpserverless.formats.raster_grid import Box
from gpserverless.formats.raster_views import BandStatistics, find_bounds, measure_bands
from gpserverless.formats.rasters import open_raster, raise_problem_of, read_raster_reference
from gpserverless.protocols.imageserver.ports import Image
from gpserverless.values.spatial_reference import SpatialReference

if TYPE_CHECKING:
    from rasterio.io import DatasetReader


@dataclass(frozen=True)
class OpenImage:
    """An image while a request reads it.

    Attributes:
        image: The image.
        dataset: The open raster.
        reference: Its spatial reference, None if it names none.
    """

    image: Image
    dataset: DatasetReader
    reference: SpatialReference | None

    @property
    def bounds(self) -> Box:
        """The box around it, in its own reference."""
        return find_bounds(self.dataset)

    @property
    def statistics(self) -> tuple[BandStatistics, ...]:
        """The statistics of its bands without opacity."""
        return _measure(self.image.file)


@contextmanager
def open_image(image: Image) -> Iterator[OpenImage]:
    """Open an image for one request.

    Args:
        image: The image.

    Raises:
        RequestError: It cannot be drawn: it is of another format, damaged, of complex numbers, or of an
            unknown projection.
        StorageError: A part of it could not be fetched.
    """
    try:
        with raise_problem_of(image.file), open_raster(image.file) as dataset:
            if dataset.dtypes[0].startswith("complex"):
                raise RequestError("The raster has complex numbers, which are not drawn. Download it.")
            yield OpenImage(image, dataset, read_raster_reference(dataset))
    except InvalidValue as problem:
        raise RequestError(f"The raster is not drawn: {problem.problem}. Download it.") from None


@lru_cache(maxsize=64)
def _measure(file: Path | RangedFile) -> tuple[BandStatistics, ...]:
    with raise_problem_of(file), open_raster(file) as dataset:
        return measure_bands(dataset)
