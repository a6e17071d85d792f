"""Jobs over SOAP and over REST are the same jobs: each is read, cancelled and refused by both."""

from __future__ import annotations

import time

import pytest

from local.cloud import LocalCloud
from tests.patience import SOON
from tests.wire.conftest import Site
from tests.wire.soap_site import Fault, SoapSite
from tests.wire.soap_values import messages_of, results_of, to_json, to_xml, type_of

ASYNC = "Conformance/Async"
OPERATIONS_OF_JOBS = (
    "GetJobStatus", "GetJobMessages", "GetJobToolName", "GetJobInputValues", "GetJobResult",
    "GetJobResultOptions", "GetJobEnvironmentValues", "CancelJob", "GetResultWorkspace",
    "GetJobResultMapExtent",
)  # fmt: skip


@pytest.fixture(scope="module")
def soap(cloud: LocalCloud) -> SoapSite:
    return SoapSite(cloud.url)


def path_of(site: Site, task: str, job: str) -> str:
    """Return the path of REST of a job that SOAP names by an argument."""
    return f"{site.task(ASYNC, task)}/jobs/{job[7:-8]}"


def test_job_of_soap_is_a_job_of_rest(site: Site, soap: SoapSite) -> None:
    job = soap.submit(ASYNC, "Sleep", to_xml("GPDouble", 0))
    assert soap.wait(ASYNC, job) == "esriJobSucceeded"
    seen = site.get(path_of(site, "Sleep", job))
    assert seen["jobStatus"] == "esriJobSucceeded"
    assert seen["messages"] == messages_of(soap.call(ASYNC, "GetJobMessages", job).find("Result"))
    assert site.get(f"{path_of(site, 'Sleep', job)}/inputs/Seconds")["value"] == 0
    (slept,) = results_of(soap.call(ASYNC, "GetJobResult", job))
    rest = site.get(f"{path_of(site, 'Sleep', job)}/results/Slept")
    assert to_json(rest["dataType"], slept) == rest["value"]
    with pytest.raises(Fault, match=r"^Parameter 'JobID': the job has ended with esriJobSucceeded"):
        soap.call(ASYNC, "CancelJob", job)


def test_job_of_rest_is_a_job_of_soap(site: Site, soap: SoapSite) -> None:
    path = site.submit(ASYNC, "Sleep", Seconds="0.25")
    site.wait(path)
    job = f"<JobID>{path[-33:]}</JobID>"
    assert soap.ask(ASYNC, "GetJobStatus", job) == "esriJobSucceeded"
    assert soap.ask(ASYNC, "GetJobToolName", job) == "Sleep"
    seconds = soap.call(ASYNC, "GetJobInputValues", job).find("Result")[0]
    assert (type_of(seconds), to_json("GPDouble", seconds)) == ("GPDouble", 0.25)
    (slept,) = results_of(soap.call(ASYNC, "GetJobResult", job))
    assert to_json("GPDouble", slept) == site.get(f"{path}/results/Slept")["value"]
    assert soap.ask(ASYNC, "GetJobResultOptions", job).startswith("false")
    assert soap.ask(ASYNC, "GetJobEnvironmentValues", job) == ""


NAMES: list[tuple[str, tuple[str, ...], list[str]]] = [
    ("GetJobResult", ("Out_GPString", "Out_GPLong"), ["3", "hello"]),
    ("GetJobResult", ("out_gplong",), ["3"]),
    ("GetJobResult", ("In_GPLong", "Out_GPLong"), ["3"]),
    ("GetJobInputValues", ("In_GPString", "Out_GPString"), ["hello"]),
]


@pytest.mark.parametrize(("operation", "names", "texts"), NAMES)
def test_values_of_a_job_are_chosen_by_name(
    soap: SoapSite, echoed: str, operation: str, names: tuple[str, ...], texts: list[str]
) -> None:
    listed = "".join(f"<String>{name}</String>" for name in names)
    arguments = f"<JobID>{echoed[-33:]}</JobID><ParameterNames>{listed}</ParameterNames>"
    found = soap.call(ASYNC, operation, arguments).find("Result")
    values = found.find("Values") if operation == "GetJobResult" else found
    assert ["".join(value.itertext()) for value in values] == texts


@pytest.mark.parametrize("names", ["", "<ParameterNames/>", '<ParameterNames xsi:nil="true"/>'])
def test_all_values_of_a_job_come_without_names(site: Site, soap: SoapSite, echoed: str, names: str) -> None:
    task = site.get(site.task(ASYNC, "Echo"))["parameters"]
    job = f"<JobID>{echoed[-33:]}</JobID>{names}"
    inputs = soap.call(ASYNC, "GetJobInputValues", job).find("Result")
    assert len(inputs) == sum("Input" in each["direction"] for each in task)
    outputs = results_of(soap.call(ASYNC, "GetJobResult", job))
    assert len(outputs) == sum("Output" in each["direction"] for each in task)


FAILURES = [
    ("tool error", "The task failed because it was asked to."),
    ("native crash", "The tool's process died (SIGSEGV)."),
]


@pytest.mark.parametrize(("kind", "text"), FAILURES)
def test_failed_job_has_its_messages_and_no_result(soap: SoapSite, kind: str, text: str) -> None:
    job = soap.submit(ASYNC, "Fail", to_xml("GPString", kind))
    assert soap.wait(ASYNC, job) == "esriJobFailed"
    messages = messages_of(soap.call(ASYNC, "GetJobMessages", job).find("Result"))
    assert {"type": "esriJobMessageTypeError", "description": text} in messages
    with pytest.raises(Fault, match="The job failed, so it has no results") as fault:
        soap.call(ASYNC, "GetJobResult", job)
    assert (fault.value.status, fault.value.code) == (200, "s:Client")
    assert soap.ask(ASYNC, "GetJobToolName", job) == "Fail"
    assert soap.ask(ASYNC, "GetJobInputValues", job) == kind


