"""Names of features in the picture, where there is room for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.drawing.chains import clip_shapes
from gpserverless.drawing.paint import Canvas, TextStyle
from gpserverless.drawing.symbols import read_color, read_length
from gpserverless.drawing.view import View
from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field
from gpserverless.features.rows import is_null
from gpserverless.features.value_texts import write_value_text
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON
from gpserverless.values.quotation import quoted

MOST_LABELS = 2_000
"""Features of a layer that are tried, in their order, for one picture."""

_LONGEST = 100
_NAMED_TEXTS = 3
_DIGITS = 15
"""Digits of a number that are right: 0.1 + 0.2 is written 0.3."""

_PARTS = re.compile(r'\[([^\[\]"]{1,64})\]|"([^"]{0,64})"|(CONCAT)|\s+', re.IGNORECASE)
_FEATURE = re.compile(r'\$feature(?:\.([A-Za-z_]\w{0,63})|\["([^"\]]{1,64})"\])')
_BLACK, _WHITE = (0, 0, 0, 255), (255, 255, 255, 255)


@dataclass(frozen=True)
class LabelClass:
    """How features are named.

    Attributes:
        parts: Texts, and names of columns in a tuple, one behind the other.
        color: As for texts of Esri JSON.
        size: Height of the letters in points.
        halo: Colour of the edge, None for none.
        halo_width: Width of the edge in points.
    """

    parts: tuple[str | tuple[str], ...]
    color: tuple[int, int, int, int]
    size: float
    halo: tuple[int, int, int, int] | None
    halo_width: float

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the columns that are needed."""
        return tuple(part[0] for part in self.parts if isinstance(part, tuple))


def read_label_classes(document: Mapping[str, Any]) -> tuple[LabelClass, ...]:
    """Read how features are named; by nothing unless a renderer says so.

    Args:
        document: Esri JSON of a renderer, with a member labelingInfo.

    Raises:
        InvalidValue: It cannot be drawn.
    """
    classes = document.get("labelingInfo") or []
    if not isinstance(classes, Sequence) or not all(isinstance(each, Mapping) for each in classes):
        raise InvalidValue("labelingInfo is not a list of objects", '[{"labelExpression": "[NAME]"}]')
    return tuple(_read_class(each) for each in classes)


def _read_class(document: Mapping[str, Any]) -> LabelClass:
    info = document.get("labelExpressionInfo")
    modern = info.get("expression") if isinstance(info, Mapping) else None
    symbol = document.get("symbol") or {}
    font = symbol.get("font") or {} if isinstance(symbol, Mapping) else None
    if not isinstance(font, Mapping):
        raise InvalidValue("the symbol of a label, or its font, is no object", '{"font": {"size": 9}}')
    if document.get("where"):
        raise InvalidValue("labels with a condition are not drawn", "labelingInfo without where")
    return LabelClass(
        _read_expression(modern or document.get("labelExpression")),
        read_color(symbol.get("color")) or _BLACK,
        read_length(font.get("size"), "size", 9.0) or 9.0,
        read_color(symbol.get("haloColor", _WHITE)),
        read_length(symbol.get("haloSize"), "haloSize", 1.0),
    )


def _read_expression(text: Any) -> tuple[str | tuple[str], ...]:
    accepted = '[NAME], [NAME] CONCAT ", " CONCAT [KIND], or $feature.NAME'
    if not isinstance(text, str) or not text or len(text) > 1_000:
        raise InvalidValue("a label has no expression", accepted)
    feature = _FEATURE.fullmatch(text.strip())
    if feature:
        return ((feature[1] or feature[2],),)
    parts: list[str | tuple[str]] = []
    place = 0
    while place < len(text):
        found = _PARTS.match(text, place)
        if found is None:
            raise InvalidValue(f"the label's expression cannot be read at character {place + 1}", accepted)
        if found[1] is not None:
            parts.append((found[1],))
        elif found[2] is not None:
            parts.append(found[2])
        place = found.end()
    return tuple(parts)


