"""Jobs over HTTP: submitted, worked on behind the queue, polled, cancelled, and read back."""

from __future__ import annotations

import gzip
import time

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

ASYNC = "Conformance/Async"
POINT = '{"hasZ":true,"spatialReference":{"wkid":4326},"features":[{"geometry":{"x":10,"y":60,"z":5}}]}'


def test_a_job_succeeds_and_its_results_are_read_back(site: Site) -> None:
    job = site.submit(ASYNC, "Echo", In_GPLong="3", In_GPString="hello")
    done = site.wait(job)
    assert done["jobStatus"] == "esriJobSucceeded"
    assert done["results"]["Out_GPLong"] == {"paramUrl": "results/Out_GPLong"}
    assert done["inputs"]["In_GPLong"] == {"paramUrl": "inputs/In_GPLong"}
    assert site.get(f"{job}/results/Out_GPLong") == {
        "paramName": "Out_GPLong",
        "dataType": "GPLong",
        "value": 3,
    }
    assert site.post(f"{job}/results/out_gplong/", {"returnType": "data"})["value"] == 3
    listed = site.get(f"{job}/results")
    assert [r["paramName"] for r in listed] == list(done["results"])


def test_messages_grow_and_end_with_the_outcome(site: Site) -> None:
    done = site.wait(site.submit(ASYNC, "Sleep", Seconds="0"))
    texts = [m["description"] for m in done["messages"]]
    assert texts[:3] == ["Submitted.", "Executing...", "Slept for 0 seconds."]
    assert texts[3].startswith("Queued ")
    assert texts[4].startswith("Succeeded at ")
    assert {m["type"] for m in done["messages"]} == {"esriJobMessageTypeInformative"}


def test_messages_can_be_left_out(site: Site) -> None:
    job = site.submit(ASYNC, "Sleep", Seconds="0")
    assert "messages" not in site.get(job, returnMessages="false")


def test_inputs_are_shown_as_submitted(site: Site) -> None:
    job = site.submit(ASYNC, "Echo", In_GPDouble="2.5", In_GPFeatureRecordSetLayer=POINT)
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    assert site.get(f"{job}/inputs/In_GPDouble") == {
        "paramName": "In_GPDouble",
        "dataType": "GPDouble",
        "value": 2.5,
    }
    assert site.get(f"{job}/inputs/in_gpfeaturerecordsetlayer")["value"] == orjson.loads(POINT)
    assert len(site.get(f"{job}/inputs")) == len(site.get(job)["inputs"])


def test_a_running_job_shows_its_progress_and_is_cancelled_at_once(site: Site) -> None:
    job = site.submit(ASYNC, "Sleep", Seconds="60")
    running = site.wait(job, {"esriJobExecuting"})
    assert running["progress"]["type"] in ("step", "default")
    assert "results" not in running
    started = time.monotonic()
    assert (
        site.post(f"{job}/cancel", {"id": "x", "returnMessages": "false"})["jobStatus"] == "esriJobCancelling"
    )
    assert site.get(job)["jobStatus"] in ("esriJobCancelling", "esriJobCancelled")
    done = site.wait(job)
    assert time.monotonic() - started < 5
    assert done["jobStatus"] == "esriJobCancelled"
    assert "results" not in done
    assert site.get(f"{job}/results") == []
    again = site.get(f"{job}/cancel")
    assert again["error"]["code"] == 400


def test_cancel_stops_a_job_inside_one_call_of_native_code(site: Site) -> None:
    job = site.submit(ASYNC, "Fail", Kind="native hang")
    hanging = {"type": "esriJobMessageTypeInformative", "description": "Hanging."}
    deadline = time.monotonic() + 20
    while hanging not in site.get(job)["messages"] and time.monotonic() < deadline:
        time.sleep(0.05)
    started = time.monotonic()
    assert site.post(f"{job}/cancel")["jobStatus"] == "esriJobCancelling"
    done = site.wait(job)
    assert time.monotonic() - started < 5
    assert done["jobStatus"] == "esriJobCancelled"
    assert hanging in done["messages"]
    assert "results" not in done


FAILURES = [
    ("tool error", "The task failed because it was asked to."),
    ("crash", "The tool failed because of an error in it; the service's log has the details."),
    ("memory", "The tool ran out of memory."),
    ("native crash", "The tool's process died (SIGSEGV)."),
]


