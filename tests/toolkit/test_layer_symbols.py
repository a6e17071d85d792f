"""A tool says how the layer of its output is drawn; the renderer is made of the rows, and draws every one."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon

from gpserverless import (
    FeatureSet,
    GraduatedColors,
    GraduatedSymbols,
    LabelField,
    LayerRenderer,
    Table,
    UniqueValues,
    tool,
)
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.drawing.labels import read_label_classes
from gpserverless.drawing.renderer import NOT_DRAWN, Renderer, read_renderer
from gpserverless.errors import AuthoringError
from gpserverless.toolkit.layers import write_output_layer
from gpserverless.toolkit.spec import Parameter
from gpserverless.values.spatial_reference import WGS84

RED = {"type": "esriSFS", "style": "esriSFSSolid", "color": [200, 0, 0, 255]}
SIMPLE = {"type": "simple", "symbol": RED}
BY_KIND = {
    "type": "uniqueValue",
    "field1": "KIND",
    "uniqueValueInfos": [{"value": "wood", "label": "Wood", "symbol": RED}],
}
SHAPES = {
    Point: lambda x: shapely.points(x, x),
    LineString: lambda x: shapely.linestrings(np.stack([np.stack([x, x], 1), np.stack([x, x + 1], 1)], 1)),
    Polygon: lambda x: shapely.box(x, x, x + 1, x + 1),
}


def make_features(kind: Any, **columns: Any) -> FeatureSet[Any]:
    count = len(next(iter(columns.values())))
    return FeatureSet.of(SHAPES[kind](np.arange(count) / 10), WGS84).with_columns(columns)


def declare(
    marker: Any, kind: Any, features: FeatureSet[Any], folder: Path
) -> tuple[dict[str, Any], list[str]]:
    """Return the renderer of an output with a marker, and the warnings of the job."""
    data_type = read_annotation(Annotated[FeatureSet[kind], marker]).data_type
    warnings: list[str] = []
    layer = write_output_layer(
        Parameter("out", "Out", "", data_type), data_type.name, features, folder, warnings.append
    )
    assert layer is not None
    return dict(layer.manifest.renderer), warnings


def read(document: dict[str, Any], features: FeatureSet[Any]) -> tuple[Renderer, list[str]]:
    """Return the renderer as it is drawn, and the label of each feature's class."""
    renderer = read_renderer(document, features.geometry_type)
    numbers = renderer.number_classes(features)
    assert NOT_DRAWN not in numbers, "every feature is drawn"
    return renderer, [renderer.classes[number].label for number in numbers]


def test_values_have_the_colours_of_the_tool_and_others_have_colours_of_ours(tmp_path: Path) -> None:
    land = make_features(Polygon, USE=np.array(["wood", "lake", None, "moor", "wood"], object))
    marker = UniqueValues("use", {"wood": "#117733", "town": "#aa0000"}, {"wood": "Woodland"})
    document, warnings = declare(marker, Polygon, land, tmp_path)
    renderer, labels = read(document, land)
    assert labels == ["Woodland", "lake", "<Null>", "moor", "Woodland"]
    assert [each.label for each in renderer.classes] == ["Woodland", "town", "<Null>", "lake", "moor"]
    fills = [each.symbol.fill for each in renderer.classes]  # type: ignore[union-attr]
    assert fills[0] == (0x11, 0x77, 0x33, 220)
    assert len(set(fills)) == 5
    assert warnings == []


@pytest.mark.parametrize("count", [1, 9, 24, 25, 300])
def test_the_most_frequent_values_have_colours_and_the_rest_is_grey(tmp_path: Path, count: int) -> None:
    codes = np.concatenate([np.arange(count), np.arange(min(count, 24))])  # the first 24 occur twice
    places = make_features(Point, CODE=codes)
    renderer, labels = read(declare(UniqueValues("CODE"), Point, places, tmp_path)[0], places)
    assert labels == [str(code) if code < 24 else "Other values" for code in codes]
    assert [each.label for each in renderer.classes][:24] == [str(n) for n in range(min(count, 24))]
    assert len({each.symbol for each in renderer.classes}) == len(renderer.classes)


