"""Pixels of drawn features, against the shapes and against arithmetic."""

from __future__ import annotations

import time
from base64 import b64encode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image, ImageDraw

from gpserverless.drawing.canvas import PixelCanvas
from gpserverless.drawing.dashes import cut_dashes
from gpserverless.drawing.draw import draw_features
from gpserverless.drawing.labels import LabelPlaces, read_label_classes
from gpserverless.drawing.legend import draw_swatch
from gpserverless.drawing.renderer import read_renderer
from gpserverless.drawing.svg import SvgCanvas
from gpserverless.drawing.view import View, fit_view
from gpserverless.errors import InvalidValue, TooLarge
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import POINT
from tests.patience import SOON

VIEW = View((0.0, 0.0, 100.0, 100.0), 100, 100)
RED = [255, 0, 0, 255]
BARE_RED = {"type": "esriSFS", "color": RED, "outline": None}


def draw(shapes: Any, symbol: dict[str, Any], view: View = VIEW, **columns: Any) -> np.ndarray[Any, Any]:
    """Return the pixels of shapes, shape (height, width, 4)."""
    features = FeatureSet.of(np.asarray(shapes, object), None, columns)
    canvas = PixelCanvas(view.width, view.height)
    renderer = read_renderer({"type": "simple", "symbol": symbol}, features.geometry_type)
    draw_features(canvas, features, renderer, view)
    return np.asarray(canvas.to_image())


@pytest.mark.parametrize("turned", [False, True])
def test_holes_and_parts_whatever_their_direction(turned: bool) -> None:
    outer, hole = [(10, 10), (90, 10), (90, 90), (10, 90)], [(30, 30), (70, 30), (70, 70), (30, 70)]
    ring = shapely.Polygon(outer, [hole[::-1] if turned else hole])
    shape = shapely.MultiPolygon([ring, shapely.box(45, 45, 55, 55)])
    pixels = draw([shape], BARE_RED)
    x, y = np.meshgrid(np.arange(100) + 0.5, 99.5 - np.arange(100))
    assert ((pixels[..., 3] > 127) == shapely.contains_xy(shape, x, y)).mean() > 0.999


def test_colours_of_half_open_shapes_lie_over_each_other() -> None:
    half = {**BARE_RED, "color": [255, 0, 0, 128]}
    once = draw([shapely.box(10, 10, 90, 90)], half)[50, 50]
    assert np.abs(once.astype(int) - [255, 0, 0, 128]).max() <= 2
    twice = draw([shapely.box(10, 10, 90, 90)] * 2, half)[50, 50]
    assert np.abs(twice.astype(int) - [255, 0, 0, 192]).max() <= 3  # 1 - (1 - 1/2)²


def test_edges_are_smooth() -> None:
    pixels = draw([shapely.box(10.5, 10, 90, 90)], BARE_RED)
    assert 110 < pixels[50, 10, 3] < 210
    assert pixels[50, 10, 0] > 250  # red, and not darker


def test_shapes_far_beyond_the_picture_are_clipped() -> None:
    started = time.process_time()
    pixels = draw([shapely.box(-1e9, -1e9, 50, 1e9), shapely.box(1e6, 0, 1e7, 1)], BARE_RED)
    assert (pixels[:, :50, 3] == 255).all()
    assert not pixels[:, 51:, 3].any()
    assert time.process_time() - started < SOON


def test_shapes_that_cross_themselves_are_drawn() -> None:
    bow = shapely.Polygon([(-900, 0), (900, 100), (900, 0), (-900, 100)])
    assert draw([bow], BARE_RED)[50, 90, 3]


def test_null_and_empty_shapes_are_passed_over() -> None:
    pixels = draw([None, shapely.Polygon(), shapely.box(10, 10, 90, 90)], BARE_RED)
    assert pixels[50, 50].tolist() == RED


@pytest.mark.parametrize("width", [1, 4, 10])
def test_lines_have_their_width_in_points(width: float) -> None:
    line = shapely.LineString([(-10, 50), (110, 50)])
    pixels = draw([line], {"type": "esriSLS", "color": RED, "width": width})
    assert pixels[:, 50, 3].astype(int).sum() / 255 == pytest.approx(width * 96 / 72, rel=0.05)


def test_dashes_have_their_lengths() -> None:
    pieces = cut_dashes([0, 0, 10, 0, 10, 10], [4, 2])
    assert pieces[0] == [0, 0, 4, 0]
    assert pieces[1] == [6, 0, 10, 0]
    assert pieces[2] == [10, 2, 10, 6]
    assert len(pieces) == 4
    total = sum(np.hypot(*np.diff(np.reshape(piece, (-1, 2)), axis=0).T).sum() for piece in pieces)
    assert total == pytest.approx(4 + 4 + 4 + 2)


