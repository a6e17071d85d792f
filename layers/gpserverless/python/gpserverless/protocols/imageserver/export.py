"""Pictures of an image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gpserverless.clock import Clock, SystemClock
from gpserverless.drawing.raster_picture import (
    Colors,
    Picture,
    encode_cells,
    encode_picture,
    lay_on_white,
    paint,
)
from gpserverless.drawing.view import measure_scale
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.formats.raster_views import Cells, Grid, list_colors, read_grid
from gpserverless.http.answer_format import IMAGE
from gpserverless.http.picture_fields import write_extent
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.protocols.imageserver.ports import Image
from gpserverless.protocols.imageserver.raster import OpenImage
from gpserverless.protocols.imageserver.read_export import ImageExport, read_image_export

_LONGEST_LIFE = 86_400

WriteDocument = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the document of a picture, with its `href`; returns that of the answer."""


@dataclass(frozen=True)
class ImageExporter:
    """Answers the requests for pictures of images.

    Attributes:
        pictures: Keeps pictures.
        clock: The time.
    """

    pictures: PictureStore
    clock: Clock = field(default_factory=SystemClock)

    def export(self, request: Request, opened: OpenImage) -> Response:
        """Return a picture, or the URL of one.

        Args:
            request: The request.
            opened: The image.

        Raises:
            InvalidParameter: An option is wrong.
            TooLarge: There are too many cells.
        """
        return self.answer(request, opened, read_image_export(request, opened))

    def answer(
        self, request: Request, opened: OpenImage, asked: ImageExport, write_document: WriteDocument = dict
    ) -> Response:
        """Return a picture, or a document with the URL of one.

        Args:
            request: The request.
            opened: The image.
            asked: The picture that the request wants.
            write_document: Makes the document of that of the picture.

        Raises:
            InvalidParameter: The image cannot be projected.
            TooLarge: There are too many cells.
        """
        picture, is_empty = draw_image(opened, asked)
        if request.answer_format.name == IMAGE:
            answer = Response(picture.content, picture.content_type, headers=self._list_headers(opened.image))
            return answer if answer.fits else see_other(self._store(request, picture))
        document = _describe(asked, self._store(request, picture), is_empty)
        return write(write_document(document), request.answer_format)

    def _store(self, request: Request, picture: Picture) -> str:
        return self.pictures.store_picture(
            request.root, picture.content, picture.content_type, picture.ending
        )

    def _list_headers(self, image: Image) -> dict[str, str]:
        if image.expires is None:
            return {}
        rest = min(_LONGEST_LIFE, max(0, (image.expires - self.clock.now()) // 1000))
        return {"cache-control": f"private, max-age={rest}"}


def draw_image(opened: OpenImage, asked: ImageExport) -> tuple[Picture, bool]:
    """Return a picture of an image, and whether no cell of it has data.

    Args:
        opened: The image.
        asked: The picture that is wanted.

    Raises:
        InvalidParameter: The image cannot be projected.
        TooLarge: There are too many cells.
    """
    view = asked.view
    grid = Grid(view.extent, view.width, view.height, asked.reference)
    cells = _read(opened, asked, grid)
    is_empty = not cells.known.any()
    if asked.format == "tiff":
        nodata = opened.dataset.nodata if asked.nodata is None else asked.nodata
        return encode_cells(cells, grid, nodata), is_empty
    colors = list_colors(opened.dataset)
    statistics = [opened.statistics[colors.index(band)] for band in asked.bands]
    pixels = paint(cells, statistics, _find_colors(opened, asked))
    if not asked.transparent:
        pixels = lay_on_white(pixels)
    return encode_picture(pixels, asked.format, asked.quality), is_empty


def _read(opened: OpenImage, asked: ImageExport, grid: Grid) -> Cells:
    if not asked.is_on_map:
        shape = grid.height, grid.width
        values = np.zeros((len(asked.bands), *shape), opened.dataset.dtypes[0])
        return Cells(values, np.zeros(shape, np.bool_))
    try:
        return read_grid(opened.dataset, grid, list(asked.bands), asked.resampling, asked.nodata)
    except InvalidValue as error:
        raise InvalidParameter("imageSR", error.problem, error.accepted) from None


def _find_colors(opened: OpenImage, asked: ImageExport) -> Colors | None:
    if len(asked.bands) > 1 or opened.dataset.colorinterp[asked.bands[0] - 1].name != "palette":
        return None
    colors: Colors = opened.dataset.colormap(asked.bands[0])
    return colors


def _describe(asked: ImageExport, href: str, is_empty: bool) -> dict[str, Any]:
    view = asked.view
    document = {
        "href": href,
        "width": view.width,
        "height": view.height,
        "extent": write_extent(view.extent, asked.reference),
        "scale": 0 if asked.reference is None else measure_scale(view, asked.reference),
    }
    if not asked.is_on_map:
        return {**document, "messages": ["This part of the map has no place in imageSR."]}
    return {**document, "messages": ["There is no data in this part of the map."]} if is_empty else document