NUMBERS = {
    "rising": np.arange(1, 101),
    "skew": np.random.default_rng(7).lognormal(3, 2, 500),
    "tiny": np.random.default_rng(7).uniform(1e-9, 2e-9, 50),
    "huge": np.array([1e15, 2e15, 3e15, 9e15]),
    "negative": np.linspace(-3.75, -0.125, 40),
    "two alike": np.array([5, 5, 8]),
    "one": np.array([5.5, 5.5]),
    "least": np.array([0.0, 5e-324, 1e-320]),
    "greatest": np.array([-1.7e308, 0.0, 1.7e308]),
    "close": np.array([1e15, 1e15 + 0.125, 1e15 + 0.25]),
    "infinite": np.array([1.0, np.inf, 3.0, -np.inf]),
    "with null": np.array([1.0, np.nan, 3.0, 9.0]),
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "method", ["natural breaks", "quantile", "equal interval", "geometrical interval", "standard deviation"]
)
def test_every_number_is_in_the_class_that_says_so(tmp_path: Path, name: str, method: Any) -> None:
    zones = make_features(Polygon, POP=NUMBERS[name])
    document, warnings = declare(GraduatedColors("POP", 4, method), Polygon, zones, tmp_path)
    if warnings:  # no logarithm of these
        assert (name, method, document) == ("negative", "geometrical interval", {})
        return
    renderer, labels = read(document, zones)
    bounds = {
        info["label"]: (info["classMinValue"], info["classMaxValue"]) for info in document["classBreakInfos"]
    }
    for label, number in zip(labels, NUMBERS[name], strict=True):
        low, high = bounds.get(label, (np.nan, np.nan))
        assert low <= number <= high or (label == "No value" and not np.isfinite(number))
    assert len(bounds) == len(document["classBreakInfos"]), "labels differ"
    assert len({each.symbol for each in renderer.classes}) == len(renderer.classes)


def test_breaks_are_round_numbers(tmp_path: Path) -> None:
    zones = make_features(Polygon, POP=np.linspace(0.123456, 98_765.4321, 50))
    document, _ = declare(GraduatedColors("POP", 3, "equal interval"), Polygon, zones, tmp_path)
    assert [info["label"] for info in document["classBreakInfos"]] == [
        "0 - 32900",
        "32900 - 65800",
        "65800 - 98800",
    ]


def test_rounding_moves_no_crowd_into_another_class(tmp_path: Path) -> None:
    people = np.concatenate([np.full(60, 104), np.arange(200, 1200, 25)])
    zones = make_features(Polygon, POP=people)
    document, _ = declare(GraduatedColors("POP", 2, "quantile"), Polygon, zones, tmp_path)
    assert document["classBreakInfos"][0]["classMaxValue"] >= 104
    assert read(document, zones)[1][:60] == [document["classBreakInfos"][0]["label"]] * 60


@pytest.mark.parametrize(("kind", "member"), [(Point, "size"), (LineString, "width")])
def test_sizes_grow(tmp_path: Path, kind: Any, member: str) -> None:
    towns = make_features(kind, POP=np.arange(10))
    marker = GraduatedSymbols("POP", 3, "equal interval", (4, 10))
    document, _ = declare(marker, kind, towns, tmp_path)
    assert [info["symbol"][member] for info in document["classBreakInfos"]] == [4, 7, 10]
    assert read(document, towns)[1][-1] == "6 - 9"