def test_dash_goes_around_a_corner() -> None:
    assert cut_dashes([0, 0, 3, 0, 3, 9], [5, 2])[0] == [0, 0, 3, 0, 3, 2]


@pytest.mark.parametrize(
    ("style", "area"),
    [("Circle", np.pi / 4), ("Square", 1.0), ("Diamond", 0.5), ("Triangle", 0.5)],
)
@pytest.mark.parametrize("angle", [0, 30])
def test_markers_have_their_size(style: str, area: float, angle: int) -> None:
    symbol = {"type": "esriSMS", "style": f"esriSMS{style}", "size": 30, "color": RED, "angle": angle}
    pixels = draw([shapely.Point(50, 50)], symbol)
    assert pixels[..., 3].astype(int).sum() / 255 == pytest.approx(area * 40**2, rel=0.05)  # 30 points


@pytest.mark.parametrize("style", ["Cross", "X"])
def test_crosses_are_lines(style: str) -> None:
    symbol = {"type": "esriSMS", "style": f"esriSMS{style}", "size": 30, "color": RED}
    pixels = draw([shapely.Point(50, 50)], symbol)
    assert pixels[49, 49, 3]
    assert not pixels[44, 46, 3]


def test_markers_turn_against_the_clock_and_move_up() -> None:
    symbol = {"type": "esriSMS", "style": "esriSMSTriangle", "size": 30, "color": RED, "yoffset": 15}
    rows, columns = np.nonzero(draw([shapely.Point(50, 50)], {**symbol, "angle": 90})[..., 3])
    assert rows.mean() == pytest.approx(30, abs=1.5)
    assert (columns < 50).sum() < (columns >= 50).sum()  # the tip points to the west


def test_picture_symbols() -> None:
    icon = Image.new("RGBA", (8, 8), (0, 0, 255, 255))
    ImageDraw.Draw(icon).rectangle((0, 0, 3, 7), fill=(0, 0, 0, 0))
    file = BytesIO()
    icon.save(file, "PNG")
    symbol = {"type": "esriPMS", "imageData": b64encode(file.getvalue()).decode(), "width": 30, "height": 30}
    pixels = draw([shapely.Point(50, 50), shapely.Point(99, 50)], symbol)
    assert pixels[50, 60].tolist() == [0, 0, 255, 255]
    assert not pixels[50, 40, 3]
    turned = draw([shapely.Point(50, 50)], {**symbol, "angle": 90})
    assert turned[40, 50].tolist() == [0, 0, 255, 255]


