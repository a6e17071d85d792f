"""Jobs over HTTP: submitted, worked on behind the queue, polled, cancelled, and read back."""

from __future__ import annotations

import gzip
import time

import orjson
import pytest

from tests.patience import LONG, SOON
from tests.wire.conftest import SERVICES, Site

ASYNC = "Conformance/Async"
POINT = '{"hasZ":true,"spatialReference":{"wkid":4326},"features":[{"geometry":{"x":10,"y":60,"z":5}}]}'


@pytest.fixture(scope="module")
def point_job(site: Site) -> str:
    job = site.submit(ASYNC, "Echo", In_GPDouble="2.5", In_GPFeatureRecordSetLayer=POINT)
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    return job


def test_job_succeeds_and_its_results_are_read_back(site: Site, echoed: str) -> None:
    job, done = echoed, site.get(echoed)
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


def test_inputs_are_shown_as_submitted(site: Site, point_job: str) -> None:
    job = point_job
    assert site.get(f"{job}/inputs/In_GPDouble") == {
        "paramName": "In_GPDouble",
        "dataType": "GPDouble",
        "value": 2.5,
    }
    assert site.get(f"{job}/inputs/in_gpfeaturerecordsetlayer")["value"] == orjson.loads(POINT)
    assert len(site.get(f"{job}/inputs")) == len(site.get(job)["inputs"])


def test_running_job_shows_its_progress_and_is_cancelled_at_once(site: Site) -> None:
    job = site.submit(ASYNC, "Sleep", Seconds="300")
    running = site.wait(job, {"esriJobExecuting"})
    assert running["progress"]["type"] in ("step", "default")
    assert "results" not in running
    started = time.monotonic()
    assert (
        site.post(f"{job}/cancel", {"id": "x", "returnMessages": "false"})["jobStatus"] == "esriJobCancelling"
    )
    assert site.get(job)["jobStatus"] in ("esriJobCancelling", "esriJobCancelled")
    done = site.wait(job)
    assert time.monotonic() - started < SOON
    assert done["jobStatus"] == "esriJobCancelled"
    assert "results" not in done
    assert site.get(f"{job}/results") == []
    again = site.get(f"{job}/cancel")
    assert again["error"]["code"] == 400


def test_cancel_stops_a_job_inside_one_call_of_native_code(site: Site) -> None:
    job = site.submit(ASYNC, "Fail", Kind="native hang")
    hanging = {"type": "esriJobMessageTypeInformative", "description": "Hanging."}
    deadline = time.monotonic() + LONG
    while hanging not in site.get(job)["messages"] and time.monotonic() < deadline:
        time.sleep(0.05)
    started = time.monotonic()
    assert site.post(f"{job}/cancel")["jobStatus"] == "esriJobCancelling"
    done = site.wait(job)
    assert time.monotonic() - started < SOON
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
def test_tool_that_fails_fails_the_job_with_its_message(site: Site, kind: str, text: str) -> None:
    done = site.wait(site.submit(ASYNC, "Fail", Kind=kind))
    assert done["jobStatus"] == "esriJobFailed"
    assert {"type": "esriJobMessageTypeError", "description": text} in done["messages"]
    assert "results" not in done


NOT_A_NUMBER = "Parameter 'In_GPLong': 'x' is not a whole number."

WRONG = [
    ("Conformance/Async", "Echo", {"In_GPLong": "x"}, NOT_A_NUMBER),
    ("Conformance/Async", "Sleep", {}, "Parameter 'Seconds': a value is required."),
    (
        "Analysis",
        "Buffer",
        {"in_features": "", "buffer_distance_or_field": "1 Miles"},
        "Parameter 'in_features'",
    ),
    ("Conformance/Async", "Echo", {"env:outSR": "999999"}, "Parameter 'env:outSR'"),
    ("Conformance/Async", "Echo", {"returnZ": "maybe"}, "Parameter 'returnZ'"),
]


