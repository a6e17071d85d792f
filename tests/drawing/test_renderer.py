"""Renderers: which feature has which symbol."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpserverless.drawing.renderer import NOT_DRAWN, make_default_renderer, read_renderer
from gpserverless.drawing.symbols import AreaSymbol
from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import Table
from gpserverless.geometry.geometry_types import GEOMETRY_TYPES, POLYGON

FILL = {"type": "esriSFS", "color": [1, 2, 3, 255]}
ROWS = Table().with_columns(
    {
        "text": ["a", "b", "c", None],
        "blank": ["", None, "a", ""],
        "whole": [1, 2, 3, 4],
        "real": [1.0, 2.5, float("nan"), 30.0],
        "area": [2.0, 2.0, 2.0, 0.0],
    }
)


def values(*each: Any, **more: Any) -> dict[str, Any]:
    return {
        "type": "uniqueValue",
        "uniqueValueInfos": [{"value": value, "symbol": FILL} for value in each],
        **more,
    }


def breaks(*bounds: float, **more: Any) -> dict[str, Any]:
    return {
        "type": "classBreaks",
        "minValue": bounds[0],
        "classBreakInfos": [{"classMaxValue": bound, "symbol": FILL} for bound in bounds[1:]],
        **more,
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, [0, 0, 0, 0]),
        (values("a", "c", field1="text"), [0, NOT_DRAWN, 1, NOT_DRAWN]),
        (values("a", field1="text", defaultSymbol=FILL), [0, 1, 1, 1]),
        (values("<Null>", field1="TEXT"), [NOT_DRAWN, NOT_DRAWN, NOT_DRAWN, 0]),
        (values("<Null>", "", field1="blank"), [1, 0, NOT_DRAWN, 1]),
        (values("", "a", field1="blank"), [0, 0, 1, 0]),  # null has no class of its own
        (values(",4", "<Null>,2", field1="blank", field2="whole"), [NOT_DRAWN, 1, NOT_DRAWN, 0]),
        (values(1, "2", 3.0, field1="whole"), [0, 1, 2, NOT_DRAWN]),
        (values("1", 2.5, None, field1="real"), [0, 1, 2, NOT_DRAWN]),
        (values("a,1", "b,2", field1="text", field2="whole"), [0, 1, NOT_DRAWN, NOT_DRAWN]),
        (
            values("a | 1", field1="text", field2="whole", fieldDelimiter=" | "),
            [0, NOT_DRAWN, NOT_DRAWN, NOT_DRAWN],
        ),
        (breaks(1, 2, 4, field="whole"), [0, 0, 1, 1]),  # a bound belongs to the class below
        (breaks(2, 3, field="whole"), [NOT_DRAWN, 0, 0, NOT_DRAWN]),
        (breaks(0, 10, field="real", defaultSymbol=FILL), [0, 0, 1, 1]),  # null is in no class
        (
            breaks(0, 0.6, 2, field="whole", normalizationType="esriNormalizeByField",
                   normalizationField="area"),
            [0, 1, 1, NOT_DRAWN],
        ),
        (
            breaks(0, 25, 100, field="whole", normalizationType="esriNormalizeByPercentOfTotal",
                   normalizationTotal=10),
            [0, 0, 1, 1],
        ),
        (breaks(0, 0.4, 2, field="whole", normalizationType="esriNormalizeByLog"), [0, 0, 1, 1]),
    ],
)  # fmt: skip
def test_classes(document: dict[str, Any], expected: list[int]) -> None:
    assert read_renderer(document, POLYGON).number_classes(ROWS).tolist() == expected


def test_rows_without_any_have_no_class() -> None:
    empty = ROWS.take(np.empty(0, int))
    for document in (values("a", field1="text"), breaks(0, 1, field="real"), {}):
        assert not len(read_renderer(document, POLYGON).number_classes(empty))


def test_classes_are_named() -> None:
    low = read_renderer({**breaks(0, 10, 20, field="real"), "minValue": None}, POLYGON)
    assert [each.label for each in low.classes] == ["<= 10", "10 - 20"]
    named = read_renderer(values("a", field1="text", defaultSymbol=FILL, defaultLabel="other"), POLYGON)
    assert [each.label for each in named.classes] == ["a", "other"]


@pytest.mark.parametrize("geometry_type", GEOMETRY_TYPES)
def test_every_type_has_a_default(geometry_type: str) -> None:
    assert read_renderer(make_default_renderer(geometry_type), geometry_type).classes


def test_hatched_areas_are_lighter_and_empty_ones_are_not_filled() -> None:
    def fill(style: str) -> Any:
        document = {"type": "simple", "symbol": {**FILL, "style": style}}
        symbol = read_renderer(document, POLYGON).classes[0].symbol
        assert isinstance(symbol, AreaSymbol)
        return symbol.fill

    assert fill("esriSFSCross") == (1, 2, 3, 102)
    assert fill("esriSFSNull") is None


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"type": "heatmap"}, "'heatmap' is not a type of renderers"),
        ({"type": "simple"}, "'None' is no symbol"),
        ({"type": "simple", "symbol": {"type": "esriSMS"}}, "'esriSMS' is no symbol for esriGeometryPolygon"),
        ({"type": "simple", "symbol": {"type": "CIMSymbolReference"}}, "no symbol"),
        ({"type": "simple", "symbol": {**FILL, "color": [1, 2]}}, "is not a colour"),
        ({"type": "simple", "symbol": {**FILL, "color": [1, 2, 999]}}, "is not a colour"),
        ({"type": "simple", "symbol": {**FILL, "style": "nonsense"}}, "is not a style"),
        ({"type": "simple", "symbol": {**FILL, "outline": {"width": -1}}}, "width of a symbol"),
        ({"type": "simple", "symbol": {**FILL, "outline": {"width": 1e9}}}, "width of a symbol"),
        ({"type": "simple", "symbol": FILL, "visualVariables": [{}]}, "visualVariables"),
        (values("a"), "no field1"),
        (values("a", field1="x", uniqueValueInfos=3), "uniqueValueInfos"),
        (breaks(0, 1), "has no field"),
        (breaks(3, 1, field="x"), "no rising numbers"),
        (breaks(0, 1, field="x", normalizationType="esriNormalizeByField"), "cannot be computed"),
    ],
)
def test_renderers_that_are_refused(document: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        read_renderer(document, POLYGON)


def test_missing_column_is_named() -> None:
    with pytest.raises(InvalidValue, match="there is no field 'nope'"):
        read_renderer(values("a", field1="nope"), POLYGON).number_classes(ROWS)
    with pytest.raises(InvalidValue, match="'text' holds no numbers"):
        read_renderer(breaks(0, 1, field="text"), POLYGON).number_classes(ROWS)