@pytest.mark.parametrize(("kind", "text"), FAILURES)
def test_a_tool_that_fails_fails_the_job_with_its_message(site: Site, kind: str, text: str) -> None:
    done = site.wait(site.submit(ASYNC, "Fail", Kind=kind))
    assert done["jobStatus"] == "esriJobFailed"
    assert {"type": "esriJobMessageTypeError", "description": text} in done["messages"]
    assert "results" not in done


def test_bad_input_is_refused_before_it_is_queued(site: Site) -> None:
    answer = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", {"In_GPLong": "x"})
    assert answer["error"]["details"] == [
        "Parameter 'In_GPLong': 'x' is not a whole number. Accepted: a whole number."
    ]


def test_a_job_is_found_under_its_own_task_only(site: Site) -> None:
    job = site.submit(ASYNC, "Sleep", Seconds="0")
    elsewhere = job.replace("/Sleep/", "/Echo/")
    assert site.get(elsewhere)["error"]["code"] == 400
    assert site.get(f"{job}/results/Nothing")["error"]["code"] == 400


def test_a_stored_result_is_projected_and_reduced_on_demand(site: Site) -> None:
    job = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=POINT)
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    result = f"{job}/results/Out_GPFeatureRecordSetLayer"
    assert site.get(result)["value"]["features"][0]["geometry"] == {"x": 10.0, "y": 60.0}
    assert site.get(result, returnZ="true")["value"]["features"][0]["geometry"] == {
        "x": 10.0,
        "y": 60.0,
        "z": 5.0,
    }
    projected = site.get(result, outSR="102100")["value"]
    assert projected["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}
    assert projected["features"][0]["geometry"]["x"] == pytest.approx(1113194.9079, abs=1e-3)


def test_a_job_remembers_the_options_it_was_submitted_with(site: Site) -> None:
    job = site.submit(
        ASYNC, "Echo", In_GPFeatureRecordSetLayer=POINT, returnZ="true", context='{"outSR":102100}'
    )
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    value = site.get(f"{job}/results/Out_GPFeatureRecordSetLayer")["value"]
    assert value["hasZ"] is True
    assert value["spatialReference"]["wkid"] == 102100


def test_a_file_of_a_job_is_a_link_that_lasts(site: Site) -> None:
    job = site.submit(ASYNC, "Echo", In_GPString="hello")
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    url = site.get(f"{job}/results/Out_GPDataFile")["value"]["url"]
    folder = "/arcgis/rest/directories/arcgisjobs/conformance_async_gpserver"
    assert url == f"{site.url}{folder}/{job[-33:]}/scratch/echo.txt"
    assert site.pool.request("GET", url).data == b"hello"
    assert site.get(url[len(site.url) :].replace("echo.txt", "other.txt"))["error"]["code"] == 400


def test_a_large_result_is_a_link_for_clients_to_follow(site: Site) -> None:
    text = "x" * 900_000
    job = site.submit(ASYNC, "Echo", In_GPMultiValue_GPString=orjson.dumps([text] * 5).decode())
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    path = f"{job}/results/Out_GPMultiValue_GPString"
    answer = site.send("POST", path, {"f": "json"}, redirect=False)
    assert answer.status == 303
    assert site.post(path)["value"] == [text] * 5
    answer = site.send("GET", path, {"f": "json"}, headers={"Accept-Encoding": "gzip"}, redirect=False)
    result = site.pool.request("GET", answer.headers["location"], decode_content=False)
    assert (result.headers["content-encoding"], len(result.data) < 50_000) == ("gzip", True)
    assert orjson.loads(gzip.decompress(result.data))["value"] == [text] * 5


def test_submitting_from_a_page_leads_to_the_job(site: Site) -> None:
    answer = site.send("GET", f"{site.task(ASYNC, 'Sleep')}/submitJob", {"Seconds": "0"}, redirect=False)
    assert answer.status == 303
    location = answer.headers["location"]
    assert location.startswith(f"{site.url}{SERVICES}/{ASYNC}/GPServer/Sleep/jobs/j")
    assert b"esriJob" in site.pool.request("GET", location).data
