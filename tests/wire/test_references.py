"""Inputs by reference: fetched where the tool runs, whether the caller waits or not."""

from __future__ import annotations

import gzip
import itertools
import time
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from tests.fake_feature_server import IMAGES, LAYER, SECURED, TABLE, TOKEN, FakeFeatureServer
from tests.patience import LONG, SOON
from tests.wire.conftest import Site

SYNC, ASYNC = "Conformance/Sync", "Conformance/Async"


def reference(url: str, **more: str) -> str:
    return orjson.dumps({"url": url, **more}).decode()


def outcome(site: Site, service: str, **fields: str) -> tuple[str, str]:
    """Return the status and the messages of a job."""
    done = site.wait(site.submit(service, "Echo", **fields))
    return done["jobStatus"], " ".join(m["description"] for m in done["messages"])


def test_layer_is_read_with_its_clause(site: Site, far: FakeFeatureServer) -> None:
    url = f"{far.url}{LAYER}?count=700"
    features = site.execute(SYNC, "Echo", In_GPFeatureRecordSetLayer=reference(url))
    assert len(features["Out_GPFeatureRecordSetLayer"]["features"]) == 700
    features = site.execute(SYNC, "Echo", In_GPFeatureRecordSetLayer=reference(url, filter="a > 5"))
    assert len(features["Out_GPFeatureRecordSetLayer"]["features"]) == 3
    assert far.queries()[-1]["where"] == "a > 5"


def test_table_a_query_and_a_file_are_read(site: Site, far: FakeFeatureServer) -> None:
    rows = site.execute(SYNC, "Echo", In_GPRecordSet=reference(far.url + TABLE))["Out_GPRecordSet"]
    assert rows["features"][0]["attributes"]["name"] == "Ann"
    for url in (f"{far.url}{LAYER}/query?where=1%3D1&resultRecordCount=1", f"{far.url}/files/one.json"):
        value = site.execute(SYNC, "Echo", In_GPFeatureRecordSetLayer=reference(url))
        (feature,) = value["Out_GPFeatureRecordSetLayer"]["features"]
        assert feature["attributes"]["name"] == "City 1"


def file_at(site: Site, url: str) -> bytes:
    return site.pool.request("GET", url).data


@pytest.mark.parametrize("bare", [False, True])
def test_file_comes_back_under_its_name(site: Site, far: FakeFeatureServer, bare: bool) -> None:
    sent = f"{far.url}/files/notes.txt"
    url = site.execute(SYNC, "Echo", In_GPDataFile=sent if bare else reference(sent))["Out_GPDataFile"]["url"]
    assert url.endswith("/notes.txt")
    assert file_at(site, url) == b"a file"


def test_rasters_come_back_with_their_format(site: Site, far: FakeFeatureServer) -> None:
    answer = site.execute(
        SYNC,
        "Echo",
        In_GPRasterData=reference(f"{far.url}/files/dem.tif"),
        In_GPRasterDataLayer=reference(far.url + IMAGES),
    )
    assert answer["Out_GPRasterData"]["format"] == "tif"
    assert file_at(site, answer["Out_GPRasterData"]["url"]) == b"a file"
    assert file_at(site, answer["Out_GPRasterDataLayer"]["url"]) == b"II*\0" + b"1000,500"
    assert site.execute(SYNC, "Echo")["Out_GPRasterData"] == {}


def test_lists_of_references_are_fetched(site: Site, far: FakeFeatureServer) -> None:
    sent = orjson.dumps([{"url": f"{far.url}/files/a.txt"}, {"url": f"{far.url}/files/a.txt"}]).decode()
    answer = site.execute(SYNC, "Echo", In_GPMultiValue_GPDataFile=sent)
    urls = [file["url"] for file in answer["Out_GPMultiValue_GPDataFile"]]
    assert [url.rpartition("/")[2] for url in urls] == ["a.txt", "a_1.txt"]
    assert {file_at(site, url) for url in urls} == {b"a file"}


REFUSALS = [
    (SECURED, "answered: 499 Token Required"),
    (f"{LAYER}?where=broken", "answered: 400 Cannot perform query"),
    ("/page", "it is not JSON"),
    ("/error", "answered: 498 Invalid Token"),
    ("/nowhere", "HTTP 404"),
    ("/bomb", "larger than 50,000,000 bytes"),
    ("/redirect?to=http://169.254.169.254/latest/meta-data", "not among those"),
]


