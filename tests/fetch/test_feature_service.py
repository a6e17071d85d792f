"""Features of layers: all pages as one feature set, whatever the server is able to do."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidValue
from gpserverless.fetch.feature_service import LayerReader
from gpserverless.fetch.http_fetcher import HttpFetcher
from gpserverless.fetch.layer_url import Layer, parse_layer
from gpserverless.formats.esri_json import decode_features, decode_table
from tests.fake_feature_server import (
    BUSY,
    LAYER,
    ODD,
    SECURED,
    SERVICES,
    TABLE,
    TOKEN,
    WITHOUT_PAGING,
    FakeFeatureServer,
)
from tests.odd_layers import REFUSED, WHOLE

HOST = "https://gis.example.org/server/rest/services"

ALL = (0, None)

LAYERS = [
    ({"url": f"{HOST}/A/FeatureServer/0"}, {"where": "1=1"}, "", ALL),
    ({"url": f"{HOST}/A/MapServer/12/"}, {"where": "1=1"}, "", ALL),
    ({"url": f"{HOST}/A/FeatureServer/0/query?f=json"}, {"where": "1=1"}, "", ALL),
    ({"url": f"{HOST}/A/FeatureServer/0?where=a%3D1"}, {"where": "a=1"}, "", ALL),
    ({"url": f"{HOST}/A/FeatureServer/0?token=t"}, {"where": "1=1"}, "t", ALL),
    ({"url": f"{HOST}/A/FeatureServer/0", "token": "t"}, {"where": "1=1"}, "t", ALL),
    ({"url": f"{HOST}/A/FeatureServer/0", "where": "b=2"}, {"where": "b=2"}, "", ALL),
    ({"url": f"{HOST}/A/FeatureServer/0", "time": "1,null"}, {"where": "1=1", "time": "1,null"}, "", ALL),
    (
        {"url": f"{HOST}/A/FeatureServer/0?where=a%3D1 OR b", "where": "b=2"},
        {"where": "(a=1 OR b) AND (b=2)"},
        "",
        ALL,
    ),
    (
        {"url": f"{HOST}/A/FeatureServer/0/query?outfields=a&resultRecordCount=5&objectids=1,2"},
        {"where": "1=1", "outFields": "a", "objectIds": "1,2"},
        "",
        (0, 5),
    ),
    ({"url": f"{HOST}/A/FeatureServer/0/query?RESULTOFFSET=7"}, {"where": "1=1"}, "", (7, None)),
]


@pytest.mark.parametrize(("given", "fields", "token", "part"), LAYERS)
def test_layer_is_found_in_its_url(
    given: dict[str, str], fields: dict[str, str], token: str, part: tuple[int, int | None]
) -> None:
    layer = parse_layer(Reference("features", **given))
    assert layer is not None
    assert layer.url.startswith(f"{HOST}/A/")
    assert (layer.fields, layer.token, (layer.offset, layer.most)) == (fields, token, part)


@pytest.mark.parametrize("path", ["/A/FeatureServer/0/1", "/x.json", "/A/GPServer/0", "/A/FeatureServer/x"])
def test_other_urls_are_files(path: str) -> None:
    assert parse_layer(Reference("features", url=HOST + path)) is None


@pytest.mark.parametrize("path", ["/A/FeatureServer", "/A/MapServer/", "/A/featureserver/query?where=1"])
def test_service_without_a_layer_is_refused(path: str) -> None:
    with pytest.raises(InvalidValue, match="names a service, and no layer of it") as caught:
        parse_layer(Reference("features", url=HOST + path))
    assert "Server/0" in caught.value.accepted or "server/0" in caught.value.accepted


@pytest.mark.parametrize("query", ["resultOffset=-1", "resultRecordCount=0", "resultRecordCount=many"])
def test_page_that_cannot_be_is_refused(query: str) -> None:
    with pytest.raises(InvalidValue, match="is no result"):
        parse_layer(Reference("features", url=f"{HOST}/A/FeatureServer/0/query?{query}"))


def test_coarser_coordinates_are_never_asked_for() -> None:
    query = (
        "maxAllowableOffset=100&quantizationParameters={}&geometryPrecision=2&resultType=tile&f=pbf"
        "&returnGeometry=false&returnCountOnly=true&returnExceededLimitFeatures=false&outSR=4326"
    )
    layer = parse_layer(Reference("features", url=f"{HOST}/A/FeatureServer/0/query?{query}"))
    assert layer is not None
    assert layer.fields == {"where": "1=1", "outSR": "4326"}


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


def test_clause_and_the_time_go_to_the_server(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    features = decode_features(read(fetcher, far.url + LAYER, where="pop > 5", time="10,20"))
    assert len(features) == 3
    assert [(q["where"], q["time"]) for q in far.queries()] == [("pop > 5", "10,20")]


def test_without_paging_features_are_asked_for_by_their_ids(
    far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    features = decode_features(read(fetcher, far.url + WITHOUT_PAGING))
    assert features.object_ids.tolist() == list(range(1, 901))
    assert [len(q["objectIds"].split(",")) for q in far.queries()] == [400, 400, 100]


def test_page_of_the_callers_choice_is_one_page(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    url = f"{far.url}{LAYER}/query?where=1%3D1&resultOffset=10&resultRecordCount=5"
    assert decode_features(read(fetcher, url)).object_ids.tolist() == [11, 12, 13, 14, 15]
    url = f"{far.url}{LAYER}/query?resultOffset=100&resultRecordCount=1500"  # more than it gives at once
    assert decode_features(read(fetcher, url)).object_ids.tolist() == list(range(101, 1_601))
    url = f"{far.url}{LAYER}/query?resultOffset=2400&resultRecordCount=1500"
    assert decode_features(read(fetcher, url)).object_ids.tolist() == list(range(2_401, 2_501))


@pytest.mark.parametrize("name", WHOLE)
def test_layer_is_read_whole(name: str, far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    features = decode_features(read(fetcher, f"{far.url}{ODD}/{name}/FeatureServer/0"))
    assert features.columns["name"].tolist() == [f"City {n}" for n in range(1, WHOLE[name].features + 1)]


@pytest.mark.parametrize("name", REFUSED)
def test_layer_that_cannot_be_read_whole_is_refused(
    name: str, far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    with pytest.raises(InvalidValue, match=REFUSED[name][1]):
        read(fetcher, f"{far.url}{ODD}/{name}/FeatureServer/0")


def test_part_of_a_layer_that_does_not_page(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    url = f"{far.url}{ODD}/ids-only/FeatureServer/0/query"
    with pytest.raises(InvalidValue, match="does not page, so resultOffset cannot be followed"):
        read(fetcher, f"{url}?resultOffset=5")
    with pytest.raises(InvalidValue, match="counts 3 features, and gives 10"):
        read(fetcher, f"{url}?resultRecordCount=3")


@pytest.mark.parametrize("query", ["outStatistics=[]", "returnDistinctValues=true"])
def test_statistics_are_one_answer(query: str, far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    url = f"{far.url}{ODD}/neither-pages-nor-ids-but-all-at-once/FeatureServer/0/query?{query}"
    with pytest.raises(InvalidValue, match="more rows than"):
        read(fetcher, url)  # 25 rows of a server that says 10 and has no flag
    url = f"{far.url}{ODD}/honest/FeatureServer/0/query?{query}"
    with pytest.raises(InvalidValue, match="more rows than"):
        read(fetcher, url)
    url = f"{far.url}{ODD}/empty/FeatureServer/0/query?{query}"
    assert len(decode_features(read(fetcher, url))) == 0


def test_order_of_the_caller_is_kept(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    for own, sent in [("name DESC", "name DESC,OBJECTID"), ("name,objectid desc", "name,objectid desc")]:
        read(fetcher, f"{far.url}{LAYER}/query?orderbyfields={own.replace(' ', '%20')}&resultRecordCount=2")
        assert far.queries()[-1]["orderByFields"] == sent


def test_object_ids_as_floats_are_whole_numbers(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    read(fetcher, f"{far.url}{ODD}/ids-as-floats/FeatureServer/0")
    assert far.queries()[0]["objectIds"] == ",".join(map(str, range(1, 11)))


def test_object_id_in_an_attribute_may_be_a_float(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    text = b'{"fields":[{"name":"OBJECTID","type":"esriFieldTypeOID"}],"features":[%s]}'
    rows = b'{"attributes":{"OBJECTID":6.4579816E7}},{"attributes":{"OBJECTID":64579817}}'
    assert decode_table(text % rows).object_ids.tolist() == [64579816, 64579817]


def test_table_has_rows(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    assert decode_table(read(fetcher, far.url + TABLE)).columns["name"].tolist() == ["Ann"]


def test_layer_without_features_still_has_its_schema(far: FakeFeatureServer, fetcher: HttpFetcher) -> None:
    features = decode_features(read(fetcher, f"{far.url}{LAYER}?count=0"))
    assert len(features) == 0
    assert [f.name for f in features.fields] == ["OBJECTID", "name"]


@pytest.mark.parametrize("where", ["", "?token="])
def test_secured_layer_is_read_with_its_token(
    where: str, far: FakeFeatureServer, fetcher: HttpFetcher
) -> None:
    more = {} if where else {"token": TOKEN}
    url = f"{far.url}{SECURED}{where}{TOKEN if where else ''}"
    assert len(decode_features(read(fetcher, url, **more))) == 2_500
    assert not any("token" in form for _, form, _ in far.seen)


def test_secured_layer_without_a_token_says_what_is_missing(
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
def test_busy_server_is_asked_again(
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
def test_server_that_stays_busy_is_given_up(
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
def test_answer_that_is_nonsense_is_refused(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = LayerReader(HttpFetcher.__new__(HttpFetcher), Layer("https://gis.example.org", {}), 10, 1_000)
    monkeypatch.setattr(reader._client, "_fetch", lambda url, fields: answer)
    with pytest.raises(InvalidValue):
        reader.write(io.BytesIO())


def test_text_of_the_other_server_is_short_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    said = orjson.dumps({"error": {"code": 400, "message": "a\r\nb\x1b" + "c" * 1_000}})
    reader = LayerReader(HttpFetcher.__new__(HttpFetcher), Layer("https://gis.example.org", {}), 10, 1_000)
    monkeypatch.setattr(reader._client, "_fetch", lambda url, fields: said)
    with pytest.raises(InvalidValue) as caught:
        reader.write(io.BytesIO())
    assert caught.value.problem.isprintable()
    assert len(caught.value.problem) < 400
