"""Ramps of colours, as definitions of classes have them."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.errors import InvalidValue

Colors = NDArray[np.float64]
"""Red, green, blue and opacity, each 0 to 255, shape (N, 4)."""

_ACCEPTED = '{"type": "algorithmic", "fromColor": [255, 255, 212, 255], "toColor": [153, 52, 4, 255]}'
_ALGORITHMS = ("esriHSVAlgorithm", "esriCIELabAlgorithm", "esriLabLChAlgorithm")
_MOST_RAMPS = 50
_GOLDEN = 0.618_033_988_75  # of a turn: hues that follow each other are far apart
_TO_XYZ = np.array(  # sRGB, IEC 61966-2-1
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
_WHITE = _TO_XYZ.sum(axis=1)
_CORNER = 6 / 29  # of CIE 1976 L*a*b*


def list_ramp_colors(ramp: Mapping[str, Any], count: int) -> list[list[int]]:
    """Return colours of a ramp, from its beginning to its end.

    Args:
        ramp: Esri JSON of an algorithmic or a multipart ramp.
        count: How many.

    Raises:
        InvalidValue: It is no such ramp.
    """
    parts = _list_parts(ramp)
    places = np.linspace(0, len(parts), count) if count > 1 else np.array([len(parts) / 2])
    number = np.minimum(places.astype(int), len(parts) - 1)
    return [
        _write(_mix(parts[part], place - part))
        for part, place in zip(number.tolist(), places.tolist(), strict=True)
    ]


def list_different_colors(count: int) -> list[list[int]]:
    """Return colours that are easily told apart, as far as there are so many.

    Args:
        count: How many.
    """
    colors = []
    for number in range(count):
        hue = (0.58 + number * _GOLDEN) % 1
        rgb = colorsys.hsv_to_rgb(hue, (0.55, 0.75, 0.4)[number % 3], (0.85, 0.7, 0.95)[number // 3 % 3])
        colors.append(_write([255 * each for each in rgb] + [255]))
    return colors


def _list_parts(ramp: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    kind = ramp.get("type")
    parts = ramp.get("colorRamps") if kind == "multipart" else [ramp]
    if (
        kind not in ("algorithmic", "multipart")
        or not isinstance(parts, list)
        or not 0 < len(parts) <= _MOST_RAMPS
    ):
        raise InvalidValue("it is no algorithmic or multipart ramp of colours", _ACCEPTED)
    for part in parts:
        algorithm = part.get("algorithm", _ALGORITHMS[0]) if isinstance(part, Mapping) else None
        if algorithm not in _ALGORITHMS:
            raise InvalidValue("a ramp has no algorithm that is known", ", ".join(_ALGORITHMS))
        for name in ("fromColor", "toColor"):
            _read_color(part, name)
    return parts


def _read_color(ramp: Mapping[str, Any], name: str) -> list[float]:
    color = ramp.get(name)
    is_color = isinstance(color, Sequence) and not isinstance(color, str) and len(color) in (3, 4)
    if not is_color or not all(type(each) in (int, float) and 0 <= each <= 255 for each in color or ()):
        raise InvalidValue(f"{name} of a ramp is no colour", _ACCEPTED)
    return [float(each) for each in (*(color or ()), 255)][:4]


def _mix(ramp: Mapping[str, Any], share: float) -> list[float]:
    """Return the colour at a place of a simple ramp, 0 at its beginning and 1 at its end."""
    begin, end = (_read_color(ramp, name) for name in ("fromColor", "toColor"))
    opacity = begin[3] + (end[3] - begin[3]) * share
    algorithm = ramp.get("algorithm", _ALGORITHMS[0])
    if algorithm == "esriHSVAlgorithm":
        return [*_mix_hues(begin, end, share), opacity]
    first, last = (_to_lab(color) for color in (begin, end))
    if algorithm == "esriLabLChAlgorithm":
        return [*_mix_polar(first, last, share), opacity]
    return [*_from_lab(first + (last - first) * share), opacity]


def _mix_hues(begin: Sequence[float], end: Sequence[float], share: float) -> list[float]:
    (h, s, v), (other, t, w) = (colorsys.rgb_to_hsv(*(each / 255 for each in c[:3])) for c in (begin, end))
    h, other = (other, other) if not s else (h, h) if not t else (h, other)  # grey has no hue
    turn = (other - h + 0.5) % 1 - 0.5
    mixed = colorsys.hsv_to_rgb((h + turn * share) % 1, s + (t - s) * share, v + (w - v) * share)
    return [255 * each for each in mixed]


def _mix_polar(first: Colors, last: Colors, share: float) -> list[float]:
    (l, a, b), (m, c, d) = first, last  # noqa: E741
    chroma, other = np.hypot(a, b), np.hypot(c, d)
    hue, turn = np.arctan2(b, a), (np.arctan2(d, c) - np.arctan2(b, a) + np.pi) % (2 * np.pi) - np.pi
    angle, radius = hue + turn * share, chroma + (other - chroma) * share
    return _from_lab(np.array([l + (m - l) * share, radius * np.cos(angle), radius * np.sin(angle)]))


def _to_lab(color: Sequence[float]) -> Colors:
    encoded = np.array(color[:3]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    x, y, z = _compress(_TO_XYZ @ linear / _WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _from_lab(lab: Colors) -> list[float]:
    y = (lab[0] + 16) / 116
    t = np.array([y + lab[1] / 500, y, y - lab[2] / 200])
    linear = np.linalg.solve(
        _TO_XYZ, np.where(t > _CORNER, t**3, 3 * _CORNER**2 * (t - 4 / 29)) * _WHITE
    ).clip(0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return [float(each) for each in encoded * 255]


def _compress(share: Colors) -> Colors:
    return np.where(share > _CORNER**3, np.cbrt(share), share / (3 * _CORNER**2) + 4 / 29)


def _write(color: Sequence[float]) -> list[int]:
    return [round(min(255.0, max(0.0, each))) for each in color]
