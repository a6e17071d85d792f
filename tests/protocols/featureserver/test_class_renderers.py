"""`generateRenderer` with classes: what it answers, and that the map draws each feature in its class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.drawing.renderer import NOT_DRAWN, read_renderer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import DOUBLE, INTEGER, Field
from gpserverless.values.spatial_reference import WGS84
from tests.protocols.featureserver.layer_site import Folder, LayerSite

COUNT = 3_000
PATH = "zones/FeatureServer"
POLYGON = "esriGeometryPolygon"
OUTLINE = {"type": "esriSLS", "style": "esriSLSSolid", "color": [9, 9, 9, 255], "width": 2}
SYMBOL = {"type": "esriSFS", "style": "esriSFSSolid", "color": [1, 2, 3, 255], "outline": OUTLINE}
RAMP = {"type": "algorithmic", "algorithm": "esriHSVAlgorithm", "fromColor": [255, 0, 0, 255],
        "toColor": [0, 0, 255, 255]}  # fmt: skip


def make_zones() -> FeatureSet[Any]:
    chance = np.random.default_rng(23)
    x = np.arange(COUNT) % 60
    numbers = chance.lognormal(3, 1, COUNT).round(2)
    columns = {
        "POP": np.where(x % 13 == 0, np.nan, numbers),
        "AREA": chance.uniform(1, 9, COUNT).round(1) * (x % 17 > 0),
        "KIND": np.array([["a", "b", None, "a,b", ""][i % 5] for i in range(COUNT)], object),
        "CODE": np.array([None if i % 7 == 0 else i % 3 for i in range(COUNT)], object),
    }
    shapes = shapely.box(x, x, x + 1, x + 1)
    fields = [Field("POP", DOUBLE), Field("AREA", DOUBLE), Field("CODE", INTEGER)]
    return FeatureSet.of(shapes, WGS84).with_columns(columns, fields)


@pytest.fixture(scope="module")
def zones() -> FeatureSet[Any]:
    return make_zones()


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory, zones: FeatureSet[Any]) -> LayerSite:
    path: Path = tmp_path_factory.mktemp("zones")
    folder = Folder(path)
    folder.publish("zones", {"Zones": zones, "Rows": Table(zones.fields, zones.columns)})
    return LayerSite(folder)


def generate(site: LayerSite, definition: object, layer: int = 0, method: str = "GET", **fields: str) -> Any:
    return site.ask(f"{PATH}/{layer}/generateRenderer", method, classificationDef=definition, **fields).json


def define_breaks(method: str = "NaturalBreaks", **members: object) -> dict[str, object]:
    return {
        "type": "classBreaksDef",
        "classificationField": "pop",
        "classificationMethod": f"esriClassify{method}",
        "breakCount": 5,
        **members,
    }


METHODS = ["NaturalBreaks", "EqualInterval", "Quantile", "StandardDeviation", "GeometricalInterval"]
NORMALIZED = {
    "": lambda pop, area, total: pop,
    "esriNormalizeByField": lambda pop, area, total: pop / area,
    "esriNormalizeByLog": lambda pop, area, total: np.log10(pop),
    "esriNormalizeByPercentOfTotal": lambda pop, area, total: pop / total * 100,
}


@pytest.mark.parametrize("kind", NORMALIZED)
@pytest.mark.parametrize("method", METHODS)
def test_the_map_draws_every_number_in_its_class(
    land: LayerSite, zones: FeatureSet[Any], method: str, kind: str
) -> None:
    members = {"normalizationType": kind, "normalizationField": "AREA"} if kind else {}
    asked = {"where": "POP > 1.5"} if kind == "esriNormalizeByLog" else {}
    document = generate(land, define_breaks(method, **members), **asked)
    total = document.get("normalizationTotal", 0)
    with np.errstate(all="ignore"):
        numbers = NORMALIZED[kind](zones.numbers("POP"), zones.numbers("AREA"), total)
    assert total == (pytest.approx(np.nansum(zones.numbers("POP"))) if "Percent" in kind else 0)
    known = np.isfinite(numbers) & ((zones.numbers("POP") > 1.5) | (not asked))
    tops = [info["classMaxValue"] for info in document["classBreakInfos"]]
    assert document["minValue"] == numbers[known].min()
    assert tops[-1] == numbers[known].max()
    assert tops == sorted(set(tops))
    classes = read_renderer(document, POLYGON).number_classes(zones)
    wanted = np.searchsorted(tops, numbers)
    assert (classes[known] == wanted[known]).all()
    if not asked:
        assert (classes[~known] == NOT_DRAWN).all()
    assert len(tops) == (5 if method != "StandardDeviation" else len(tops))


def test_quantiles_have_as_many_features_each(land: LayerSite, zones: FeatureSet[Any]) -> None:
    document = generate(land, define_breaks("Quantile", breakCount=4), method="POST")
    classes = read_renderer(document, POLYGON).number_classes(zones)
    counts = np.bincount(classes[classes >= 0])
    assert counts.max() - counts.min() <= 5  # some numbers are equal


@pytest.mark.parametrize(
    ("fields", "delimiter"), [(["KIND"], ","), (["CODE"], ","), (["kind", "CODE"], "; ")]
)
def test_the_map_draws_every_value_in_its_class(
    land: LayerSite, zones: FeatureSet[Any], fields: list[str], delimiter: str
) -> None:
    document = generate(
        land, {"type": "uniqueValueDef", "uniqueValueFields": fields, "fieldDelimiter": delimiter}
    )
    columns = [zones.column(name).tolist() for name in fields]
    rows = [tuple(values) for values in zip(*columns, strict=True)]
    different = set(rows)
    infos = document["uniqueValueInfos"]
    counted = {info["value"]: info["count"] for info in infos}
    name = {row: delimiter.join("<Null>" if v is None else str(v) for v in row) for row in different}
    assert counted == {name[row]: rows.count(row) for row in different}
    classes = read_renderer(document, POLYGON).number_classes(zones)
    assert (classes >= 0).all()
    drawn = [infos[number]["value"] for number in classes.tolist()]
    assert [text.replace("<Null>", "") for text in drawn] == [name[row].replace("<Null>", "") for row in rows]


def test_a_condition_chooses_the_rows(land: LayerSite, zones: FeatureSet[Any]) -> None:
    document = generate(land, define_breaks("EqualInterval"), where="POP BETWEEN 10 AND 20")
    pop = zones.numbers("POP")
    chosen = pop[(pop >= 10) & (pop <= 20)]
    tops = [info["classMaxValue"] for info in document["classBreakInfos"]]
    assert [document["minValue"], *tops] == pytest.approx(np.linspace(chosen.min(), chosen.max(), 6).tolist())
    values = {"type": "uniqueValueDef", "uniqueValueFields": ["KIND"]}
    assert [info["value"] for info in generate(land, values, where="KIND = 'b'")["uniqueValueInfos"]] == ["b"]


def test_symbols_and_colours_are_those_of_the_request(land: LayerSite) -> None:
    document = generate(land, define_breaks(breakCount=3, baseSymbol=SYMBOL, colorRamp=RAMP))
    symbols = [info["symbol"] for info in document["classBreakInfos"]]
    assert [symbol["color"] for symbol in symbols] == [[255, 0, 0, 255], [255, 0, 255, 255], [0, 0, 255, 255]]
    assert {symbol["outline"]["width"] for symbol in symbols} == {2}
    ours = generate(land, {"type": "uniqueValueDef", "uniqueValueFields": ["KIND"]})["uniqueValueInfos"]
    assert len({tuple(info["symbol"]["color"]) for info in ours}) == len(ours)


def test_classes_of_a_table_have_no_symbols(land: LayerSite) -> None:
    document = generate(land, define_breaks(), layer=1)
    assert len(document["classBreakInfos"]) == 5
    assert all("symbol" not in info for info in document["classBreakInfos"])
    assert "not drawn" in generate(land, {}, layer=1)["error"]["details"][0]


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ([1], "no object"),
        ({"type": "x"}, "no type of definitions"),
        ({"type": "uniqueValueDef"}, "uniqueValueFields"),
        ({"type": "uniqueValueDef", "uniqueValueFields": ["KIND"] * 4}, "uniqueValueFields"),
        ({"type": "uniqueValueDef", "uniqueValueFields": [["KIND"]]}, "no field"),
        ({"type": "uniqueValueDef", "uniqueValueFields": ["KIND"], "fieldDelimiter": ""}, "fieldDelimiter"),
        (define_breaks("Manual"), "the method"),
        (define_breaks(classificationMethod=["x"]), "the method"),
        (define_breaks(classificationField="KIND"), "holds no numbers"),
        (define_breaks(classificationField="NOPE"), "no field"),
        (define_breaks(breakCount=0), "breakCount"),
        (define_breaks(breakCount=33), "breakCount"),
        (define_breaks(breakCount="5"), "breakCount"),
        (define_breaks("StandardDeviation", standardDeviationInterval=2), "standardDeviationInterval"),
        (define_breaks(normalizationType="esriNormalizeByX"), "the normalization"),
        (define_breaks(normalizationType="esriNormalizeByField"), "no field"),
        (define_breaks(baseSymbol={"type": "esriSLS"}), "esri"),
        (define_breaks(colorRamp={"type": "preset"}), "ramp"),
        (define_breaks(colorRamp={**RAMP, "toColor": [1, 2]}), "toColor"),
        (define_breaks(colorRamp={**RAMP, "algorithm": "x"}), "algorithm"),
        (define_breaks(colorRamp={"type": "multipart", "colorRamps": [1]}), "algorithm"),
    ],
)  # fmt: skip
def test_wrong_definitions_are_refused(land: LayerSite, definition: object, words: str) -> None:
    (sentence,) = generate(land, definition)["error"]["details"]
    assert "'classificationDef'" in sentence
    assert words in sentence


def test_rows_that_make_no_classes_are_refused(land: LayerSite) -> None:
    (sentence,) = generate(land, define_breaks(), where="POP IS NULL")["error"]["details"]
    assert "no row has a number" in sentence
    (sentence,) = generate(land, define_breaks(), where="NOPE = 1")["error"]["details"]
    assert "'where'" in sentence


ALIKE = {
    "a text that is written as null is": (["KIND"], [("<Null>", "x"), (None, "x")], ","),
    "a delimiter in the texts": (["KIND", "CODE"], [("a,b", "c"), ("a", "b,c")], ","),
    "null, and a text that is written alike": (["KIND", "CODE"], [("a", None), ("a", "<Null>")], ";"),
}


@pytest.mark.parametrize(("fields", "rows", "delimiter"), ALIKE.values(), ids=list(ALIKE))
def test_classes_of_one_name_are_refused(
    tmp_path: Path, fields: list[str], rows: list[tuple[str | None, str | None]], delimiter: str
) -> None:
    columns = {
        name: np.array(values, object)
        for name, values in zip(("KIND", "CODE"), zip(*rows, strict=True), strict=True)
    }
    folder = Folder(tmp_path)
    folder.publish("zones", {"Rows": Table().with_columns(columns)})
    definition = {"type": "uniqueValueDef", "uniqueValueFields": fields, "fieldDelimiter": delimiter}
    (sentence,) = generate(LayerSite(folder), definition)["error"]["details"]
    assert "have the same name" in sentence
    assert "another fieldDelimiter" in sentence
    if len(fields) == 2 and delimiter == ",":
        found = generate(LayerSite(folder), {**definition, "fieldDelimiter": "|"})["uniqueValueInfos"]
        assert {info["value"] for info in found} == {"a,b|c", "a|b,c"}


def test_numbers_that_are_infinite_are_null_as_in_their_json(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    rate = np.array([np.inf, 2.5, np.nan, -np.inf, 1e-5])
    folder.publish("zones", {"Rows": Table().with_columns({"RATE": rate})})
    found = generate(LayerSite(folder), {"type": "uniqueValueDef", "uniqueValueFields": ["RATE"]})
    counts = {info["value"]: info["count"] for info in found["uniqueValueInfos"]}
    assert counts == {"<Null>": 3, "0.00001": 1, "2.5": 1}