CANCELS = ["soap", "rest"]


@pytest.mark.parametrize("cancelled_by", CANCELS)
def test_cancelled_job_is_cancelled_over_both(site: Site, soap: SoapSite, cancelled_by: str) -> None:
    job = soap.submit(ASYNC, "Sleep", to_xml("GPDouble", 60))
    assert soap.wait(ASYNC, job, {"esriJobExecuting"}) == "esriJobExecuting"
    with pytest.raises(Fault, match="The job still runs"):
        soap.call(ASYNC, "GetJobResult", job)
    if cancelled_by == "soap":
        assert len(soap.call(ASYNC, "CancelJob", job)) == 0
    else:
        site.post(f"{path_of(site, 'Sleep', job)}/cancel")
    assert soap.ask(ASYNC, "GetJobStatus", job) in ("esriJobCancelling", "esriJobCancelled")
    assert soap.wait(ASYNC, job) == "esriJobCancelled"
    assert site.get(path_of(site, "Sleep", job))["jobStatus"] == "esriJobCancelled"
    with pytest.raises(Fault, match="The job was cancelled, so it has no results"):
        soap.call(ASYNC, "GetJobResult", job)


@pytest.mark.parametrize("operation", OPERATIONS_OF_JOBS)
@pytest.mark.parametrize("job", ["j" + "0" * 32, "x", "../" * 9, "j" + "\u0660" * 32])
def test_job_that_is_not_there_is_a_fault(soap: SoapSite, operation: str, job: str) -> None:
    with pytest.raises(Fault, match=r"^There is no job .*, or its data is no longer available\.$") as fault:
        soap.call(ASYNC, operation, f"<JobID>{job}</JobID>")
    assert (fault.value.status, fault.value.code) == (200, "s:Client")


@pytest.mark.parametrize("operation", OPERATIONS_OF_JOBS)
@pytest.mark.parametrize("service", ["Analysis", "Conformance/Sync"])
def test_job_of_another_service_is_not_there(
    soap: SoapSite, echoed: str, service: str, operation: str
) -> None:
    with pytest.raises(Fault, match="There is no job"):
        soap.call(service, operation, f"<JobID>{echoed[-33:]}</JobID>")


@pytest.mark.parametrize("operation", OPERATIONS_OF_JOBS)
def test_operation_of_a_job_needs_its_id(soap: SoapSite, operation: str) -> None:
    with pytest.raises(Fault, match="'JobID'"):
        soap.call(ASYNC, operation)


REJECTED = [
    ("In_GPLong", "x", "GPString", "x"),
    ("In_GPLong", "4503599627370495", "GPString", "4503599627370495"),
    ("In_GPDate", "never", "GPString", "never"),
    ("In_GPString", "a\x01b", "GPString", "a\ufffdb"),
    ("In_GPStringHidden", "secret", "GPString", ""),
    ("In_GPLinearUnit", "5 Miles", "GPLinearUnit", "5.0esriMiles"),
    ("In_GPFeatureRecordSetLayer", "{", "GPString", "{"),
    ("In_GPDataFile", '{"url":"https://a.arcgis.com/a.txt?token=abc"}', "GPDataFile", "/a.txt"),
]


@pytest.mark.parametrize(("name", "sent", "type_name", "shown"), REJECTED)
def test_inputs_of_a_rejected_job_of_rest_are_shown_in_types_that_hold_them(
    site: Site, soap: SoapSite, name: str, sent: str, type_name: str, shown: str
) -> None:
    wrong = {"In_GPDouble": "x", name: sent}
    job = site.post(f"{site.task(ASYNC, 'Echo')}/submitJob", wrong)["jobId"]
    arguments = f"<JobID>{job}</JobID><ParameterNames><String>{name}</String></ParameterNames>"
    (value,) = soap.call(ASYNC, "GetJobInputValues", arguments).find("Result")
    assert type_of(value) == type_name
    assert "".join(value.itertext()).endswith(shown)
    assert "secret" not in "".join(value.itertext())
    assert soap.ask(ASYNC, "GetJobStatus", arguments) == "esriJobFailed"
    messages = messages_of(soap.call(ASYNC, "GetJobMessages", arguments).find("Result"))
    assert any("Parameter 'In_GP" in message["description"] for message in messages)


def test_wrong_value_is_refused_at_once(soap: SoapSite) -> None:
    with pytest.raises(Fault, match="Parameter 'Seconds': 'x' is not a number") as fault:
        soap.submit(ASYNC, "Sleep", to_xml("GPString", "x"))
    assert fault.value.code == "s:Client"


WAYS = [
    (ASYNC, "Execute", "run as jobs: use submitJob instead of execute."),
    ("Conformance/Sync", "SubmitJob", "use execute instead of submitJob."),
]


@pytest.mark.parametrize(("service", "operation", "text"), WAYS)
def test_service_that_runs_the_other_way_says_so(
    soap: SoapSite, service: str, operation: str, text: str
) -> None:
    with pytest.raises(Fault, match=text) as fault:
        soap.run(service, operation, "Echo", "")
    assert (fault.value.status, fault.value.code) == (200, "s:Client")


def test_status_and_messages_are_quick(soap: SoapSite, echoed: str) -> None:
    job = f"<JobID>{echoed[-33:]}</JobID>"
    soap.ask(ASYNC, "GetJobStatus", job)
    began = time.perf_counter()
    for _ in range(5):
        soap.ask(ASYNC, "GetJobStatus", job)
        soap.ask(ASYNC, "GetJobMessages", job)
    assert time.perf_counter() - began < SOON
