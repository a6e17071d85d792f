"""The main way through a site: describe, execute, submit, poll, fetch the result."""

from __future__ import annotations

from dev.gp_client import GpClient, GpError

_BUFFER = "Samples/GPServer/BufferPoints"
_SUMMARIZE = "Analysis/GPServer/SummarizeWithin"
_SLEEP = "Conformance/Async/GPServer/Sleep"
_JOB_SECONDS = 600  # a cold start on a busy machine, or a job that sleeps
_POLL_SECONDS = 0.2
POINT = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"x": 8.55, "y": 47.37}, "attributes": {"name": "Zurich"}}],
}
_SQUARE = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"rings": [[[8, 47], [8, 48], [9, 48], [9, 47], [8, 47]]]}, "attributes": {}}],
}


def check_descriptions(client: GpClient) -> None:
    """Describe the server, its catalogue and a task.

    Raises:
        GpError: A description is wrong.
    """
    info, catalogue = client.get("/arcgis/rest/info"), client.describe()
    for key, answer in (
        ("currentVersion", info),
        ("services", catalogue),
        ("parameters", client.describe(_BUFFER)),
    ):
        if key not in answer:
            raise GpError(f"no {key} in {str(answer)[:500]}")


def check_execute(client: GpClient) -> None:
    """Buffer a point.

    Raises:
        GpError: The answer is no polygon.
    """
    outputs = client.execute(_BUFFER, points=POINT, distance={"distance": 5, "units": "esriKilometers"})
    features = [feature for value in outputs.values() for feature in value["features"]]
    if [list(feature["geometry"]) for feature in features] != [["rings"]]:
        raise GpError(f"the buffer is {str(features)[:500]}")


def check_input_by_url(client: GpClient, url: str) -> None:
    """Buffer the point of a file on another server, and have a file refused whose host is not allowed.

    Args:
        client: A client of the site.
        url: URL of the file.

    Raises:
        GpError: The answer is no polygon, or the other host is asked.
    """
    distance = {"distance": 5, "units": "esriKilometers"}
    outputs = client.execute(_BUFFER, points={"url": url}, distance=distance)
    features = [feature for value in outputs.values() for feature in value["features"]]
    if [feature["attributes"]["name"] for feature in features] != ["Zurich"]:
        raise GpError(f"the buffer is {str(features)[:500]}")
    try:
        client.execute(_BUFFER, points={"url": "https://gis.example.org/a.json"}, distance=distance)
    except GpError as refused:
        if "FetchAllowedHosts" in str(refused):
            return
        raise
    raise GpError("a host that is not allowed was asked")


def submit_job(client: GpClient) -> str:
    """Submit a job; return its path.

    Raises:
        GpError: It is refused.
    """
    return client.submit(_SUMMARIZE, in_polygons=_SQUARE, in_sum_features=POINT)


def start_sleep(client: GpClient, seconds: float) -> str:
    """Submit a job that sleeps, wait until it runs, and return its path.

    Raises:
        GpError: It is refused, or does not start.
    """
    job = client.submit(_SLEEP, Seconds=seconds)
    client.wait(job, {"esriJobExecuting"}, seconds=_JOB_SECONDS, pause=_POLL_SECONDS)
    return job


def check_executing(client: GpClient, job: str) -> None:
    """Check that a job runs.

    Raises:
        GpError: It does not run.
    """
    if (seen := client.poll(job))["jobStatus"] != "esriJobExecuting":
        raise GpError(f"the job stands as {seen}")


def check_success(client: GpClient, job: str) -> None:
    """Wait until a job succeeds.

    Raises:
        GpError: It does not succeed in time.
    """
    client.wait(job, {"esriJobSucceeded"}, seconds=_JOB_SECONDS, pause=_POLL_SECONDS)


def check_deleted(client: GpClient, job: str) -> None:
    """Check that there is no such job.

    Raises:
        GpError: There is.
    """
    if "error" not in (answer := client.get(job)):
        raise GpError(f"the job stands as {answer}")


def check_result(client: GpClient, job: str) -> None:
    """Wait until a job of `submit_job` succeeds, and check its result.

    Raises:
        GpError: It does not succeed in time, or the result is wrong.
    """
    check_success(client, job)
    value = client.result(job, "out_feature_class")
    counts = [zone["attributes"]["Point_Count"] for zone in value["features"]]
    if counts != [1]:
        raise GpError(f"there are {counts} points in the squares")
