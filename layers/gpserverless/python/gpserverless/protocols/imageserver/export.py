"""Pictures of an image."""

from __future__ import annotations

from dataclasses import dataclass, field

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
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.formats.raster_grid import Grid
from gpserverless.formats.raster_views import Cells, list_colors, read_grid
from gpserverless.geometry.boxes import MOST_TURNS, shows_more_turns
from gpserverless.http.answer_format import IMAGE
from gpserverless.http.picture_answers import WriteDocument, describe_picture, limit_life
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response, see_other
from gpserverless.http.write import write
from gpserverless.protocols.imageserver.raster import OpenImage
from gpserverless.protocols.imageserver.read_export import ImageExport, read_image_export


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
            headers = limit_life(opened.image.expires, self.clock.now())
            answer = Response(picture.content, picture.content_type, headers=headers)
            return answer if answer.fits else see_other(self._store(request, picture))
        href, messages = self._store(request, picture), _list_messages(asked, is_empty)
        document = describe_picture(href, asked.view, asked.reference, messages)
        return write(write_document(document), request.answer_format)

    def _store(self, request: Request, picture: Picture) -> str:
        return self.pictures.store_picture(
            request.root, picture.content, picture.content_type, picture.ending
        )


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


def _list_messages(asked: ImageExport, is_empty: bool) -> list[str]:
    messages = []
    if asked.reference is not None and shows_more_turns(asked.view.extent, asked.reference):
        messages.append(f"The map repeats itself more often; {2 * MOST_TURNS + 1} turns of it are drawn.")
    if not asked.is_on_map:
        messages.append("This part of the map has no place in imageSR.")
    elif is_empty:
        messages.append("There is no data in this part of the map.")
    return messages
