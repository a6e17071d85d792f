"""`time`: which rows an instant or a span finds, in layers of instants, of intervals, and without a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.featurelayers.write import LayerProperties, write_layer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import DATE, Field
from gpserverless.protocols.featureserver.ports import FeatureService, LayerReference
from gpserverless.values.spatial_reference import WGS84
from tests.protocols.featureserver.layer_site import Folder, LayerSite

YEAR = 31_536_000_000
QUAKES, FLOODS, PARCELS, VISITS, NEVER = (f"past/{number}" for number in range(5))
AT = [-3 * YEAR, 0, 0, None, 5 * YEAR, 9 * YEAR + 1]
BEGAN = [0, None, 4 * YEAR, None, 2 * YEAR]
ENDED = [YEAR, 3 * YEAR, None, None, 2 * YEAR]
DATES = [Field("AT", DATE), Field("BEGAN", DATE), Field("ENDED", DATE)]


def make_points(**columns: list[Any]) -> FeatureSet[Any]:
    count = len(next(iter(columns.values())))
    bare = FeatureSet.of(shapely.points(np.arange(count), 0), WGS84)
    return bare.with_columns({n: np.array(v, object) for n, v in columns.items()}, DATES)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> LayerSite:
    """Return a site with quakes at an instant, floods from a day to a day, parcels, visits, and nothing."""
    folder = Folder(tmp_path_factory.mktemp("past"))
    layers = {
        "Quakes": (make_points(AT=AT), ()),
        "Floods": (make_points(BEGAN=BEGAN, ENDED=ENDED), ("began", "ENDED")),
        "Parcels": (make_points(BEGAN=BEGAN, ENDED=ENDED), ()),
        "Visits": (Table().with_columns({"AT": np.array(AT, object)}, DATES), ()),
        "Never": (make_points(AT=[None]), ()),
    }
    references = []
    for number, (name, (rows, fields)) in enumerate(layers.items()):
        file = folder.path / f"{number}.sqlite"
        manifest = write_layer(rows, file, name, LayerProperties(time_fields=fields))
        references.append(LayerReference(number, manifest, str(file)))
    folder.services["past"] = FeatureService("past", tuple(references))
    return LayerSite(folder)


def find(site: LayerSite, layer: str, **fields: object) -> list[int]:
    document = site.query(layer, returnIdsOnly="true", **fields)
    assert "error" not in document, document
    return list(document["objectIds"])


SPANS = [
    ("", None, None),
    ("null", None, None),
    ("null,null", None, None),
    (" NULL , null ", None, None),
    ("0", 0, 0),
    ("1", 1, 1),
    (f"{5 * YEAR}", 5 * YEAR, 5 * YEAR),
    (f"0,{5 * YEAR}", 0, 5 * YEAR),
    (f"1, {5 * YEAR - 1}", 1, 5 * YEAR - 1),
    (f"{9 * YEAR + 1},null", 9 * YEAR + 1, None),
    (f"null,{-3 * YEAR}", None, -3 * YEAR),
    (f"{-3 * YEAR}.0,-1", -3 * YEAR, -1),
    (f"{3 * YEAR},{3 * YEAR}", 3 * YEAR, 3 * YEAR),
]


def is_asked(start: int | None, end: int | None) -> bool:
    return start is not None or end is not None


@pytest.mark.parametrize(("text", "start", "end"), SPANS)
@pytest.mark.parametrize("layer", [QUAKES, VISITS])
def test_instants(past: LayerSite, layer: str, text: str, start: int | None, end: int | None) -> None:
    low, high = -np.inf if start is None else start, np.inf if end is None else end
    known = [number for number, at in enumerate(AT, 1) if at is not None and low <= at <= high]
    assert find(past, layer, time=text) == (known if is_asked(start, end) else [1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize(("text", "start", "end"), SPANS)
def test_intervals(past: LayerSite, text: str, start: int | None, end: int | None) -> None:
    """One without a start has begun for ever, one without an end lasts for ever."""
    low, high = -np.inf if start is None else start, np.inf if end is None else end
    pairs = zip(BEGAN, ENDED, strict=True)
    spans = [(-np.inf if b is None else b, np.inf if e is None else e) for b, e in pairs]
    assert find(past, FLOODS, time=text) == [
        number for number, (began, ended) in enumerate(spans, 1) if began <= high and ended >= low
    ]


def test_every_answer_is_of_the_same_rows(past: LayerSite) -> None:
    span = {"time": f"0,{5 * YEAR}", "where": "OBJECTID > 2"}
    assert find(past, QUAKES, **span) == [3, 5]
    assert past.query(QUAKES, returnCountOnly="true", **span) == {"count": 2}
    extent = past.query(QUAKES, returnExtentOnly="true", **span)["extent"]
    assert (extent["xmin"], extent["xmax"]) == (2, 4)
    figures = [{"statisticType": "max", "onStatisticField": "AT", "outStatisticFieldName": "LAST"}]
    (row,) = past.query(QUAKES, outStatistics=figures, **span)["features"]
    assert row["attributes"] == {"LAST": 5 * YEAR}
    assert find(past, QUAKES, time="0", geometry="0,-1,1,1") == [2]
    assert [each["attributes"]["OBJECTID"] for each in past.query(QUAKES, **span)["features"]] == [3, 5]


def test_a_layer_without_a_time_is_never_asked_for_one(past: LayerSite) -> None:
    """It has two fields of dates, and nothing says which of them is its time."""
    assert find(past, PARCELS, time="null,null") == [1, 2, 3, 4, 5]
    sentence = past.refuse(PARCELS, time="0")
    assert "'time'" in sentence
    assert "has no time" in sentence
    assert "where" in sentence
    layers = past.ask("past/FeatureServer/query", layerDefs={"0": "", "2": ""}, time="0").json
    assert "'Parcels' has no time" in layers["error"]["details"][0]


def test_several_layers_at_once(past: LayerSite) -> None:
    both = past.ask(
        "past/FeatureServer/query", layerDefs={"0": "", "1": ""}, time=str(2 * YEAR), returnIdsOnly="true"
    ).json
    assert [each["objectIds"] for each in both["layers"]] == [[], [2, 4, 5]]


def test_a_feature_by_its_id_has_no_time(past: LayerSite) -> None:
    document = past.ask("past/FeatureServer/0/1", time="7").json
    assert document["feature"]["attributes"]["AT"] == AT[0]


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-01-01", "1,2,3", "1,", ",1", ",", "null,", "2,1", "1.5", "1e99", "[1,2]", "nan"],
)
def test_other_texts_are_refused(past: LayerSite, text: str) -> None:
    assert "'time'" in past.refuse(QUAKES, time=text)


@pytest.mark.parametrize(
    ("layer", "fields", "extent"),
    [
        (QUAKES, ("AT", None), [-3 * YEAR, 9 * YEAR + 1]),
        (FLOODS, ("BEGAN", "ENDED"), [0, 4 * YEAR]),
        (VISITS, ("AT", None), [-3 * YEAR, 9 * YEAR + 1]),
        (NEVER, ("AT", None), None),
    ],
)
def test_the_document_tells_the_time(
    past: LayerSite, layer: str, fields: tuple[str, str | None], extent: list[int] | None
) -> None:
    number = layer.partition("/")[2]
    info = past.ask(f"past/FeatureServer/{number}").json["timeInfo"]
    assert (info["startTimeField"], info["endTimeField"]) == fields
    assert info["timeExtent"] == extent
    assert info["timeReference"] == {"timeZone": "UTC", "respectsDaylightSaving": False}
    assert info["trackIdField"] is None


def test_no_time_no_document_of_it(past: LayerSite) -> None:
    assert "timeInfo" not in past.ask("past/FeatureServer/2").json


def test_a_declared_time_must_be_there(tmp_path: Any) -> None:
    with pytest.raises(InvalidValue, match="no field of dates 'WHEN'"):
        write_layer(make_points(AT=AT), tmp_path / "x.sqlite", "x", LayerProperties(time_fields=("WHEN",)))