def test_colours_go_from_the_first_to_the_last(tmp_path: Path) -> None:
    zones = make_features(Polygon, POP=np.arange(9))
    marker = GraduatedColors("POP", 3, "equal interval", ("#000000", "#ff0000", "#ffffff"))
    document, _ = declare(marker, Polygon, zones, tmp_path)
    colors = [info["symbol"]["color"][:3] for info in document["classBreakInfos"]]
    assert colors == [[0, 0, 0], [255, 0, 0], [255, 255, 255]]


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (
            np.array([1e-5, 2.5e-7, -0.0, 1e16, 1e22]),
            ["0", "0.00001", "2.5e-7", "10000000000000000", "1e+22"],
        ),
        (np.array([np.inf, np.nan, 2.0]), ["<Null>", "2"]),
        (np.array([True, False]), ["0", "1"]),
        (np.array([2**53 + 1, 7]), ["7", "9007199254740993"]),
        (np.array(["x" * 300, "y"], object), ["y"]),
    ],
    ids=["numbers as browsers write them", "no infinity in JSON", "truth", "large", "long text"],
)
def test_values_are_named_as_clients_read_them(tmp_path: Path, values: Any, classes: list[str]) -> None:
    places = make_features(Point, CODE=values)
    document, _ = declare(UniqueValues("CODE"), Point, places, tmp_path)
    names = [info["value"] for info in document["uniqueValueInfos"]]
    assert sorted(names) == sorted(classes)
    labels = read(document, places)[1]
    assert set(labels) - set(names) == ({"Other values"} if "y" in names else set())


def test_dates_are_dates_in_the_legend(tmp_path: Path) -> None:
    days = np.array(["2020-01-01", "1969-07-20"], "datetime64[ms]")
    document, _ = declare(UniqueValues("DAY"), Point, make_features(Point, DAY=days), tmp_path)
    infos = {info["value"]: info["label"] for info in document["uniqueValueInfos"]}
    assert infos == {"1577836800000": "2020-01-01 00:00:00", "-14256000000": "1969-07-20 00:00:00"}


