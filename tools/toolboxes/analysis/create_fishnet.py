"""Nets of rectangular cells."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from shapely import Point

from gpserverless import Extent, FeatureSet, Field, Keywords, Run, SpatialReference, ToolError, tool
from gpserverless.analysis.fishnet import draw_cells, draw_labels, draw_lines, lay_out

_SEPARATOR = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class CreateFishnetOutputs:
    """The outputs of CreateFishnet."""

    out_feature_class: Annotated[FeatureSet[Any], Field(description="The cells or the lines of the net.")]
    out_label: Annotated[FeatureSet[Point] | None, Field(description="The middle of each cell.")]


@tool
def create_fishnet(
    origin_coord: Annotated[str, Field(examples=["0 0"])],
    y_axis_coord: Annotated[str, Field(examples=["0 10"])],
    cell_width: Annotated[float, Field(ge=0, examples=[10])],
    cell_height: Annotated[float, Field(ge=0, examples=[10])],
    number_rows: Annotated[int, Field(ge=0, examples=[3])],
    number_columns: Annotated[int, Field(ge=0, examples=[4])],
    run: Run,
    corner_coord: str | None = None,
    labels: Annotated[bool, Keywords("LABELS", "NO_LABELS")] = True,
    template: Extent | None = None,
    geometry_type: Literal["POLYLINE", "POLYGON"] = "POLYLINE",
) -> CreateFishnetOutputs:
    """Draw a net of equal rectangles, as lines or as polygons.

    The net begins at the origin and may be turned: its left side runs from the origin through the place of
    y_axis_coord. Polygons come row by row from the origin; lines between the rows come first. The spatial
    reference is that of origin_coord or of the template, if one says so. At most 2,000,000 cells.

    Args:
        origin_coord: The lower left corner, as a text "x y" or as JSON {"x": 0, "y": 0}.
        y_axis_coord: A place on the line of the left side.
        cell_width: In the unit of the coordinates; 0 if it follows from the corner and number_columns.
        cell_height: The same; 0 if it follows from the corner and number_rows.
        number_rows: Number of rows; 0 if it follows from the corner and cell_height.
        number_columns: Number of columns; 0 if it follows from the corner and cell_width.
        corner_coord: The upper right corner, opposite of the origin.
        labels: Whether the middles of the cells are given as points too.
        template: An extent, whose upper right corner counts if corner_coord is not given.
        geometry_type: Lines or polygons.
    """
    origin, reference = _read_place(origin_coord, "origin_coord")
    axis, _ = _read_place(y_axis_coord, "y_axis_coord")
    corner = None if corner_coord is None else _read_place(corner_coord, "corner_coord")[0]
    if corner is None and template is not None:
        corner = np.array([template.xmax, template.ymax])
    if reference is None and template is not None:
        reference = template.spatial_reference
    net = lay_out(origin, axis, corner, (cell_width, cell_height), (number_columns, number_rows))
    run.progress("Drawing the net")
    shapes = draw_cells(net) if geometry_type == "POLYGON" else draw_lines(net)
    points = FeatureSet.of(draw_labels(net), reference) if labels else None
    return CreateFishnetOutputs(FeatureSet.of(shapes, reference), points)


def _read_place(text: str, name: str) -> tuple[NDArray[np.float64], SpatialReference | None]:
    """Return x and y of a place, and its spatial reference if it says one."""
    document = _read_json(text)
    numbers = [document.get("x"), document.get("y")] if document else _SEPARATOR.split(text.strip()[:200])[:2]
    reference = SpatialReference.from_optional_json(document.get("spatialReference"))
    try:
        place = np.array(numbers, np.float64)
    except (TypeError, ValueError):
        place = np.empty(0)
    if len(place) != 2 or not np.isfinite(place).all():
        raise ToolError(f'{name} is no place: write x and y as "100 200" or as a point in JSON.')
    return place, reference


def _read_json(text: str) -> dict[str, Any]:
    """Return a JSON object; any other text gives an empty one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
