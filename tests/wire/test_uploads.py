"""Uploads over HTTP, as the clients send them: at once, in parts, and straight to the store."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

SYNC, ASYNC = "Conformance/Sync", "Conformance/Async"
UPLOADS = f"{SERVICES}/{SYNC}/GPServer/uploads"
ITEM = {"itemID", "itemName", "description", "date", "committed"}


def send(site: Site, path: str, *files: tuple[str, bytes], field: str = "file", **fields: str) -> Any:
    """Return the JSON of a multipart POST."""
    form: list[Any] = [("f", "json"), *fields.items(), *((field, file) for file in files)]
    response = site.pool.request("POST", site.url + path, fields=form)
    assert response.status == 200, (response.status, response.data[:500])
    return orjson.loads(response.data)


def echo_reference(site: Site, item: str) -> bytes:
    """Return the content of an item as a task reads it."""
    url = site.execute(SYNC, "Echo", In_GPDataFile=f'{{"itemID":"{item}"}}')["Out_GPDataFile"]["url"]
    return site.pool.request("GET", url).data


def test_service_describes_that_it_takes_uploads(site: Site) -> None:
    assert site.get(f"{SERVICES}/{SYNC}/GPServer")["capabilities"] == "Uploads"
    assert site.get(f"{SERVICES}/Samples/GPServer")["capabilities"] == ""
    assert site.get(f"{SERVICES}/Samples/GPServer/uploads/info")["error"]["code"] == 404


def test_info_has_the_limits(site: Site) -> None:
    info = site.get(f"{UPLOADS}/info")
    assert info["maxUploadFileSize"] == 4
    assert info["maxItemSize"] == 5120
    assert "zip" in info["allowedExtensions"]
    assert site.get(UPLOADS)["resources"] == ["info"]


def test_file_is_uploaded_shown_used_downloaded_and_deleted(site: Site) -> None:
    answer = send(site, f"{UPLOADS}/upload", ("towns.csv", b"a,b\n"), description="of the canton")
    assert answer["success"] is True
    item = answer["item"]
    assert item.keys() == ITEM
    assert (item["itemName"], item["description"], item["committed"]) == ("towns.csv", "of the canton", True)
    path = f"{UPLOADS}/{item['itemID']}"
    assert site.get(path) == item
    assert echo_reference(site, item["itemID"]) == b"a,b\n"
    download = site.pool.request("GET", f"{site.url}{path}/download")
    assert download.data == b"a,b\n"
    assert download.headers["content-disposition"].startswith('attachment; filename="towns.csv"')
    assert site.post(f"{path}/delete") == {"success": True}
    assert site.get(path)["error"]["code"] == 404
    assert "there is no upload" in site.refusal(
        SYNC, "Echo", In_GPDataFile=f'{{"itemID":"{item["itemID"]}"}}'
    )


@pytest.mark.parametrize("description", [{}, {"description": ""}])
def test_absent_description_is_null(site: Site, description: dict[str, str]) -> None:
    answer = send(site, f"{UPLOADS}/upload", ("a.csv", b""), **description)
    assert answer["item"]["description"] is None


@pytest.mark.parametrize("part", ["partId", "partNumber", "partID"])
@pytest.mark.parametrize("file", ["file", "partFile"])
def test_parts_have_different_names_in_different_clients(site: Site, part: str, file: str) -> None:
    registered = site.post(f"{UPLOADS}/register", {"itemName": "a.txt"})
    assert registered["item"]["committed"] is False
    path = f"{UPLOADS}/{registered['item']['itemID']}"
    for number, body in ((2, b"b"), (1, b"a")):
        answer = send(site, f"{path}/uploadPart", ("blob", body), field=file, **{part: str(number)})
        assert answer == registered
    assert site.get(f"{path}/parts") == {"parts": [1, 2]}
    assert site.post(f"{path}/commit")["item"]["committed"] is True
    assert echo_reference(site, registered["item"]["itemID"]) == b"ab"


@pytest.mark.parametrize(
    "parts", [[("parts", "2,1")], [("parts", "2"), ("parts", "1")], [("parts", "[2, 1]")]]
)
def test_parts_are_joined_in_the_order_of_the_caller(site: Site, parts: list[tuple[str, str]]) -> None:
    item = site.post(f"{UPLOADS}/register", {"itemName": "a.txt"})["item"]["itemID"]
    for number, body in ((1, b"a"), (2, b"b")):
        send(site, f"{UPLOADS}/{item}/uploadPart", ("blob", body), partId=str(number))
    site.pool.request(
        "POST", f"{site.url}{UPLOADS}/{item}/commit", fields=[("f", "json"), *parts], encode_multipart=False
    )
    assert echo_reference(site, item) == b"ba"


def test_file_goes_straight_to_the_store(site: Site) -> None:
    answer = site.post(f"{UPLOADS}/register", {"itemName": "large.zip", "presigned": "true"})
    item, upload = answer["item"]["itemID"], answer["upload"]
    early = site.post(f"{UPLOADS}/{item}/commit")
    assert early["error"]["details"] == ["Nothing has been uploaded for this item yet."]
    body = b"zip" * 3_000_000
    sent = site.pool.request("POST", upload["url"], fields={**upload["fields"], "file": ("large.zip", body)})
    assert sent.status == 204
    other = site.post(f"{UPLOADS}/{item}/commit", {"checksum": "0" * 32})
    assert "md5 of what was uploaded is another" in other["error"]["details"][0]
    md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
    assert site.post(f"{UPLOADS}/{item}/commit", {"checksum": md5})["item"]["committed"] is True
    assert echo_reference(site, item) == body


def test_upload_is_an_input_of_jobs_of_its_service_only(site: Site) -> None:
    features = b'{"geometryType":"esriGeometryPoint","features":[{"geometry":{"x":1,"y":2},"attributes":{}}]}'
    path = f"{SERVICES}/{ASYNC}/GPServer/uploads/upload"
    item = send(site, path, ("points.json", features))["item"]["itemID"]
    job = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=f'{{"itemID":"{item}"}}')
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    value = site.get(f"{job}/results/Out_GPFeatureRecordSetLayer")["value"]
    assert value["features"][0]["geometry"] == {"x": 1.0, "y": 2.0}
    elsewhere = site.refusal(SYNC, "Echo", In_GPFeatureRecordSetLayer=f'{{"itemID":"{item}"}}')
    assert "there is no upload" in elsewhere


REFUSED: list[tuple[str, dict[str, str], tuple[tuple[str, bytes], ...], int]] = [
    ("upload", {}, (), 400),
    ("upload", {}, (("a.csv", b"x"), ("b.csv", b"x")), 400),
    ("upload", {}, (("a.exe", b"x"),), 400),
    ("upload", {}, (("a", b"x"),), 400),
    ("register", {}, (), 400),
    ("register", {"itemName": "a.html"}, (), 400),
    ("i00000000-0000-0000-0000-000000000000/commit", {}, (), 404),
    ("i00000000-0000-0000-0000-000000000000/uploadPart", {"partId": "1"}, (("p", b"x"),), 404),
    ("i00000000-0000-0000-0000-000000000000/uploadPart", {"partId": "NaN"}, (("p", b"x"),), 400),
    ("i00000000-0000-0000-0000-000000000000/commit", {"parts": "1,x"}, (), 400),
    ("i00000000-0000-0000-0000-000000000000/commit", {"parts": "[1"}, (), 400),
    ("i00000000-0000-0000-0000-000000000000/nothing", {}, (), 400),
]


@pytest.mark.parametrize(("path", "fields", "files", "code"), REFUSED)
def test_impossible_operation_is_refused(
    site: Site, path: str, fields: dict[str, str], files: tuple[tuple[str, bytes], ...], code: int
) -> None:
    assert send(site, f"{UPLOADS}/{path}", *files, **fields)["error"]["code"] == code


@pytest.mark.parametrize("operation", ["upload", "register", "x/uploadPart", "x/commit", "x/delete"])
def test_get_changes_nothing(site: Site, operation: str) -> None:
    assert site.get(f"{UPLOADS}/{operation}")["error"]["code"] == 405


def test_fields_may_come_as_blobs_of_a_browser(site: Site) -> None:
    form: list[Any] = [
        ("f", ("blob", b"json")),
        ("description", ("blob", "Ätna".encode())),
        ("data", ("towns.csv", b"a\n")),
    ]
    answer = orjson.loads(site.pool.request("POST", f"{site.url}{UPLOADS}/upload", fields=form).data)
    assert (answer["item"]["itemName"], answer["item"]["description"]) == ("towns.csv", "Ätna")
    values: list[Any] = [
        ("F", ("blob", b"json")),
        ("In_GPLong", ("blob", b"3")),
        ("In_GPMultiValue_GPString", ("blob", b"a")),
        ("In_GPMultiValue_GPString", ("blob", "ß".encode())),
        ("In_GPDouble", ("", b"")),
    ]
    url = f"{site.url}{site.task(SYNC, 'Echo')}/execute"
    results = orjson.loads(site.pool.request("POST", url, fields=values).data)["results"]
    echoed = {result["paramName"]: result["value"] for result in results}
    assert (echoed["Out_GPLong"], echoed["Out_GPDouble"]) == (3, None)
    assert echoed["Out_GPMultiValue_GPString"] == ["a", "ß"]


@pytest.mark.parametrize(
    "parameter",
    ["filename*=UTF-8''%C3%84tna.csv", 'filename="=?utf-8?Q?=C3=84tna.csv?="', 'filename="Ätna.csv"'],
)
def test_upload_keeps_its_real_name(site: Site, parameter: str) -> None:
    part = f'--B\r\nContent-Disposition: form-data; name="file"; {parameter}\r\n\r\na\n\r\n--B--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    answer = site.pool.request(
        "POST", f"{site.url}{UPLOADS}/upload?f=json", body=part.encode(), headers=headers
    )
    assert orjson.loads(answer.data)["item"]["itemName"] == "Ätna.csv"