def test_labels_are_a_field(tmp_path: Path) -> None:
    towns = make_features(Point, NAME=np.array(["Rom", "Ulm"], object))
    document, warnings = declare(LabelField("name"), Point, towns, tmp_path)
    (label,) = read_label_classes(document)
    assert (label.fields, document["type"], warnings) == (("NAME",), "simple", [])


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        (UniqueValues("NIX"), "there is no field 'NIX'"),
        (GraduatedColors("NIX"), "there is no field 'NIX'"),
        (GraduatedColors("NAME"), "NAME"),
        (GraduatedColors("VOID"), "no feature has a number in 'VOID'"),
        (LabelField("NIX"), "there is no field 'NIX'"),
        (LayerRenderer(BY_KIND), "there is no field 'KIND'"),
        (LayerRenderer({**SIMPLE, "labelingInfo": [{"labelExpression": "[NIX]"}]}), "no field 'NIX'"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_features_without_the_field_are_drawn_alike_with_a_warning(
    tmp_path: Path, marker: Any, told: str
) -> None:
    zones = make_features(Polygon, NAME=np.array(["a", "b"], object), VOID=np.array([np.nan, np.nan]))
    document, warnings = declare(marker, Polygon, zones, tmp_path)
    assert document == {}
    (warning,) = warnings
    assert warning.startswith("The layer is drawn without what its tool declares: ")
    assert told in warning


def test_no_features_need_no_classes(tmp_path: Path) -> None:
    nothing = make_features(Polygon, POP=np.array([1.0])).take(np.array([False]))
    assert declare(GraduatedColors("POP"), Polygon, nothing, tmp_path) == ({}, [])


@pytest.mark.parametrize("marker", [UniqueValues("USE"), LabelField("NAME"), LayerRenderer(BY_KIND)])
def test_no_features_need_no_fields(tmp_path: Path, marker: Any) -> None:
    nothing = FeatureSet(geometry_type="esriGeometryPolygon", spatial_reference=WGS84)
    assert declare(marker, Polygon, nothing, tmp_path) == ({}, [])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: UniqueValues("USE", {"wood": "green"}), "'green' is no colour"),
        (lambda: UniqueValues("USE", {str(n): "#ffffff" for n in range(101)}), "at most 100"),
        (lambda: UniqueValues("USE", {3: "#ffffff"}), "values as text"),  # type: ignore[dict-item]
        (lambda: GraduatedColors("POP", 1), "classes is 1, and not 2 to 32"),
        (lambda: GraduatedColors("POP", method="best"), "method is 'best'"),  # type: ignore[arg-type]
        (lambda: GraduatedColors("POP", colors=("#ffffff",)), "2 to 32 colours"),
        (lambda: GraduatedSymbols("POP", sizes=(9, 3)), "two rising sizes"),
        (lambda: GraduatedSymbols("POP", sizes=(9,)), "two rising sizes"),  # type: ignore[arg-type]
        (lambda: read_annotation(Annotated[Table, UniqueValues("USE")]), "does not belong to GPRecordSet"),
        (lambda: read_annotation(Annotated[Table, LabelField("USE")]), "does not belong to GPRecordSet"),
        (lambda: read_annotation(Annotated[FeatureSet[Point], LabelField("[")]), "without brackets"),
        (
            lambda: read_annotation(Annotated[FeatureSet[Polygon], GraduatedSymbols("POP")]),
            "GraduatedSymbols does not belong to esriGeometryPolygon",
        ),
    ],
)
def test_mistakes_of_authors(make: Any, told: str) -> None:
    with pytest.raises(AuthoringError, match=told.replace("[", r"\[")):
        make()


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"type": "heatmap"}, "'heatmap' is not a type of renderers"),
        ({"type": "simple", "symbol": {"type": "esriSMS"}}, "no symbol for esriGeometryPolygon"),
        ({**SIMPLE, "label": "x" * 100_000}, "at most 100,000 bytes"),
        ({**SIMPLE, "label": object()}, "takes JSON"),
        ({**SIMPLE, "labelingInfo": [{"labelExpression": ""}]}, "a label has no expression"),
        ({**SIMPLE, "labelingInfo": [{"symbol": ["esriTS"]}]}, "the symbol of a label"),
    ],
    ids=["type", "symbol", "size", "no JSON", "labels", "symbol of labels"],
)
def test_renderer_that_cannot_be_drawn_is_a_mistake_of_its_author(document: Any, told: str) -> None:
    def find_it() -> Any:
        """Find it."""

    find_it.__annotations__ = {"return": Annotated[FeatureSet[Polygon], LayerRenderer(document)]}
    with pytest.raises(AuthoringError, match=f"output 'output': .*{told}"):
        tool(find_it)


def test_renderer_of_a_tool_is_kept_as_it_is(tmp_path: Path) -> None:
    land = make_features(Polygon, KIND=np.array(["wood"], object))
    assert declare(LayerRenderer(BY_KIND), Polygon, land, tmp_path) == (BY_KIND, [])


def test_renderer_of_read_only_mappings_is_json(tmp_path: Path) -> None:
    document = MappingProxyType({**SIMPLE, "symbol": MappingProxyType(RED)})
    land = make_features(Polygon, KIND=np.array(["wood"], object))
    assert declare(LayerRenderer(document), Polygon, land, tmp_path) == (SIMPLE, [])


@pytest.mark.parametrize("marker", [UniqueValues("USE"), LabelField("USE")], ids=["symbology", "labels"])
@pytest.mark.parametrize("place", ["list", "input"])
def test_only_an_output_with_a_layer_is_drawn(marker: Any, place: str) -> None:
    """A list of feature sets has no layer, and an input has none: a marker would do nothing there."""

    def map_it(given: Any) -> Any:
        """Map it.

        Args:
            given: Land.
        """

    drawn = Annotated[FeatureSet[Polygon], marker]
    named = {"list": (FeatureSet, list[drawn]), "input": (drawn, int)}[place]  # type: ignore[valid-type]
    map_it.__annotations__ = dict(zip(("given", "return"), named, strict=True))
    with pytest.raises(AuthoringError, match="only an output of one feature set"):
        tool(map_it)