@pytest.mark.parametrize(("path", "problem"), REFUSALS)
def test_reference_that_cannot_be_fetched_fails_with_the_reason(
    site: Site, far: FakeFeatureServer, path: str, problem: str
) -> None:
    told = site.refusal(SYNC, "Echo", In_GPFeatureRecordSetLayer=reference(far.url + path))
    assert told.startswith("Parameter 'In_GPFeatureRecordSetLayer': ")
    assert problem in told


def test_image_service_of_too_many_pixels_is_refused(site: Site, far: FakeFeatureServer) -> None:
    told = site.refusal(SYNC, "Echo", In_GPRasterDataLayer=reference(f"{far.url}/large{IMAGES}"))
    assert "9,000 by 500 pixels, more than it exports at once" in told


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
        "http://localhost/",
        "http://[::ffff:127.0.0.1]/",
        "https://example.org/",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("parameter", ["In_GPDataFile", "In_GPFeatureRecordSetLayer", "In_GPRasterData"])
def test_other_hosts_are_refused_before_a_job_is_queued(site: Site, url: str, parameter: str) -> None:
    assert f"Parameter '{parameter}'" in site.rejection(ASYNC, "Echo", **{parameter: reference(url)})
    assert f"Parameter '{parameter}'" in site.refusal(SYNC, "Echo", **{parameter: reference(url)})


def test_reference_to_this_server_is_refused(site: Site) -> None:
    told = site.refusal(SYNC, "Echo", In_GPDataFile=f"{site.url}/arcgis/rest/info?f=json")
    assert "back to this service" in told


def test_job_fails_with_the_error_of_the_other_server(site: Site, far: FakeFeatureServer) -> None:
    status, said = outcome(site, ASYNC, In_GPFeatureRecordSetLayer=reference(far.url + SECURED))
    assert status == "esriJobFailed"
    assert "answered: 499 Token Required" in said


@pytest.mark.parametrize("path", ["/silent", "/silent?body=1", "/slow?body=1"])
def test_job_is_cancelled_while_its_input_does_not_arrive(
    site: Site, far: FakeFeatureServer, path: str
) -> None:
    asked = len(far.seen)
    far.left.clear()
    job = site.submit(ASYNC, "Echo", In_GPDataFile=reference(far.url + path))
    deadline = time.monotonic() + LONG
    while len(far.seen) == asked and time.monotonic() < deadline:
        time.sleep(0.02)
    started = time.monotonic()
    assert site.post(f"{job}/cancel")["jobStatus"] == "esriJobCancelling"
    assert site.wait(job)["jobStatus"] == "esriJobCancelled"
    assert time.monotonic() - started < SOON
    if path.startswith("/slow"):
        assert far.left.wait(SOON), "the other server goes on for nobody"


def test_token_is_used_and_never_shown(site: Site, far: FakeFeatureServer) -> None:
    job = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=reference(far.url + SECURED, token=TOKEN))
    done = site.wait(job)
    assert done["jobStatus"] == "esriJobSucceeded"
    shown = site.get(f"{job}/inputs/In_GPFeatureRecordSetLayer")
    assert shown["value"] == {"url": far.url + SECURED}
    everything: list[Any] = [done, shown, site.get(f"{job}/inputs")]
    assert TOKEN not in orjson.dumps(everything).decode()


def test_no_secret_of_a_url_is_shown(site: Site, far: FakeFeatureServer) -> None:
    names = ("access_token", "X-Amz-Signature", "sig", "code", "api_key")
    query = "&".join(f"{name}={TOKEN}" for name in names)
    job = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=f"{far.url}/saying?{query}")
    done = site.wait(job)
    assert done["jobStatus"] == "esriJobFailed"
    shown = site.get(f"{job}/inputs/In_GPFeatureRecordSetLayer")["value"]["url"]
    assert shown == f"{far.url}/saying?" + "&".join(f"{name}=***" for name in names)
    assert TOKEN not in orjson.dumps([done, site.get(f"{job}/inputs")]).decode()


REFERENCED = ("GPDataFile", "GPRasterData", "GPRasterDataLayer", "GPFeatureRecordSetLayer", "GPRecordSet")
LEFT_OUT = ("{}", "null", '{"url": ""}', '{"itemID": ""}')


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_reference_without_a_place_is_left_out(site: Site, left_out: str) -> None:
    empty = site.execute(SYNC, "Echo")
    fields = {f"In_{name}": left_out for name in (*REFERENCED, "GPMultiValue_GPDataFile")}
    values = site.execute(SYNC, "Echo", **fields)
    assert [values[f"Out_{name}"] for name in REFERENCED] == [empty[f"Out_{name}"] for name in REFERENCED]
    told = site.refusal("Samples", "BufferPoints", points=left_out, distance="1 Miles")
    assert told.startswith("Parameter 'points': a value is required.")


