"""Cells of CSV: the values of a column as texts, and the shapes of features as columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.features.attribute_values import write_text
from gpserverless.features.fields import DATE, Field
from gpserverless.features.rows import Column
from gpserverless.geometry.geometry_types import POINT


def write_column(field: Field, column: Column) -> list[str]:
    """Return the cells of a field: dates in ISO 8601, lists and objects as JSON, null as an empty cell.

    Args:
        field: The field.
        column: Its values, shape (N,).
    """
    values = column.tolist()
    if field.type == DATE and all(v is None or isinstance(v, int) for v in values):
        return ["" if v is None else write_moment(v) for v in values]
    if column.dtype.kind == "f":
        return ["" if v != v else repr(v) for v in values]  # noqa: PLR0124 - NaN
    return ["" if v is None else write_text(v) for v in values]


def write_moment(milliseconds: int) -> str:
    """Return a moment in ISO 8601.

    Args:
        milliseconds: Milliseconds since 1970-01-01 UTC.
    """
    return f"{np.datetime64(milliseconds, 'ms')}Z"


def write_shapes(
    shapes: NDArray[Any], geometry_type: str, names: tuple[str, str], *, z: bool
) -> tuple[list[str], list[list[str]]]:
    """Return the columns of shapes, and their names: two or three of ordinates for points, else one of WKT.

    Args:
        shapes: Shape (N,), None where there is no shape.
        geometry_type: Esri name of their type.
        names: Names of the columns of x and y.
        z: Whether points have a column z.
    """
    if geometry_type != POINT:
        texts = [text or "" for text in shapely.to_wkt(shapes, rounding_precision=-1)]
        return ["wkt"], [texts]
    ordinates = [shapely.get_x(shapes), shapely.get_y(shapes), *([shapely.get_z(shapes)] if z else [])]
    cells = [["" if v != v else repr(v) for v in each.tolist()] for each in ordinates]  # noqa: PLR0124 - NaN
    return [*names, *(["z"] if z else [])], cells
