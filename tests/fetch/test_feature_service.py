"""Features of layers: all pages as one feature set, whatever the server is able to do."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch.feature_service import Layer, LayerReader, parse_layer
from gpserverless.fetch.http_fetcher import HttpFetcher
from gpserverless.formats.esri_json import decode_features, decode_table
from tests.fake_feature_server import (
    BUSY,
    LAYER,
    SECURED,
    SERVICES,
    TABLE,
    TOKEN,
    WITHOUT_PAGING,
    FakeFeatureServer,
)

HOST = "https://gis.example.org/server/rest/services"

LAYERS = [
    ({"url": f"{HOST}/A/FeatureServer/0"}, {"where": "1=1"}, "", False),
    ({"url": f"{HOST}/A/MapServer/12/"}, {"where": "1=1"}, "", False),
    ({"url": f"{HOST}/A/FeatureServer/0/query?f=json"}, {"where": "1=1"}, "", False),
    ({"url": f"{HOST}/A/FeatureServer/0?where=a%3D1"}, {"where": "a=1"}, "", False),
    ({"url": f"{HOST}/A/FeatureServer/0?token=t"}, {"where": "1=1"}, "t", False),
    ({"url": f"{HOST}/A/FeatureServer/0", "token": "t"}, {"where": "1=1"}, "t", False),
    ({"url": f"{HOST}/A/FeatureServer/0", "where": "b=2"}, {"where": "b=2"}, "", False),
    ({"url": f"{HOST}/A/FeatureServer/0", "time": "1,null"}, {"where": "1=1", "time": "1,null"}, "", False),
    (
        {"url": f"{HOST}/A/FeatureServer/0?where=a%3D1 OR b", "where": "b=2"},
        {"where": "(a=1 OR b) AND (b=2)"},
        "",
        False,
    ),
    (
        {"url": f"{HOST}/A/FeatureServer/0/query?outFields=a&resultRecordCount=5"},
        {"where": "1=1", "outFields": "a", "resultRecordCount": "5"},
        "",
        True,
    ),
]


@pytest.mark.parametrize(("given", "fields", "token", "one_page"), LAYERS)
def test_a_layer_is_found_in_its_url(
    given: dict[str, str], fields: dict[str, str], token: str, one_page: bool
) -> None:
    layer = parse_layer(Reference("features", **given))
    assert layer is not None
    assert layer.url.startswith(f"{HOST}/A/")
    assert (layer.fields, layer.token, layer.one_page) == (fields, token, one_page)


@pytest.mark.parametrize("path", ["/A/FeatureServer", "/A/FeatureServer/0/1", "/x.json", "/A/GPServer/0"])
def test_other_urls_are_files(path: str) -> None:
    assert parse_layer(Reference("features", url=HOST + path)) is None


def read(fetcher: HttpFetcher, url: str, most: int = 10_000, most_bytes: int = 10**8, **more: Any) -> bytes:
    layer = parse_layer(Reference("features", url=url, **more))
    assert layer is not None
    sink = io.BytesIO()
    LayerReader(fetcher, layer, most, most_bytes).write(sink)
    return sink.getvalue()


def test_pages_become_one_feature_set(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    features = decode_features(read(fetcher, far.url + LAYER))
    assert features.object_ids.tolist() == list(range(1, 2_501))
    assert features.spatial_reference is not None
    assert features.spatial_reference.wkid == 4326
    assert [q["resultOffset"] for q in far.queries()] == ["0", "1000", "2000"]
    assert {q["orderByFields"] for q in far.queries()} == {"OBJECTID"}


def test_the_clause_and_the_time_go_to_the_server(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    features = decode_features(read(fetcher, far.url + LAYER, where="pop > 5", time="10,20"))
    assert len(features) == 3
    assert [(q["where"], q["time"]) for q in far.queries()] == [("pop > 5", "10,20")]


def test_without_paging_features_are_asked_for_by_their_ids(
    far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    features = decode_features(read(fetcher, far.url + WITHOUT_PAGING))
    assert features.object_ids.tolist() == list(range(1, 901))
    assert len(far.queries()) == 1 + 3


def test_a_page_of_the_callers_choice_is_one_page(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    url = f"{far.url}{LAYER}/query?where=1%3D1&resultOffset=10&resultRecordCount=5"
    assert decode_features(read(fetcher, url)).object_ids.tolist() == [11, 12, 13, 14, 15]


def test_a_table_has_rows(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    assert decode_table(read(fetcher, far.url + TABLE)).columns["name"].tolist() == ["Ann"]


def test_a_layer_without_features_still_has_its_schema(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    features = decode_features(read(fetcher, f"{far.url}{LAYER}?count=0"))
    assert len(features) == 0
    assert [f.name for f in features.fields] == ["OBJECTID", "name"]


@pytest.mark.parametrize("where", ["", "?token="])
def test_a_secured_layer_is_read_with_its_token(
    where: str, far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    more = {} if where else {"token": TOKEN}
    url = f"{far.url}{SECURED}{where}{TOKEN if where else ''}"
    assert len(decode_features(read(fetcher, url, **more))) == 2_500
    assert not any("token" in form for _, form, _ in far.seen)


def test_a_secured_layer_without_a_token_says_what_is_missing(
    far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    with pytest.raises(InvalidValue, match="answered: 499 Token Required"):
        read(fetcher, far.url + SECURED)


TURNED_AWAY = [
    [(429, {"retry_after": "2"}, {})],
    [(503, {}, {}), (429, {"retry_after": "1"}, {})],
    [(200, {}, {"error": {"code": 429, "message": "Too many requests."}})],
]


@pytest.mark.parametrize("busy", TURNED_AWAY)
def test_a_busy_server_is_asked_again(
    busy: list[Any], far: FakeFeatureServer, fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(fetcher, "pause", pauses.append)
    far.busy.extend(busy)
    assert len(decode_features(read(fetcher, far.url + BUSY))) == 2_500
    assert len(pauses) == len(busy)
    assert sum(pauses) == {1: 2.0, 2: 2.0}[len(busy)]


@pytest.mark.parametrize(
    ("status", "headers"), [(429, {"retry_after": "3600"}), (503, {}), (200, {})], ids=str
)
def test_a_server_that_stays_busy_is_given_up(
    status: int,
    headers: dict[str, str],
    far: FakeFeatureServer,
    fetcher: HttpFetcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetcher, "pause", lambda seconds: None)
    far.busy[:] = [(status, headers, {"error": {"code": 503, "message": "Try later."}})] * 4
    try:
        with pytest.raises(InvalidValue, match=r"HTTP (429|503)|503 Try later"):
            read(fetcher, far.url + BUSY)
    finally:
        far.busy.clear()


REFUSALS = [
    (f"{LAYER}?where=broken", {}, "answered: 400 Cannot perform query. 'broken'"),
    (LAYER, {"most": 2_499}, "more than 2,499 features"),
    (WITHOUT_PAGING, {"most": 899}, "more than 899 features"),
    (LAYER, {"most_bytes": 20_000}, "larger than"),
    (f"{SERVICES}/Page/FeatureServer/0", {}, "did not answer in JSON"),
    (f"{SERVICES}/Nothing/FeatureServer/0", {}, "HTTP 404"),
]


@pytest.mark.parametrize(("path", "limits", "problem"), REFUSALS)
def test_what_cannot_be_read_is_told(
    path: str, limits: dict[str, int], problem: str, far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    with pytest.raises(InvalidValue, match=problem):
        read(fetcher, far.url + path, **limits)


NONSENSE = [
    b"[]",
    b"{}",
    b'{"features":{}}',
    b'{"features":1}',
    b"null",
    b'{"error":[1]}',
    b'{"error":{}}',
    b"{",
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_an_answer_that_is_nonsense_is_refused(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = LayerReader(HttpFetcher.__new__(HttpFetcher), Layer("https://gis.example.org", {}), 10, 1_000)
    monkeypatch.setattr(reader, "_fetch", lambda url, fields: answer)
    with pytest.raises(InvalidValue):
        reader.write(io.BytesIO())


def test_the_text_of_the_far_side_is_short_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    said = orjson.dumps({"error": {"code": 400, "message": "a\r\nb\x1b" + "c" * 1_000}})
    reader = LayerReader(HttpFetcher.__new__(HttpFetcher), Layer("https://gis.example.org", {}), 10, 1_000)
    monkeypatch.setattr(reader, "_fetch", lambda url, fields: said)
    with pytest.raises(InvalidValue) as caught:
        reader.write(io.BytesIO())
    assert caught.value.problem.isprintable()
    assert len(caught.value.problem) < 400
