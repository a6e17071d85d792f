"""bmi-arcgis-restapi: asks for every description first, then sends Python's own forms of values."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import restapi
from restapi.common_types import GPService, GPTask
from restapi.exceptions import RestAPIException
from restapi.rest_utils import GPJob, GPTaskError, GPTaskResponse

SERVICES = f"{os.environ['SITE']}/arcgis/rest/services"
SYNC = f"{SERVICES}/Conformance/Sync/GPServer"
ASYNC = f"{SERVICES}/Conformance/Async/GPServer"
SECURED_JOBS = f"{SERVICES}/Conformance/SecuredJobs/GPServer"
SECURED = f"{SERVICES}/Conformance/Secured/GPServer"
USER, PASSWORD = os.environ["SITE_USER"], os.environ["SITE_PASSWORD"]
VALUES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "values.json").read_text(encoding="utf-8")
)


def holds(found: Any, expected: Any) -> bool:
    """Return whether every member of `expected` is in `found`, at every depth."""
    if isinstance(expected, dict):
        return all(holds(found[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(holds, found, expected))
    return bool(found == expected)


def plain(value: Any) -> Any:
    """Return a value without the classes that restapi wraps it in."""
    return json.loads(value.dumps()) if hasattr(value, "dumps") else value


def test_server_lists_its_services() -> None:
    server = restapi.ArcServer(SERVICES)
    services = server.list_services()
    assert f"{SERVICES}/Conformance/Sync/GPServer" in services
    assert "Conformance" in server.folders
    assert isinstance(server.getService("Conformance/Async/GPServer"), GPService)


def test_service_leads_to_its_tasks() -> None:
    service = GPService(SYNC)
    assert service.tasks == ["Echo", "Fail", "Sleep"]
    task = service.task("Echo")
    assert task.name == "Echo"
    assert task.isSynchronous
    assert task.outputParameter.name == "Out_GPBoolean"
    assert {f"In_{name}" for name in VALUES} < set(task.list_parameters())


def inputs() -> dict[str, Any]:
    """Return an input of every data type; restapi repeats the keys of a list, and loses objects in it."""
    return {f"In_{name}": _written(case["sent"]) for name, case in VALUES.items()}


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) and isinstance(value[0], dict | list) else value


def finished(task: GPTask, job: GPJob) -> GPTaskResponse:
    """Return the response of a job once it has succeeded; `run` fails on jobs of less than a second."""
    deadline = time.monotonic() + 60
    while (found := task.check_job_status(job.jobId)).status != "esriJobSucceeded":
        assert found.status in ("esriJobSubmitted", "esriJobExecuting")
        assert time.monotonic() < deadline
    return GPTaskResponse({**found.json, "isAsync": True, "jobUrl": f"{task.url}/jobs/{job.jobId}"})


@pytest.fixture(scope="module")
def executed() -> GPTaskResponse:
    return GPTask(f"{SYNC}/Echo").run(inputs())


@pytest.fixture(scope="module")
def submitted() -> GPTaskResponse:
    task = GPTask(f"{ASYNC}/Echo")
    return finished(task, task.run(inputs(), wait=False))


@pytest.mark.parametrize("name", VALUES)
def test_execute_returns_every_data_type(executed: GPTaskResponse, name: str) -> None:
    assert holds(plain(executed.getValue(f"Out_{name}")), VALUES[name]["back"])


@pytest.mark.parametrize("name", VALUES)
def test_job_returns_every_data_type(submitted: GPTaskResponse, name: str) -> None:
    assert holds(plain(submitted.getValue(f"Out_{name}")), VALUES[name]["back"])


def test_feature_outputs_are_feature_sets(executed: GPTaskResponse) -> None:
    features = executed.getValue("Out_GPFeatureRecordSetLayer")
    assert isinstance(features, restapi.FeatureSet)
    assert [f.attributes.NAME for f in features] == ["Bonn"]
    assert features.geometryType == "esriGeometryPoint"


def test_features_are_projected_and_long_requests_are_posted() -> None:
    places = VALUES["GPFeatureRecordSetLayer"]["sent"]
    many = {**places, "features": places["features"] * 50}
    response = GPTask(f"{SYNC}/Echo").run({"In_GPFeatureRecordSetLayer": many}, outSR=102100, processSR=4326)
    features = response.getValue("Out_GPFeatureRecordSetLayer")
    assert len(features) == 50
    assert features.json.spatialReference.latestWkid == 3857


def test_job_can_be_left_alone_and_found_again() -> None:
    task = GPTask(f"{ASYNC}/Sleep")
    job = task.run({"Seconds": 0.2}, wait=False)
    assert isinstance(job, GPJob)
    assert finished(task, job).getValue("Slept") >= 0.2


def test_job_that_takes_longer_is_waited_for() -> None:
    assert GPTask(f"{ASYNC}/Sleep").run({"Seconds": 3}).getValue("Slept") >= 3


def test_task_that_fails_is_an_error_with_its_text() -> None:
    with pytest.warns(UserWarning, match="The task failed because it was asked to"):
        error = GPTask(f"{SYNC}/Fail").run({"Kind": "tool error"})
    assert isinstance(error, GPTaskError)
    assert error.json.error.code == 400


def test_bad_value_is_an_error_that_names_it() -> None:
    with pytest.warns(UserWarning, match="In_GPLong"):
        assert isinstance(GPTask(f"{SYNC}/Echo").run({"In_GPLong": "x"}), GPTaskError)


def test_bad_value_of_a_job_is_in_its_messages() -> None:
    task = GPTask(f"{ASYNC}/Echo")
    job = task.check_job_status(task.run({"In_GPLong": "x"}, wait=False).jobId)
    assert job.status == "esriJobFailed"
    assert "Parameter 'In_GPLong': 'x' is not a whole number" in job.messages[1].description


def test_service_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RestAPIException, match="not found"):
        GPService(f"{SERVICES}/Nothing/GPServer")


def test_secured_service_needs_a_sign_in() -> None:
    with pytest.raises(RestAPIException, match="Token required"):
        GPService(SECURED)


def test_server_with_name_and_password_lists_and_describes_what_is_secured() -> None:
    server = restapi.ArcServer(SERVICES, USER, PASSWORD)
    assert SECURED in server.list_services()
    assert "CopyFile" in GPService(SECURED, token=server.token).tasks


def uploaded(service: str, token: str) -> str:
    """Return the value of a file that is uploaded; restapi has no uploads of tasks."""
    form = {"f": "json", "token": token}
    files = {"file": ("words.txt", b"hello", "text/plain")}
    answer = requests.post(f"{service}/uploads/upload", data=form, files=files, timeout=60).json()
    return json.dumps({"itemID": answer["item"]["itemID"]})


def test_secured_task_runs_with_the_token_of_a_sign_in() -> None:
    token = restapi.ArcServer(SERVICES, USER, PASSWORD).token
    task = GPTask(f"{SECURED}/CopyFile", token=token)
    url = task.run({"In_File": uploaded(SECURED, str(token))}).getValue("Out_File")["url"]
    assert url.startswith(SERVICES.replace("services", "directories"))


def test_secured_job_runs_with_the_token_of_a_sign_in() -> None:
    token = restapi.ArcServer(SERVICES, USER, PASSWORD).token
    task = GPTask(f"{SECURED_JOBS}/CopyFile", token=token)
    job = task.run({"In_File": uploaded(SECURED_JOBS, str(token))}, wait=False)
    assert finished(task, job).getValue("Out_File")["url"].startswith(os.environ["SITE"])


def test_wrong_password_is_an_error() -> None:
    with pytest.raises(Exception, match="Unable to generate token"):
        restapi.ArcServer(SERVICES, USER, "wrong")


def run_example(document: str) -> dict[str, Any]:
    """Run the example of a document, and return its names."""
    text = (Path(__file__).parents[3] / "docs/how-to" / document).read_text(encoding="utf-8")
    (example,) = (
        block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "restapi" in block
    )
    names: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8000", os.environ["SITE"]), names)
    return names


def test_example_of_a_sign_in_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GP_PASSWORD", PASSWORD)
    assert run_example("sign-in-from-clients.md")["secured"].tasks == ["CopyFile"]


def test_example_in_the_documents_runs() -> None:
    names = run_example("call-from-clients.md")
    assert len(names["zones"]) == 1
    assert len(finished(names["buffer"], names["job"]).getValue("out_feature_class")) == 1