@pytest.mark.parametrize(("service", "task", "fields", "said"), WRONG)
def test_wrong_value_is_answered_by_a_job_that_has_failed(
    site: Site, service: str, task: str, fields: dict[str, str], said: str
) -> None:
    assert site.rejection(service, task, **fields).startswith(said)


@pytest.mark.parametrize("context", ["{", '{"' + '\\"' * 30_000, "[1]"])
def test_unreadable_context_makes_no_job(site: Site, context: str) -> None:
    answer = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", {"context": context})
    assert answer["error"]["code"] == 400
    assert answer["error"]["details"][0].startswith("Parameter 'context'")


def test_job_with_a_wrong_value_is_a_job_in_everything_else(site: Site) -> None:
    submitted = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", {"In_GPLong": "x", "In_GPString": "a"})
    assert submitted.keys() == {"jobId", "jobStatus"}
    path = f"{site.task(ASYNC, 'Echo')}/jobs/{submitted['jobId']}"
    job = site.get(path)
    assert job.keys() == {"jobId", "jobStatus", "messages", "usage"}
    texts = [message["description"] for message in job["messages"]]
    assert (texts[0], texts[2]) == ("Submitted.", "Failed to execute (Echo).")
    assert texts[-1].startswith("Failed at ")
    assert "messages" not in site.get(path, returnMessages="false")
    assert site.get(f"{path}/inputs/In_GPLong") == {
        "paramName": "In_GPLong",
        "dataType": "GPLong",
        "value": "x",
    }
    shown = {each["paramName"]: each["value"] for each in site.get(f"{path}/inputs")}
    assert (shown["In_GPString"], shown["In_GPLong"], shown["In_GPDouble"]) == ("a", "x", None)
    assert site.get(f"{path}/results") == []
    assert "ended with esriJobFailed" in site.post(f"{path}/cancel")["error"]["details"][0]


def test_hidden_and_secret_parts_of_a_wrong_value_are_not_shown(site: Site) -> None:
    wrong = {
        "In_GPStringHidden": "pass word",
        "In_GPDataFile": '{"url": "https://10.0.0.1/a.csv?token=abc123"',
        "In_GPLong": "x",
    }
    submitted = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", wrong)
    path = f"{site.task(ASYNC, 'Echo')}/jobs/{submitted['jobId']}"
    said = str(site.get(f"{path}/inputs"))
    assert "pass word" not in said
    assert "abc123" not in said


def test_wrong_value_from_a_page_is_told_at_once(site: Site) -> None:
    answer = site.send("GET", f"{site.task(ASYNC, 'Echo')}/submitJob", {"In_GPLong": "x"})
    assert b'id="f-In_GPLong-wrong"' in answer.data
    assert b"&#39;x&#39; is not a whole number." in answer.data


MALFORMED = [
    ("Nothing", {"In_GPLong": "x"}, "Task 'Nothing' not found"),
    ("Echo", {"In_GPLong": "x", "f": "pdf"}, "The format is not supported"),
    ("Echo", {"In_GPLong": "x", "callback": "1;"}, "Parameter 'callback'"),
    ("Echo", {"In_GPLong": "x", "clientRequestId": "k" * 256}, "Parameter 'clientRequestId'"),
]


@pytest.mark.parametrize(("task", "fields", "said"), MALFORMED)
def test_what_is_no_call_of_a_task_stays_an_error(
    site: Site, task: str, fields: dict[str, str], said: str
) -> None:
    answer = site.post(f"{site.task(ASYNC, task)}/submitJob", fields)
    assert said in str(answer["error"]["details"])


NO_RESULTS = [
    (
        {"Kind": "tool error"},
        {"esriJobFailed"},
        "The job failed, so it has no results; its messages say why.",
    ),
    (
        {"Kind": "native hang"},
        {"esriJobExecuting"},
        "The job still runs; it has results when it is esriJobSuc",
    ),
]


