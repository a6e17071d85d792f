"""The values of a raster as colours: what the pictures of surfaces are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dev.pictures.card import Key
from dev.pictures.frame import Frame
from dev.pictures.layers import Layer
from dev.pictures.look import BORDER, Style
from dev.pictures.relief import draw_image, draw_relief, read_cells, write_png
from gpserverless import Raster


def relief(raster: Raster, opacity: float = 1, text: str = "") -> Layer:
    """Return a layer of elevations, shaded from the north-west.

    Args:
        raster: Elevations.
        opacity: Opacity, 0 to 1.
        text: Its meaning in the key, "" for no line there.
    """
    key = (Key(Style("#dedfbe"), text),) if text else ()
    return Layer(lambda frame: draw_relief(raster, frame, opacity, 1), key)


def cells(
    raster: Raster,
    limits: Sequence[float],
    colours: Sequence[str],
    texts: Sequence[str],
    opacity: float = 1,
) -> Layer:
    """Return a layer of a raster in classes; cells without a value are clear.

    Args:
        raster: A raster of one band.
        limits: The least value of each class but the first, rising.
        colours: A colour for each class, such as "#0b6b5d".
        texts: The meaning of each class, "" for no line in the key.
        opacity: Opacity, 0 to 1.
    """
    values, bounds = read_cells(raster)
    indices = (np.searchsorted(limits, values, side="right") + 1).astype(np.uint8)
    indices[np.isnan(values)] = 0
    palette = np.array([_split_colour(colour) for colour in ("#000000", *colours)], np.uint8)

    def draw(frame: Frame) -> Iterator[str]:
        yield draw_image(write_png(indices, palette, clear=True), bounds, frame, opacity)

    pairs = [(colour, text) for colour, text in zip(colours, texts, strict=True) if text]
    return Layer(draw, tuple(Key(Style(colour, BORDER), text) for colour, text in pairs))


def _split_colour(colour: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)