def test_job_is_run_with_references_without_a_place(site: Site) -> None:
    places = zip((*REFERENCED, "GPMultiValue_GPDataFile"), itertools.cycle(LEFT_OUT), strict=False)
    job = site.submit(ASYNC, "Echo", **{f"In_{name}": left_out for name, left_out in places})
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"


def test_service_without_a_layer_is_refused_before_a_job_is_queued(
    site: Site, far: FakeFeatureServer
) -> None:
    url = reference(f"{far.url}{LAYER.removesuffix('/0')}")
    assert "no layer of it" in site.refusal(SYNC, "Echo", In_GPFeatureRecordSetLayer=url)


def test_results_of_this_site_are_inputs(site: Site, far: FakeFeatureServer) -> None:
    made = site.submit(
        ASYNC,
        "Echo",
        In_GPFeatureRecordSetLayer=reference(f"{far.url}{LAYER}?count=7"),
        In_GPDataFile=reference(f"{far.url}/files/notes.txt"),
        In_GPRasterData=reference(f"{far.url}/files/dem.tif"),
    )
    assert site.wait(made)["jobStatus"] == "esriJobSucceeded"
    at_once = site.execute(SYNC, "Echo", In_GPDataFile=reference(f"{far.url}/files/notes.txt"))
    asked = len(far.seen)
    results = f"{site.url}{made}/results"
    fields = {
        "In_GPFeatureRecordSetLayer": reference(f"{results}/Out_GPFeatureRecordSetLayer"),
        "In_GPRasterDataLayer": reference(f"{results}/Out_GPRasterData?f=json"),
        "In_GPDataFile": at_once["Out_GPDataFile"]["url"],
        "In_GPMultiValue_GPDataFile": orjson.dumps([f"{results}/Out_GPDataFile"]).decode(),
    }
    values = site.execute(SYNC, "Echo", **fields)
    job = site.submit(ASYNC, "Echo", **fields)
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded", site.get(job)
    for read in (values.__getitem__, lambda name: site.get(f"{job}/results/{name}")["value"]):
        assert len(read("Out_GPFeatureRecordSetLayer")["features"]) == 7
        assert file_at(site, read("Out_GPRasterDataLayer")["url"]) == b"a file"
        assert file_at(site, read("Out_GPDataFile")["url"]) == b"a file"
        assert file_at(site, read("Out_GPMultiValue_GPDataFile")[0]["url"]) == b"a file"
    assert len(far.seen) == asked, "nothing was asked of the other server again"


def result(site: Site, job: str) -> Any:
    """Return the features that a job made; so many are behind a link, and are not held to the schema."""
    link = site.send("GET", f"{job}/results/out_dataset", {"f": "json"}, redirect=False)
    assert link.status == 303
    return orjson.loads(site.pool.request("GET", link.headers["location"]).data)["value"]


def test_100_000_features_by_url_run_as_a_job(site: Site, far: FakeFeatureServer) -> None:
    sent = reference(f"{far.url}{LAYER}?count=100000")
    job = site.submit("Analysis", "Project", in_dataset=sent, out_coor_system="3857")
    assert site.wait(job, seconds=120)["jobStatus"] == "esriJobSucceeded"
    value = result(site, job)
    assert len(value["features"]) == 100_000
    assert value["features"][-1]["attributes"]["name"] == "City 100000"
    assert value["exceededTransferLimit"] is False


def test_five_megabytes_of_features_in_a_post_run_as_a_job(site: Site) -> None:
    point = '{"attributes":{"name":"%06d"},"geometry":{"x":%d.5,"y":47.123456}}'
    features = ",".join(point % (n, n % 180) for n in range(75_000))
    header = '{"geometryType":"esriGeometryPoint","spatialReference":{"wkid":4326},"features":['
    sent = header + features + "]}"
    assert len(sent) > 5_000_000
    form = urlencode({"in_dataset": sent, "out_coor_system": "3857", "f": "json"})
    headers = {"content-encoding": "gzip", "content-type": "application/x-www-form-urlencoded"}
    task = site.task("Analysis", "Project")
    response = site.pool.request(
        "POST", f"{site.url}{task}/submitJob", body=gzip.compress(form.encode(), 1), headers=headers
    )
    job = f"{task}/jobs/{orjson.loads(response.data)['jobId']}"
    assert site.wait(job, seconds=120)["jobStatus"] == "esriJobSucceeded"
    assert len(result(site, job)["features"]) == 75_000