@pytest.mark.parametrize(("fields", "until", "said"), NO_RESULTS)
def test_result_of_a_job_without_success_tells_how_it_stands(
    site: Site, fields: dict[str, str], until: set[str], said: str
) -> None:
    job = site.submit(ASYNC, "Fail", **fields)
    site.wait(job, until)
    output = site.get(f"{site.task(ASYNC, 'Fail')}")["parameters"][-1]["name"]
    assert site.get(f"{job}/results/{output}")["error"]["details"][0].startswith(said)
    file = f"/arcgis/rest/directories/arcgisjobs/conformance_async_gpserver/{job[-33:]}/scratch/a.txt"
    assert site.get(file)["error"]["details"][0].startswith(said)
    listed = site.get(f"{job}/results")
    if until == {"esriJobExecuting"}:
        assert listed["error"]["details"][0].startswith(said)
        site.post(f"{job}/cancel")
        site.wait(job)
        said = "The job was cancelled, so it has no results."
        assert site.get(f"{job}/results/{output}")["error"]["details"] == [said]
    else:
        assert listed == []


def test_job_is_found_under_its_own_task_only(site: Site) -> None:
    job = site.submit(ASYNC, "Sleep", Seconds="0")
    elsewhere = job.replace("/Sleep/", "/Echo/")
    assert site.get(elsewhere)["error"]["code"] == 400
    assert site.get(f"{job}/results/Nothing")["error"]["code"] == 400


def test_stored_result_is_projected_and_reduced_on_demand(site: Site, point_job: str) -> None:
    result = f"{point_job}/results/Out_GPFeatureRecordSetLayer"
    assert site.get(result)["value"]["features"][0]["geometry"] == {"x": 10.0, "y": 60.0}
    assert site.get(result, returnZ="true")["value"]["features"][0]["geometry"] == {
        "x": 10.0,
        "y": 60.0,
        "z": 5.0,
    }
    projected = site.get(result, outSR="102100")["value"]
    assert projected["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}
    assert projected["features"][0]["geometry"]["x"] == pytest.approx(1113194.9079, abs=1e-3)


def test_job_remembers_the_options_it_was_submitted_with(site: Site) -> None:
    job = site.submit(
        ASYNC, "Echo", In_GPFeatureRecordSetLayer=POINT, returnZ="true", context='{"outSR":102100}'
    )
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    value = site.get(f"{job}/results/Out_GPFeatureRecordSetLayer")["value"]
    assert value["hasZ"] is True
    assert value["spatialReference"]["wkid"] == 102100


def test_file_of_a_job_is_a_link_that_lasts(site: Site, echoed: str) -> None:
    url = site.get(f"{echoed}/results/Out_GPDataFile")["value"]["url"]
    folder = "/arcgis/rest/directories/arcgisjobs/conformance_async_gpserver"
    assert url == f"{site.url}{folder}/{echoed[-33:]}/scratch/echo.txt"
    assert site.pool.request("GET", url).data == b"hello"
    assert site.get(url[len(site.url) :].replace("echo.txt", "other.txt"))["error"]["code"] == 400


def test_large_result_is_a_link_for_clients_to_follow(site: Site) -> None:
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


def test_job_tells_its_times_and_its_usage(site: Site) -> None:
    job = site.submit(ASYNC, "Sleep", Seconds="300")
    running = site.wait(job, {"esriJobExecuting"})["usage"]
    assert running.keys() >= {"submitted", "started", "dollars"}
    assert "ended" not in running
    site.post(f"{job}/cancel")
    usage = site.wait(job)["usage"]
    assert usage["submitted"] <= usage["started"] <= usage["ended"] <= time.time() * 1000
    assert 0 < usage["seconds"] <= (usage["ended"] - usage["submitted"]) / 1000
    assert usage["peakMegabytes"] > 10
    assert 0 < usage["dollars"] < 0.01


def test_job_that_never_ran_tells_when_it_was_submitted(site: Site) -> None:
    submitted = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", {"In_GPLong": "x"})
    usage = site.get(f"{site.task(ASYNC, 'Echo')}/jobs/{submitted['jobId']}")["usage"]
    assert usage.keys() == {"submitted", "ended", "dollars"}
    assert usage["submitted"] == usage["ended"]
