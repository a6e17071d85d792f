"""Ramps of colours, at places whose colours are known."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.drawing.color_ramps import list_different_colors, list_ramp_colors

RED, BLUE, BLACK, WHITE = [255, 0, 0, 255], [0, 0, 255, 255], [0, 0, 0, 255], [255, 255, 255, 255]


def ramp(first: list[int], last: list[int], algorithm: str = "") -> dict[str, Any]:
    named = {"algorithm": f"esri{algorithm}Algorithm"} if algorithm else {}
    return {"type": "algorithmic", "fromColor": first, "toColor": last, **named}


@pytest.mark.parametrize(
    ("document", "colors"),
    [
        (ramp(RED, BLUE), [RED, [255, 0, 255, 255], BLUE]),  # the short way around the circle of hues
        (ramp(RED, [255, 255, 0, 255], "HSV"), [RED, [255, 128, 0, 255], [255, 255, 0, 255]]),
        (ramp(WHITE, RED, "HSV"), [WHITE, [255, 128, 128, 255], RED]),  # white has no hue of its own
        (ramp(BLACK, WHITE, "CIELab"), [BLACK, [119, 119, 119, 255], WHITE]),  # a lightness of 50
        (ramp(BLACK, WHITE, "LabLCh"), [BLACK, [119, 119, 119, 255], WHITE]),
        (ramp([9, 9, 9], [9, 9, 9, 55]), [[9, 9, 9, 255], [9, 9, 9, 155], [9, 9, 9, 55]]),
        (
            {"type": "multipart", "colorRamps": [ramp(BLACK, RED, "CIELab"), ramp(RED, WHITE, "CIELab")]},
            [BLACK, RED, WHITE],
        ),
    ],
)
def test_first_middle_and_last(document: dict[str, Any], colors: list[list[int]]) -> None:
    assert list_ramp_colors(document, 3) == [pytest.approx(color, abs=1) for color in colors]


@pytest.mark.parametrize("algorithm", ["HSV", "CIELab", "LabLCh"])
def test_ends_are_those_of_the_ramp(algorithm: str) -> None:
    found = list_ramp_colors(ramp([239, 243, 255, 255], [8, 69, 148, 100], algorithm), 9)
    assert found[0] == [239, 243, 255, 255]
    assert found[-1] == [8, 69, 148, 100]
    assert [color[3] for color in found] == sorted((color[3] for color in found), reverse=True)


def test_two_colours_of_equal_lightness_keep_it_on_the_way() -> None:
    """In LCh red goes to blue through magenta; in Lab through a grey purple."""
    straight, around = (list_ramp_colors(ramp(RED, BLUE, name), 3)[1] for name in ("CIELab", "LabLCh"))
    assert max(around[:3]) - min(around[:3]) > max(straight[:3]) - min(straight[:3])


def test_one_colour_is_the_middle() -> None:
    assert list_ramp_colors(ramp(BLACK, WHITE, "CIELab"), 1) == [[119, 119, 119, 255]]


def test_different_colours_differ() -> None:
    colors = list_different_colors(100)
    assert len({tuple(color) for color in colors}) == 100
    assert list_different_colors(0) == []
