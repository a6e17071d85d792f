"""Elevations as a shaded image, for the ground of a map."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dev.pictures.frame import Frame
from gpserverless import Raster

_STEP = 3
"""Cells in a row that become one pixel."""

_COLOURS = np.array([[176, 201, 171], [222, 224, 190], [226, 205, 168], [200, 172, 146], [244, 240, 234]])
"""From low to high: red, green and blue."""


def draw_relief(raster: Raster, frame: Frame, opacity: float = 1, step: int = _STEP) -> Iterator[str]:
    """Yield the image of a raster in degrees, shaded from the north-west.

    Args:
        raster: Elevations.
        frame: The place of the map.
        opacity: Opacity of the image, 0 to 1.
        step: Cells in a row that become one pixel.
    """
    heights, bounds = read_cells(raster)
    rows, columns = (size // step * step for size in heights.shape)
    pixels = heights[:rows, :columns].reshape(rows // step, step, columns // step, step).mean((1, 3))
    yield draw_image(write_png(_shade(pixels)), bounds, frame, opacity)


def read_cells(raster: Raster) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """Return the cells of a raster, not a number where it has no value, and its bounds.

    Args:
        raster: A raster of one band.
    """
    with raster.open() as dataset:
        cells = dataset.read(1).astype(float)
        cells[cells == dataset.nodata] = np.nan
        return cells, tuple(dataset.bounds)


def draw_image(png: bytes, bounds: tuple[float, ...], frame: Frame, opacity: float = 1) -> str:
    """Return an image that fills an extent.

    Args:
        png: The image.
        bounds: xmin, ymin, xmax, ymax.
        frame: The place of the map.
        opacity: Opacity of the image, 0 to 1.
    """
    left, bottom, right, top = bounds
    text, per_unit = base64.b64encode(png).decode(), frame.scale
    x = frame.x + (left - frame.bounds[0]) * per_unit * frame.stretch
    y = frame.y + (frame.bounds[3] - top) * per_unit
    return (
        f'<image x="{x:.1f}" y="{y:.1f}" width="{(right - left) * per_unit * frame.stretch:.1f}" '
        f'height="{(top - bottom) * per_unit:.1f}" preserveAspectRatio="none" opacity="{opacity:g}" '
        f'href="data:image/png;base64,{text}"/>'
    )


def _shade(heights: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return indices into 5 times 16 colours: of the height, and of the light on it."""
    low, high = np.percentile(heights, [1, 99])
    colour = np.clip((heights - low) / (high - low) * 4, 0, 3.999).astype(int)
    down, right = np.gradient(heights)
    light = np.clip(0.62 + (right + down) / 90, 0, 1)
    indices: NDArray[np.uint8] = (colour * 16 + np.round(light * 15)).astype(np.uint8)
    return indices


def _make_palette() -> NDArray[np.uint8]:
    """Return 5 times 16 colours: of the height, and of the light on it."""
    lights = (0.55 + 0.5 * np.arange(16) / 15)[None, :, None]
    return np.clip(_COLOURS[:, None, :] * lights, 0, 255).astype(np.uint8).reshape(-1, 3)


def write_png(
    indices: NDArray[np.uint8], palette: NDArray[np.uint8] | None = None, clear: bool = False
) -> bytes:
    """Return a PNG of few colours; not compressed, so that every machine writes the same.

    Args:
        indices: The colour of each pixel, shape (rows, columns).
        palette: The colours, shape (colours, 3); that of reliefs if not given.
        clear: Whether the first colour is transparent.
    """
    rows, columns = indices.shape
    colours = _make_palette() if palette is None else palette
    lines = np.hstack([np.zeros((rows, 1), np.uint8), indices])
    head = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"PLTE", colours.tobytes())]
    chunks += [(b"tRNS", b"\0")] if clear else []
    chunks += [(b"IDAT", zlib.compress(lines.tobytes(), 0)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