@pytest.mark.parametrize(
    "symbol",
    [
        {"type": "esriPMS", "url": "https://example.org/a.png"},
        {"type": "esriPMS", "imageData": "!!"},
        {"type": "esriPMS", "imageData": "AAAA", "contentType": "image/svg+xml"},
        {"type": "esriPMS", "imageData": "AAAA"},
    ],
)
def test_picture_symbols_that_are_refused(symbol: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        draw([shapely.Point(50, 50)], symbol)


def test_large_points_lie_below_small_ones() -> None:
    features = FeatureSet.of(shapely.points([(50, 50), (50, 50)]), None, {"n": [1, 2]})
    small, large = (
        {"type": "esriSMS", "size": size, "color": color} for size, color in ((10, RED), (40, [0, 0, 255]))
    )
    infos = [{"value": 1, "symbol": small}, {"value": 2, "symbol": large}]
    renderer = read_renderer({"type": "uniqueValue", "field1": "n", "uniqueValueInfos": infos}, POINT)
    canvas = PixelCanvas(100, 100)
    draw_features(canvas, features, renderer, VIEW)
    assert canvas.to_image().getpixel((50, 50)) == tuple(RED)


def test_many_points_in_a_place_are_drawn_once() -> None:
    places = shapely.points(np.repeat([[20.0, 20.0], [80.0, 80.0]], 50_000, axis=0))
    started = time.process_time()
    pixels = draw(places, {"type": "esriSMS", "size": 6, "color": RED})
    assert pixels[20, 80].tolist() == pixels[80, 20].tolist() == RED
    assert time.process_time() - started < SOON


@pytest.mark.parametrize(
    ("box", "size", "extent"),
    [
        ((0, 0, 10, 10), (100, 100), (0, 0, 10, 10)),
        ((10, 10, 0, 0), (100, 100), (0, 0, 10, 10)),
        ((0, 0, 10, 10), (200, 100), (-5, 0, 15, 10)),
        ((0, 0, 10, 0), (100, 100), (0, -5, 10, 5)),
        ((0, 3, 0, 13), (100, 100), (-5, 3, 5, 13)),
    ],
)
def test_views(box: tuple[float, ...], size: tuple[int, int], extent: tuple[float, ...]) -> None:
    view = fit_view(box, size)  # type: ignore[arg-type]
    assert view.extent == pytest.approx(extent)
    assert view.to_pixels(np.array([[view.extent[0], view.extent[3]]])).tolist() == [[0, 0]]


def test_view_of_one_place_is_small_and_not_empty() -> None:
    view = fit_view((7, 7, 7, 7), (50, 50))
    assert 0 < view.extent[2] - view.extent[0] < 1e-4


def label(shapes: Any, expression: str = "[name]", **columns: Any) -> np.ndarray[Any, Any]:
    features = FeatureSet.of(np.asarray(shapes, object), None, columns)
    symbol = {"font": {"size": 12}, "color": [0, 0, 0, 255], "haloColor": None}
    [style] = read_label_classes({"labelingInfo": [{"labelExpression": expression, "symbol": symbol}]})
    canvas = PixelCanvas(100, 100)
    LabelPlaces(VIEW).write(canvas, features, style)
    return np.asarray(canvas.to_image())


def test_labels_lie_in_what_is_seen_of_a_shape() -> None:
    pixels = label([shapely.box(40, 40, 1000, 60)], name=["AB"])
    rows, columns = np.nonzero(pixels[..., 3])
    assert rows.mean() == pytest.approx(50, abs=3)
    assert columns.mean() == pytest.approx(70, abs=4)
    assert pixels[..., :3][pixels[..., 3] == 255].max() == 0


def test_labels_do_not_lie_over_each_other() -> None:
    one = label([shapely.box(0, 0, 100, 100)], name=["AB"])
    same = label([shapely.box(0, 0, 100, 100)] * 3, name=["AB", "CD", "EF"])
    assert (one == same).all()


def test_labels_of_null_and_outside_are_left_out() -> None:
    assert not label([shapely.box(0, 0, 100, 100)], name=[None])[..., 3].any()
    assert not label([shapely.box(500, 0, 600, 100)], name=["AB"])[..., 3].any()
    assert not label([shapely.Point(0, 0)], name=["AB"])[..., 3].any()  # it would be cut


@pytest.mark.parametrize("expression", ["[name]", '[a] CONCAT "-" CONCAT [b]', "$feature.name"])
def test_expressions_of_labels(expression: str) -> None:
    box = [shapely.box(0, 0, 100, 100)]
    document = {"labelingInfo": [{"labelExpression": expression}]}
    if expression.startswith("$"):
        document = {"labelingInfo": [{"labelExpressionInfo": {"expression": expression}}]}
    [style] = read_label_classes(document)
    canvas = SvgCanvas(100, 100)
    columns = {"name": ["1-2"], "a": [1], "b": ["2"]}
    LabelPlaces(VIEW).write(canvas, FeatureSet.of(np.array(box, object), None, columns), style)
    assert ">1-2</text>" in canvas.to_bytes(None).decode()


@pytest.mark.parametrize(
    "info",
    [
        3,
        [3],
        [{}],
        [{"labelExpression": "eval([a])"}],
        [{"labelExpression": "[a"}],
        [{"labelExpression": "[a]", "where": "1=1"}],
    ],
)
def test_labels_that_are_refused(info: Any) -> None:
    with pytest.raises(InvalidValue):
        read_label_classes({"labelingInfo": info})


def test_svg_that_would_be_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpserverless.drawing.svg.MOST_CHARACTERS", 1_000)
    features = FeatureSet.of(shapely.box(*np.zeros((2, 50)), *np.full((2, 50), 50.0)), None)
    renderer = read_renderer({"type": "simple", "symbol": BARE_RED}, features.geometry_type)
    with pytest.raises(TooLarge, match="Ask for PNG"):
        draw_features(SvgCanvas(100, 100), features, renderer, VIEW)


@pytest.mark.parametrize("dpi", [96, 192])
def test_swatches_grow_with_dpi(dpi: int) -> None:
    renderer = read_renderer({"type": "simple", "symbol": {"type": "esriSMS", "size": 300}}, POINT)
    symbol = {"type": "simple", "symbol": {"type": "esriSMS", "size": 300, "color": RED}}
    renderer = read_renderer(symbol, POINT)
    content, side = draw_swatch(renderer.classes[0].symbol, dpi)
    picture = Image.open(BytesIO(content))
    assert picture.size == (side, side) == (20 * dpi // 96,) * 2
    assert picture.getpixel((side // 2, side // 2)) == tuple(RED)
    assert picture.getpixel((0, 0)) == (0, 0, 0, 0)  # the largest symbol is drawn smaller
