"""Fields of a query with two names, for several others, or of newer servers: none is left out silently.

The names and their meaning are those of ArcGIS' reference ("Query (Feature Service/Layer)").
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import Table
from gpserverless.http.form import Fields
from gpserverless.http.request import Request
from gpserverless.protocols.featureserver.search_text import read_search
from tests.protocols.featureserver.conftest import PARCELS, PLACES
from tests.protocols.featureserver.layer_site import Folder, LayerSite

SUMS = {
    "outStatistics": [
        {"statisticType": "count", "onStatisticField": "OBJECTID", "outStatisticFieldName": "N"}
    ],
    "groupByFieldsForStatistics": "POP",
}
COPIED = (
    "where=1%3D1&objectIds=&time=&geometry=&geometryType=esriGeometryEnvelope&inSR=&defaultSR="
    "&spatialRel=esriSpatialRelIntersects&resultType=none&distance=0.0&units=esriSRUnit_Meter&relationParam="
    "&returnGeodetic=false&outFields=*&returnGeometry=true&featureEncoding=esriDefault&multipatchOption=xyFootprint"
    "&maxAllowableOffset=&geometryPrecision=&outSR=&datumTransformation=&applyVCSProjection=false"
    "&returnIdsOnly=false&returnUniqueIdsOnly=false&returnCountOnly=false&returnExtentOnly=false"
    "&returnQueryGeometry=false&returnDistinctValues=false&cacheHint=false&orderByFields="
    "&groupByFieldsForStatistics=&outStatistics=&having=&havingClause=&fullText=&uniqueIds=&resultOffset="
    "&resultRecordCount=&returnZ=false&returnM=false&returnExceededLimitFeatures=true&quantizationParameters="
    "&sqlFormat=none&timeRelation=esriTimeRelationOverlaps&token="
)
"""What the form of a directory sends, as people copy it into their programs."""


def test_the_form_of_a_directory_asks_for_everything(site: LayerSite) -> None:
    fields = dict(pair.split("=") for pair in COPIED.replace("%3D", "%").split("&"))
    fields["where"] = fields["where"].replace("%", "=")
    assert site.query(PLACES, **fields) == site.query(PLACES, outFields="*")


@pytest.mark.parametrize("name", ["having", "havingClause", "HAVINGCLAUSE"])
def test_a_condition_on_groups_has_two_names(site: LayerSite, name: str) -> None:
    rows = site.query(PLACES, **SUMS, **{name: "COUNT(OBJECTID) > 1"})["features"]
    assert [row["attributes"] for row in rows] == [{"POP": 20, "N": 2}]


@pytest.mark.parametrize("name", ["having", "havingClause"])
def test_a_condition_on_groups_needs_groups(site: LayerSite, name: str) -> None:
    assert "no groups" in site.refuse(PLACES, **{name: "COUNT(OBJECTID) > 1"})


def test_one_reference_for_all_fields(site: LayerSite) -> None:
    box, extent = "9.99,49.99,10.01,50.01", {"xmin": 9, "ymin": 49, "xmax": 11, "ymax": 51}
    grid: dict[str, Any] = {"tolerance": 10, "extent": extent}
    degrees = {"outSR": "4326", "inSR": "4326"}
    both = site.query(PLACES, geometry=box, **degrees)
    assert len(both["features"]) == 1
    assert site.query(PLACES, geometry=box, defaultSR="4326") == both
    ours = {"geometry": "1113194,6446275,1113196,6446277", "quantizationParameters": grid}
    metres = site.query(PLACES, **ours, inSR="3857", outSR="3857")
    assert len(metres["features"]) == 1
    assert site.query(PLACES, **ours, defaultSR="3857") == metres
    mixed = site.query(PLACES, geometry=box, quantizationParameters=grid, outSR="3857", defaultSR="4326")
    named = {**grid, "extent": {**extent, "spatialReference": {"wkid": 4326}}}
    assert mixed == site.query(PLACES, geometry=box, quantizationParameters=named, outSR="3857", inSR="4326")
    assert "'defaultSR'" in site.refuse(PARCELS, defaultSR="1")


@pytest.mark.parametrize(
    ("fields", "accepted"),
    [
        ({"fullText": [{"onFields": ["NAME"], "searchTerm": "A1"}]}, "LIKE"),
        ({"uniqueIds": "10"}, "objectIds"),
        ({"returnUniqueIdsOnly": "true"}, "returnIdsOnly"),
        ({"time": "0", "timeRelation": "esriTimeRelationAfter"}, "esriTimeRelationOverlaps"),
    ],
)
def test_what_would_choose_other_rows_is_refused(
    site: LayerSite, fields: dict[str, Any], accepted: str
) -> None:
    sentence = site.refuse(PLACES, **fields)
    assert f"'{list(fields)[-1]}'" in sentence
    assert accepted in sentence


TEXTS = ["Bad Berka", "bad", "100 % wool", "100 !% wool", "a_b", "axb", "O'Hara", None]


@pytest.fixture
def words(tmp_path: Path) -> LayerManifest:
    table = Table().with_columns({"N": np.arange(8), "WORD": np.array(TEXTS, object)})
    return write_layer(table, tmp_path / "words.sqlite", "Words")


def search(manifest: LayerManifest, **fields: str) -> Any:
    return read_search(Request("GET", "", (), Fields(urlencode(fields)), Fields(""), {}, ""), manifest)


@pytest.mark.parametrize("text", ["Bad", "bad", "a", "100 %", "% w", "!", "_", "'", "O'H", "%", "zz"])
def test_a_text_is_looked_for_as_it_is(tmp_path: Path, words: LayerManifest, text: str) -> None:
    folder = Folder(tmp_path)
    folder.publish("words", {"Words": Table().with_columns({"WORD": np.array(TEXTS, object)})})
    found = LayerSite(folder).query("words/0", **search(words, text=text), outFields="WORD")["features"]
    assert [each["attributes"]["WORD"] for each in found] == [t for t in TEXTS if t is not None and text in t]


@pytest.mark.parametrize("name", ["SELECT", "from", 'say "a"', "x]y", "größe"])
def test_a_text_is_looked_for_in_a_field_of_any_name(tmp_path: Path, name: str) -> None:
    folder = Folder(tmp_path)
    rows = Table().with_columns({name: np.array(["Bad", "Ulm"], object)})
    folder.publish("words", {"Words": rows})
    manifest = write_layer(rows, tmp_path / "words.sqlite", "Words")
    found = LayerSite(folder).query("words/0", **search(manifest, text="Ba"), outFields="*")["features"]
    assert [each["attributes"][name] for each in found] == ["Bad"]


def test_a_text_gives_way_to_a_condition(words: LayerManifest) -> None:
    assert search(words, text="Bad", where="N = 1") == {}
    assert search(words, text=" ") == {}
    assert list(search(words, text="Bad", where="")) == ["where"]


def test_a_text_that_cannot_be_looked_for_is_refused(tmp_path: Path, words: LayerManifest) -> None:
    with pytest.raises(InvalidParameter, match="'text'"):
        search(words, text="x" * 4_000)
    numbers = write_layer(Table().with_columns({"N": np.arange(3)}), tmp_path / "numbers.sqlite", "Numbers")
    with pytest.raises(InvalidParameter, match="no field of texts"):
        search(numbers, text="1")
