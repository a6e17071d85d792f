"""A layer as one file: every row of it, or a sentence that says why not; never a part."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace

import pytest

from gpserverless.protocols.featureserver import whole_layer
from gpserverless.protocols.featureserver.whole_layer import MOST_BYTES, check_file, name_file
from tests.protocols.featureserver.conftest import PARCEL_COUNT
from tests.protocols.featureserver.layer_site import Folder, LayerSite

OTHER_WAYS = (
    "Query it page by page, or give it to FeaturesToFile of the service Files, which writes it as a job."
)
TOWN = "town/FeatureServer"


def test_geojson_has_every_feature_though_a_page_has_2000(site: LayerSite) -> None:
    answer = site.ask(f"{TOWN}/1/download", f="geojson")
    features = json.loads(answer.body)["features"]
    assert len(features) == PARCEL_COUNT
    assert {each["properties"]["VALUE"] for each in features} == {n * 0.5 for n in range(PARCEL_COUNT)}
    west = min(ring[0][0] for each in features for ring in each["geometry"]["coordinates"])
    assert 0 <= west < 0.001, "a file is in longitudes and latitudes"


def test_csv_has_every_feature(site: LayerSite) -> None:
    answer = site.ask(f"{TOWN}/1/download", f="csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="Parcels.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert len(rows) == PARCEL_COUNT


def test_kmz_has_every_feature(site: LayerSite) -> None:
    archive = zipfile.ZipFile(io.BytesIO(site.ask(f"{TOWN}/1/download", f="kmz").body))
    assert archive.read("doc.kml").count(b"<Placemark") == PARCEL_COUNT


def test_kmz_has_the_colours_of_the_layer(site: LayerSite) -> None:
    archive = zipfile.ZipFile(io.BytesIO(site.ask(f"{TOWN}/1/download", f="kmz").body))
    text = archive.read("doc.kml").decode()
    drawn = site.ask(f"{TOWN}/1").json["drawingInfo"]["renderer"]["symbol"]
    red, green, blue, opacity = drawn["color"]
    assert f"<PolyStyle><color>{opacity:02x}{blue:02x}{green:02x}{red:02x}</color><fill>1</fill>" in text
    assert text.count("<styleUrl>#c0</styleUrl>") == PARCEL_COUNT


def test_kmz_has_the_classes_of_the_renderer(folder: Folder) -> None:
    fill = {"type": "esriSFS", "style": "esriSFSSolid"}
    infos = [
        {"classMaxValue": last, "symbol": {**fill, "color": color}}
        for last, color in ((9, [255, 0, 0, 255]), (24, [0, 0, 255, 128]))
    ]
    renderer = {"type": "classBreaks", "field": "BLOCK", "minValue": 0, "classBreakInfos": infos}
    town = folder.services["town"]
    parcels = replace(town.layers[1], renderer=renderer)
    drawn = replace(folder, services={"town": replace(town, layers=(parcels,))})
    archive = zipfile.ZipFile(io.BytesIO(LayerSite(drawn).ask(f"{TOWN}/1/download", f="kmz").body))
    text = archive.read("doc.kml").decode()
    assert re.findall("<PolyStyle><color>(.*?)</color>", text) == ["ff0000ff", "80ff0000"]
    links = Counter(re.findall("<styleUrl>#(.*?)</styleUrl>", text))
    assert links == {"c0": 1000, "c1": 1500}, "a block has a hundred parcels, and the first ten are red"


def test_csv_has_every_row_of_a_table(site: LayerSite) -> None:
    rows = list(csv.DictReader(io.StringIO(site.ask(f"{TOWN}/2/download", f="csv").body.decode("utf-8-sig"))))
    assert [row["NOTE"] for row in rows] == ["x", "y", ""]


def test_layer_without_features_is_a_file_without_features(site: LayerSite) -> None:
    assert json.loads(site.ask(f"{TOWN}/3/download", f="geojson").body)["features"] == []


def test_heights_stay(site: LayerSite) -> None:
    (line,) = json.loads(site.ask(f"{TOWN}/4/download", f="geojson").body)["features"]
    assert [point[2] for point in line["geometry"]["coordinates"]] == [10.5, 11, 12.25]


@pytest.mark.parametrize(
    ("layer", "name", "sentence"),
    [
        (
            1,
            "json",
            "Parameter 'f': a whole layer is not written as json. Accepted: geojson, kmz, csv, gpkg, fgb.",
        ),
        (2, "geojson", "Parameter 'f': a whole layer is not written as geojson. Accepted: csv, gpkg."),
        (2, "fgb", "Parameter 'f': a whole layer is not written as fgb. Accepted: csv, gpkg."),
    ],
)
def test_format_that_cannot_hold_a_layer_is_refused(
    site: LayerSite, layer: int, name: str, sentence: str
) -> None:
    error = site.ask(f"{TOWN}/{layer}/download", f=name).json["error"]
    assert error["details"] == [sentence]


def test_layer_that_is_too_large_is_refused(site: LayerSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_layer, "MOST_BYTES", 1_000)
    (sentence,) = site.ask(f"{TOWN}/1/download", f="csv").json["error"]["details"]
    assert sentence.endswith(f"at most 1,000 are written as one file. {OTHER_WAYS}")


def test_file_that_is_not_handed_over_is_stored_under_its_name(
    site: LayerSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpserverless.http.response.MAX_BODY", 1_000)
    monkeypatch.setattr("gpserverless.http.response.MAX_HANDED_OVER", 1_000)
    answer = site.ask(f"{TOWN}/1/download", f="geojson")
    assert answer.status == 303
    assert len(json.loads(site.folder.stored[answer.headers["location"]])["features"]) == PARCEL_COUNT
    assert site.folder.names[-1] == "Parcels.geojson"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Parcels", "Parcels.csv"),
        ('a"; b\r\nSet-Cookie: x', "a_b_Set-Cookie_x.csv"),
        ("../../etc", "etc.csv"),
        ("Straße", "Stra_e.csv"),
        ("日本", "layer.csv"),
        ("x" * 500, f"{'x' * 60}.csv"),
    ],
)
def test_name_of_a_file_is_safe_in_a_header(site: LayerSite, title: str, name: str) -> None:
    manifest = site.folder.services["town"].layers[1].manifest
    assert name_file(replace(manifest, name=title), "csv") == name


def test_largest_layer_is_still_written(site: LayerSite) -> None:
    manifest = site.folder.services["town"].layers[1].manifest
    check_file(replace(manifest, size=MOST_BYTES), "csv")
