"""Markers that say how the layer of an output is drawn."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.datatypes.markers import Marker
from gpserverless.errors import AuthoringError

ClassMethod = Literal[
    "natural breaks", "quantile", "equal interval", "geometrical interval", "standard deviation"
]
"""How numbers are divided into classes."""

MOST_COLORS = 100
"""Most values for which a tool names a colour."""

MOST_CLASSES = 32
"""Most classes of numbers."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_POINTS_AND_LINES = frozenset({"esriGeometryPoint", "esriGeometryMultipoint", "esriGeometryPolyline"})


class Symbology(Marker):
    """How the features of an output's layer are drawn."""

    geometry_types: frozenset[str] = frozenset()
    """Esri geometry types of the features that can be drawn so; empty for any."""

    def change(self, data_type: DataType) -> DataType | None:
        """Return the type of features with this symbology."""
        if not isinstance(data_type, GPFeatureRecordSetLayer):
            return None
        drawn = self.geometry_types
        if drawn and not drawn.issuperset(data_type.geometry_types or drawn):
            raise AuthoringError(f"{type(self).__name__} does not belong to {data_type.geometry_types[0]}")
        return replace(data_type, symbology=self)


@dataclass(frozen=True, eq=False)
class UniqueValues(Symbology):
    """The layer of an output has one colour for each value of a field.

    Args:
        field: Name of the field.
        colors: By value as text, a colour such as "#cc6677". The 24 most frequent of the other values have
            colours of ours, the rest are grey.
        labels: By value, its name in the legend, if that is another.

    Example:
        >>> @tool
        ... def map_land() -> Annotated[FeatureSet[Polygon], UniqueValues("USE", {"wood": "#117733"})]:
        ...     '''Map land.'''
        ...     raise ToolError("There is none.")
        >>> map_land.spec.outputs[0].data_type.symbology.field
        'USE'
    """

    field: str
    colors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.colors) > MOST_COLORS:
            raise AuthoringError(f"UniqueValues takes at most {MOST_COLORS} colours")
        if not all(isinstance(value, str) for value in (*self.colors, *self.labels)):
            raise AuthoringError("UniqueValues takes values as text: '3' for the number 3")
        _check_colors(self.colors.values())


@dataclass(frozen=True)
class GraduatedColors(Symbology):
    """The layer of an output has classes of a number, from the first colour to the last.

    Args:
        field: Name of the field of numbers.
        classes: Most classes, 2 to 32.
        method: How the numbers are divided: "natural breaks", "quantile", "equal interval",
            "geometrical interval" or "standard deviation".
        colors: The colours of the least and the greatest numbers, and those between them.

    Example:
        >>> @tool
        ... def count_wells() -> Annotated[FeatureSet[Polygon], GraduatedColors("WELLS", classes=4)]:
        ...     '''Count wells.'''
        ...     raise ToolError("There is none.")
        >>> count_wells.spec.outputs[0].data_type.symbology.classes
        4
    """

    field: str
    classes: int = 5
    method: ClassMethod = "natural breaks"
    colors: tuple[str, ...] = ("#fff0a9", "#f08a38", "#8c0f2f")

    def __post_init__(self) -> None:
        _check_classes(self.classes, self.method)
        if not 2 <= len(self.colors) <= MOST_CLASSES:
            raise AuthoringError(f"GraduatedColors takes 2 to {MOST_CLASSES} colours")
        _check_colors(self.colors)


@dataclass(frozen=True)
class GraduatedSymbols(Symbology):
    """The layer of an output has classes of a number, from small markers or thin lines to large ones.

    Args:
        field: Name of the field of numbers.
        classes: Most classes, 2 to 32.
        method: As for `GraduatedColors`.
        sizes: Size of the least and of the greatest numbers in points.

    Example:
        >>> @tool
        ... def rank_towns() -> Annotated[FeatureSet[Point], GraduatedSymbols("PEOPLE", sizes=(4, 24))]:
        ...     '''Rank towns.'''
        ...     raise ToolError("There is none.")
        >>> rank_towns.spec.outputs[0].data_type.symbology.sizes
        (4, 24)
    """

    field: str
    classes: int = 5
    method: ClassMethod = "natural breaks"
    sizes: tuple[float, float] = (5.0, 20.0)

    geometry_types = _POINTS_AND_LINES

    def __post_init__(self) -> None:
        _check_classes(self.classes, self.method)
        if len(self.sizes) != 2 or not 0 < self.sizes[0] < self.sizes[1] <= 100:
            raise AuthoringError("GraduatedSymbols takes two rising sizes of at most 100 points")


@dataclass(frozen=True, eq=False)
class LayerRenderer(Symbology):
    """The layer of an output is drawn by a renderer of the tool's own.

    Args:
        document: Esri JSON of a simple, uniqueValue or classBreaks renderer.

    Example:
        >>> red = {"type": "esriSFS", "style": "esriSFSSolid", "color": [200, 0, 0, 255]}
        >>> risks = {"type": "simple", "symbol": red}
        >>> @tool
        ... def find_risks() -> Annotated[FeatureSet[Polygon], LayerRenderer(risks)]:
        ...     '''Find risks.'''
        ...     raise ToolError("There is none.")
        >>> find_risks.spec.outputs[0].data_type.symbology.document["type"]
        'simple'
    """

    document: Mapping[str, Any]


@dataclass(frozen=True)
class LabelField(Marker):
    """The field whose values are written beside the features of an output's layer.

    Args:
        field: Name of the field.

    Example:
        >>> @tool
        ... def find_towns() -> Annotated[FeatureSet[Point], LabelField("NAME")]:
        ...     '''Find towns.'''
        ...     raise ToolError("There is none.")
        >>> find_towns.spec.outputs[0].data_type.label_field
        'NAME'
    """

    field: str

    def change(self, data_type: DataType) -> DataType | None:
        """Return the type of features with the field."""
        if not isinstance(data_type, GPFeatureRecordSetLayer):
            return None
        if not re.fullmatch(r'[^\[\]"]{1,64}', self.field):
            raise AuthoringError("LabelField takes a name of 1 to 64 characters without brackets and quotes")
        return replace(data_type, label_field=self.field)


def _check_colors(colors: Any) -> None:
    for color in colors:
        if not isinstance(color, str) or not _COLOR.fullmatch(color):
            raise AuthoringError(f"'{color}' is no colour such as '#cc6677'")


def _check_classes(classes: int, method: str) -> None:
    if type(classes) is not int or not 2 <= classes <= MOST_CLASSES:
        raise AuthoringError(f"classes is {classes!r}, and not 2 to {MOST_CLASSES}")
    if method not in get_args(ClassMethod):
        raise AuthoringError(f"method is '{method}', and not one of {', '.join(get_args(ClassMethod))}")
