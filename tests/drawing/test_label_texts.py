"""Labels say what a person reads: dates, numbers as they are meant, and only letters that the font has."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import features as pillow

from gpserverless.drawing.canvas import PixelCanvas, _has_letter
from gpserverless.drawing.labels import MOST_LABELS, LabelPlaces, read_label_classes
from gpserverless.drawing.svg import SvgCanvas
from gpserverless.drawing.view import View
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, Field

VIEW = View((0.0, 0.0, 400.0, 400.0), 400, 400)


def make(values: list[Any], kind: str = "esriFieldTypeString") -> FeatureSet[Any]:
    column = np.array(values, object if kind == "esriFieldTypeString" else None)
    points = shapely.points(np.full(len(values), 200.0), np.linspace(20, 380, len(values)))
    return FeatureSet((Field("WORD", kind),), {"WORD": column}, points)


def write(canvas: PixelCanvas | SvgCanvas, features: FeatureSet[Any], turn: float = 0.0) -> LabelPlaces:
    [label] = read_label_classes({"labelingInfo": [{"labelExpression": "[WORD]"}]})
    places = LabelPlaces(VIEW)
    places.write(canvas, features, label, turn)
    return places


def read(features: FeatureSet[Any], turn: float = 0.0) -> list[str]:
    """Return the labels of an SVG."""
    canvas = SvgCanvas(400, 400)
    write(canvas, features, turn)
    return re.findall(r"<text [^>]*>([^<]*)</text>", canvas.to_bytes(None).decode())


@pytest.mark.parametrize(
    ("kind", "values", "texts"),
    [
        (DATE, [1_700_000_000_000, 0], ["2023-11-14 22:13:20", "1970-01-01 00:00:00"]),
        ("esriFieldTypeDouble", [3.0, 0.1 + 0.2, -2.5, float("nan")], ["3", "0.3", "-2.5"]),
        ("esriFieldTypeInteger", [12, -7], ["12", "-7"]),
        ("esriFieldTypeString", ["1.50", None, "München"], ["1.50", "München"]),
    ],
)
def test_values_are_written_for_people(kind: str, values: list[Any], texts: list[str]) -> None:
    assert read(make(values, kind)) == texts


@pytest.mark.parametrize("turn", [-360.0, 0.0, 720.0])
def test_features_of_another_turn_are_named(turn: float) -> None:
    features = make(["Fiji"])
    moved = FeatureSet(
        features.fields, features.columns, shapely.transform(features.geometries, lambda xy: xy - [turn, 0])
    )
    assert read(moved, turn) == ["Fiji"]


@pytest.mark.parametrize("text", ["北京", "서울", "กรุงเทพ", "हिन्दी", "Peking 北京"])
def test_letters_that_the_font_has_not_are_no_boxes(text: str) -> None:
    canvas = PixelCanvas(400, 400)
    places = write(canvas, make([text, "Ελλάδα"]))
    assert places.unwritten == (text,)
    only = PixelCanvas(400, 400)
    write(only, make(["", "Ελλάδα"]))
    assert canvas.to_image().tobytes() == only.to_image().tobytes()
    assert read(make([text])) == [text]  # a browser has other fonts


@pytest.mark.parametrize("has_library", [True, False])
def test_texts_from_right_to_left_need_a_library(has_library: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pillow, "check_feature", lambda name: has_library)
    _has_letter.cache_clear()
    places = write(PixelCanvas(400, 400), make(["القاهرة", "תל אביב", "Kairo"]))
    _has_letter.cache_clear()
    assert len(places.unwritten) == (0 if has_library else 2)


def test_as_many_labels_of_a_layer_are_tried_as_one_picture_has() -> None:
    [label] = read_label_classes({"labelingInfo": [{"labelExpression": "[WORD]"}]})
    places, canvas = LabelPlaces(VIEW), SvgCanvas(400, 400)
    places.write(canvas, make([None] * MOST_LABELS), label)
    places.write(canvas, make(["late"]), label)
    assert "late" not in canvas.to_bytes(None).decode()


def test_a_line_has_its_name_at_its_longest_part_if_that_is_longer_than_the_name() -> None:
    short = shapely.LineString([(10, 300), (20, 300)])
    long = shapely.MultiLineString([[(10, 100), (12, 100)], [(100, 50), (300, 50)]])
    column = np.array(["Brook", "River"], object)
    lines = FeatureSet.of(np.array([short, long], object), None, {"WORD": column})
    canvas = SvgCanvas(400, 400)
    write(canvas, lines)
    found = re.findall(r'<text x="([0-9.]+)" y="([0-9.]+)"[^>]*>(\w+)<', canvas.to_bytes(None).decode())
    assert found == [("200.0", "350.0", "River")]
