"""Renderers of classes, and labels, as Esri JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Symbol = Mapping[str, Any]
"""Esri JSON of a symbol."""


def build_class_breaks(
    field: str, method: str, breaks: Sequence[float], symbols: Sequence[Symbol]
) -> dict[str, Any]:
    """Return a renderer of classes of numbers.

    Args:
        field: Name of the field of the numbers.
        method: Esri name of the method that divided them.
        breaks: The least number, and the greatest of each class, K + 1 of them.
        symbols: K of them; {} for one that is not drawn.
    """
    texts = _write_breaks(breaks)
    infos = [
        {
            "classMinValue": low,
            "classMaxValue": high,
            "label": f"{texts[low]} - {texts[high]}" if low < high else texts[high],
            "description": "",
            **({"symbol": symbol} if symbol else {}),
        }
        for low, high, symbol in zip(breaks[:-1], breaks[1:], symbols, strict=True)
    ]
    return {
        "type": "classBreaks",
        "field": field,
        "classificationMethod": method,
        "minValue": breaks[0],
        "classBreakInfos": infos,
    }


def _write_breaks(breaks: Sequence[float]) -> dict[float, str]:
    """Return numbers with as few digits as tell them apart."""
    for digits in (10, 15, 17):
        texts = {each: f"{each:.{digits}g}" for each in breaks}
        if len(set(texts.values())) == len(texts):
            break
    return texts


def build_unique_values(
    fields: Sequence[str], names: Sequence[str], symbols: Sequence[Symbol], delimiter: str = ","
) -> dict[str, Any]:
    """Return a renderer of classes of values.

    Args:
        fields: Names of one to three fields.
        names: The value of each class, as text.
        symbols: As many; {} for one that is not drawn.
        delimiter: Text between the values of several fields.
    """
    return {
        "type": "uniqueValue",
        **{f"field{number}": name for number, name in enumerate([*fields, "", ""][:3], 1)},
        "fieldDelimiter": delimiter,
        "defaultSymbol": None,
        "defaultLabel": "",
        "uniqueValueInfos": [
            {"value": name, "label": name, "description": "", **({"symbol": symbol} if symbol else {})}
            for name, symbol in zip(names, symbols, strict=True)
        ],
    }


def build_labels(field: str, geometry_type: str) -> list[dict[str, Any]]:
    """Return the labelingInfo of a layer whose features are named by a field.

    Args:
        field: Name of the field.
        geometry_type: Esri type of the shapes.
    """
    return [
        {
            "labelExpression": f"[{field}]",
            "labelExpressionInfo": {"expression": f'$feature["{field}"]'},
            "labelPlacement": _PLACEMENTS.get(geometry_type, "esriServerPointLabelPlacementAboveCenter"),
            "useCodedValues": False,
            "symbol": _TEXT,
            "minScale": 0,
            "maxScale": 0,
        }
    ]


_PLACEMENTS = {
    "esriGeometryPolyline": "esriServerLinePlacementCenterAlong",
    "esriGeometryPolygon": "esriServerPolygonPlacementAlwaysHorizontal",
}
_TEXT = {
    "type": "esriTS",
    "color": [32, 36, 44, 255],
    "haloColor": [255, 255, 255, 230],
    "haloSize": 1.2,
    "font": {"family": "Arial", "size": 9, "style": "normal", "weight": "normal", "decoration": "none"},
}
