"""Symbols of a layer on its page: colours and lines of every kind of renderer; nothing else gets through."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.protocols.directory.swatches import MOST_SWATCHES, Swatch, make_swatches, name_fields

RED = [255, 0, 0, 51]
OUTLINE = {"type": "esriSLS", "style": "esriSLSDash", "color": [0, 0, 0, 255], "width": 0.75}
AREA = {"type": "esriSFS", "style": "esriSFSSolid", "color": RED, "outline": OUTLINE}


def simple(symbol: Any) -> list[Swatch]:
    """Return the swatches of a simple renderer."""
    return make_swatches({"type": "simple", "symbol": symbol})


def test_area_has_its_colours_and_its_line() -> None:
    (swatch,) = simple(AREA)
    assert (swatch.shape, swatch.fill, swatch.stroke) == ("area", "rgba(255, 0, 0, 0.2)", "rgba(0, 0, 0, 1)")
    assert (swatch.width, swatch.dash) == (0.75, "5 3")


def test_line_has_no_surface() -> None:
    (swatch,) = simple(OUTLINE)
    assert (swatch.shape, swatch.fill, swatch.stroke) == ("line", "none", "rgba(0, 0, 0, 1)")


@pytest.mark.parametrize("style", ["esriSMSCross", "esriSMSX"])
def test_mark_of_lines_is_drawn_in_its_own_colour(style: str) -> None:
    (swatch,) = simple({"type": "esriSMS", "style": style, "color": RED})
    assert (swatch.fill, swatch.stroke) == ("none", "rgba(255, 0, 0, 0.2)")


def test_classes_have_their_values() -> None:
    renderer = {
        "type": "classBreaks",
        "field": "POP",
        "minValue": 0,
        "classBreakInfos": [
            {"classMaxValue": 10, "symbol": AREA},
            {"classMaxValue": 20, "label": "many", "symbol": AREA},
        ],
        "defaultSymbol": AREA,
    }
    assert [each.label for each in make_swatches(renderer)] == ["0 \u2013 10", "many", "Other values"]
    assert name_fields(renderer) == "POP"


def test_unique_values_have_their_labels() -> None:
    infos = [{"value": "a", "symbol": AREA}, {"value": "b", "label": "B", "symbol": AREA}]
    renderer = {"type": "uniqueValue", "field1": "KIND", "field2": "USE", "uniqueValueInfos": infos}
    assert [each.label for each in make_swatches(renderer)] == ["a", "B"]
    assert name_fields(renderer) == "KIND, USE"


def test_page_has_a_limited_number() -> None:
    infos = [{"value": str(n), "symbol": AREA} for n in range(1_000)]
    assert len(make_swatches({"uniqueValueInfos": infos})) == MOST_SWATCHES


@pytest.mark.parametrize(
    "color", ["red", [1, 2], [1, 2, 300], ["1", "2", "3"], {"r": 1}, [float("nan"), 0, 0], None]
)
def test_colour_that_is_none_is_not_drawn(color: Any) -> None:
    assert simple({**AREA, "color": color})[0].fill == "none"


@pytest.mark.parametrize("symbol", [None, "x", {}, {"type": "CIMSymbolReference"}, []])
def test_symbol_that_is_not_known_is_left_out(symbol: Any) -> None:
    assert simple(symbol) == []


@pytest.mark.parametrize(
    ("symbol", "image"),
    [
        ({"imageData": "aGk=", "contentType": "image/png"}, "data:image/png;base64,aGk="),
        ({"imageData": "aGk=", "contentType": "image/svg+xml"}, None),
        ({"imageData": 'aGk="><script>', "contentType": "image/png"}, None),
        ({"url": "https://elsewhere.example/x.png"}, None),
    ],
)
def test_picture_is_one_that_is_in_the_symbol(symbol: dict[str, str], image: str | None) -> None:
    found = simple({"type": "esriPMS", **symbol})
    assert [each.image for each in found] == ([image] if image else [])