class LabelPlaces:
    """The places of a picture that are taken by texts.

    Args:
        view: The view.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._boxes = np.empty((0, 4))
        self._unwritten: dict[str, None] = {}
        self._tried: Counter[LabelClass] = Counter()

    @property
    def unwritten(self) -> tuple[str, ...]:
        """The texts for which the canvas has no letters, each once."""
        return tuple(self._unwritten)

    @property
    def messages(self) -> tuple[str, ...]:
        """A sentence about the texts for which the canvas has no letters, if there are any."""
        some = ", ".join(map(quoted, self.unwritten[:_NAMED_TEXTS]))
        sentence = (
            f"Labels are left out of which the font has not all letters, such as {some}. An SVG has them."
        )
        return (sentence,) if some else ()

    def write(self, canvas: Canvas, features: FeatureSet[Any], label: LabelClass, turn: float = 0.0) -> None:
        """Write the names of features, in their order, where there is room.

        Args:
            canvas: The canvas.
            features: The features, in the view's spatial reference.
            label: The names.
            turn: How far west of the view the features lie, in units of the map.

        Raises:
            InvalidValue: There is no such column.
        """
        columns = [features.column(name) for name in label.fields]
        fields = [features.field(name) for name in label.fields]
        view = self._view.move(-turn)
        style = TextStyle(
            label.color, view.to_length(label.size), label.halo, view.to_length(label.halo_width)
        )
        lift = style.size if features.geometry_type in (POINT, MULTIPOINT) else 0.0
        rows, places = _find_places(features, view, MOST_LABELS - self._tried[label])
        self._tried[label] += len(rows)
        for row, (x, y, room) in zip(rows.tolist(), places.tolist(), strict=True):
            values = [column[row] for column in columns]
            text = _write_label(label, map(_write_value, fields, values))
            if text and canvas.measure_text(text, style)[0] <= room:
                self._write_one(canvas, text, (x, y - lift), style)

    def _write_one(self, canvas: Canvas, text: str, place: tuple[float, float], style: TextStyle) -> None:
        if not canvas.has_letters(text):
            self._unwritten[text] = None
            return
        width, height = canvas.measure_text(text, style)
        x, y = place
        box = np.array([x - width / 2 - 1, y - height / 2 - 1, x + width / 2 + 1, y + height / 2 + 1])
        if box[0] < 0 or box[1] < 0 or box[2] > self._view.width or box[3] > self._view.height:
            return
        taken = self._boxes
        if ((taken[:, :2] < box[2:]).all(axis=1) & (taken[:, 2:] > box[:2]).all(axis=1)).any():
            return
        self._boxes = np.vstack([taken, box])
        canvas.write_text(text, place, style)


def _find_places(
    features: FeatureSet[Any], view: View, most: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the first rows that are seen; of each a pixel within what is seen, and pixels for its text.

    The text of a line lies in the middle of its longest part, and is no longer than that.
    """
    shapes = clip_shapes(features.geometries, view, 0.0)
    rows = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))[:most]
    some = shapely.clip_by_rect(shapes[rows], *view.extent)
    seen = ~(shapely.is_missing(some) | shapely.is_empty(some))
    rows, some = rows[seen], some[seen]
    room = np.full(len(some), np.inf)
    if features.geometry_type == POLYGON:
        points = shapely.point_on_surface(some)
    elif features.geometry_type in (POINT, MULTIPOINT):
        points = shapely.get_geometry(some, 0)
    else:
        parts, owners = shapely.get_parts(some, return_index=True)
        lengths = shapely.length(parts)
        order = np.lexsort((lengths, owners))
        longest = order[np.flatnonzero(np.diff(owners[order], append=-1))]
        parts, room = parts[longest], lengths[longest] / view.pixel
        points = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    coordinates = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    return rows, np.column_stack([view.to_pixels(coordinates), room])


def _write_value(field: Field, value: Any) -> str:
    if is_null(value):
        return ""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.{_DIGITS}g}"
    return write_value_text(field, value.item() if isinstance(value, np.generic) else value)


def _write_label(label: LabelClass, texts: Iterator[str]) -> str:
    whole = "".join(part if isinstance(part, str) else next(texts) for part in label.parts)
    return " ".join(whole.split())[:_LONGEST]
