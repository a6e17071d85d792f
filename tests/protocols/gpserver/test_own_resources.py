"""A result of a site is an input of its next tool, whether that waits or runs as a job."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from gpserverless.caller import Role
from gpserverless.errors import InvalidValue
from gpserverless.protocols.gpserver.own_urls import find_own_route
from gpserverless.testing import ErrorAnswer, Site

ORIGIN = "https://site.test"
ROOT = f"{ORIGIN}/arcgis"
SERVICES = f"{ROOT}/rest/services"
JOB = "j" + "0" * 32
ITEM = "i912f0648-a455-4d08-ae95-44eb5b82de2e"

SERVICE = '''"""Tools to test with."""

from gpserverless import Service

service = Service(execution="{execution}", max_records=5)
'''

TOOLS = {
    "make.py": '''
from dataclasses import dataclass
from pathlib import Path

from gpserverless import DataFile, FeatureSet, Raster, ToolError, tool


@dataclass
class Made:
    """Values.

    Attributes:
        points: Points.
        file: A file.
        raster: A raster.
        word: A word.
        files: Files.
        nothing: No file.
    """

    points: FeatureSet
    file: DataFile
    raster: Raster
    word: str
    files: list[DataFile]
    nothing: DataFile | None


@tool
def make(source: FeatureSet, fails: bool = False) -> Made:
    """Make values.

    Args:
        source: Points.
        fails: Whether to fail.
    """
    if fails:
        raise ToolError("It failed.")
    paths = [Path(name).resolve() for name in ("a b.csv", "dem.tif")]
    for path in paths:
        path.write_text(path.name)
    return Made(source, DataFile(paths[0]), Raster(paths[1]), "word", [DataFile(paths[0])], None)
''',
    "take.py": '''
from gpserverless import DataFile, FeatureSet, Raster, Table, tool


@tool
def take(
    points: FeatureSet | None = None,
    rows: Table | None = None,
    file: DataFile | None = None,
    raster: Raster | None = None,
) -> str:
    """Tell what came.

    Args:
        points: Points.
        rows: Rows.
        file: A file.
        raster: A raster.
    """
    told = []
    if points is not None:
        first = points.geometries[0]
        told.append(f"{len(points)} {points.spatial_reference.wkid} {[first.x, first.y]}")
    if rows is not None:
        told.append(f"{len(rows)}")
    for given in (file, raster):
        if given is not None:
            told.append(f"{given.path.name}: {given.path.read_text()[:60]}")
    return "; ".join(told)
''',
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("toolboxes")
    for name, execution in (("now", "sync"), ("later", "async")):
        folder = root / "chained" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(SERVICE.format(execution=execution))
        for file, text in TOOLS.items():
            (folder / file).write_text(text)
    (root / "chained" / "__init__.py").write_text("")
    sys.path.insert(0, str(root))
    with Site.of_package("chained") as made:
        yield made
    sys.path.remove(str(root))


def points(count: int = 2) -> dict[str, Any]:
    features = [{"attributes": {"n": n}, "geometry": {"x": 7 + n, "y": 47}} for n in range(count)]
    header = {"geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326}}
    return {**header, "fields": [{"name": "n", "type": "esriFieldTypeInteger"}], "features": features}


@pytest.fixture(scope="module")
def job(site: Site) -> str:
    """A job that has succeeded."""
    job = site.submit("Later", "Make", {"source": points()})
    site.run_jobs()
    assert site.job(job)["jobStatus"] == "esriJobSucceeded", site.job(job)
    return job


def take(site: Site, service: str, values: dict[str, Any]) -> str:
    if service == "Now":
        return str(site.execute("Now", "Take", values).values["output"])
    job = site.submit("Later", "Take", values)
    site.run_jobs()
    assert site.job(job)["jobStatus"] == "esriJobSucceeded", site.job(job)["messages"]
    return str(site.result(job, "output"))


TAKEN = [
    ("points", "{results}/points", "2 4326"),
    ("points", "{results}/points?f=json&outSR=3857", "2 4326"),
    ("points", "{results}/POINTS", "2 4326"),
    ("rows", "{results}/points", "2"),
    ("file", "{results}/file", "a b.csv: a b.csv"),
    ("raster", "{results}/raster", "dem.tif: dem.tif"),
    ("file", "{results}/raster", "dem.tif: dem.tif"),
    ("file", "{results}/points", 'points.json: {"displayFieldName"'),
    ("file", "{results}/word", 'word.json: "word"'),
    ("file", "{file}", "a b.csv: a b.csv"),
    ("raster", "{raster}", "dem.tif: dem.tif"),
    ("file", "http://SITE.test/arcgis/rest{after}", "a b.csv: a b.csv"),
]


@pytest.mark.parametrize("service", ["Now", "Later"])
@pytest.mark.parametrize(("name", "url", "told"), TAKEN)
def test_result_is_an_input(site: Site, job: str, service: str, name: str, url: str, told: str) -> None:
    results = f"{SERVICES}/Later/GPServer/Make/jobs/{job}/results"
    file = site.result(job, "file")["url"]
    url = url.replace("{results}", results).replace("{file}", file)
    url = url.replace("{raster}", site.result(job, "raster")["url"])
    url = url.replace("{after}", file.removeprefix(f"{ROOT}/rest"))
    assert take(site, service, {name: {"url": url}}).startswith(told)
    assert take(site, service, {name: url}).startswith(told)


def test_file_of_an_execute_is_an_input(site: Site) -> None:
    made = site.execute("Now", "Make", {"source": points()}).values
    for service in ("Now", "Later"):
        assert take(site, service, {"file": made["file"]}) == "a b.csv: a b.csv"
        assert take(site, service, {"raster": made["raster"]}) == "dem.tif: dem.tif"


def test_result_keeps_its_coordinates(site: Site, job: str) -> None:
    url = f"{SERVICES}/Later/GPServer/Make/jobs/{job}/results/points"
    assert take(site, "Now", {"points": {"url": url}}) == "2 4326 [7.0, 47.0]"


REFUSED = [
    ("points", "{results}/word", "the result 'word' is of type GPString, and no features"),
    ("raster", "{results}/points", "is of type GPFeatureRecordSetLayer, and no raster"),
    ("file", "{results}/files", "the result 'files' is a list of files"),
    ("file", "{results}/nothing", "the result has no file"),
    ("points", "{results}/other", "the job has no result 'other'"),
    ("points", "{job}", "leads back to this service"),
    ("points", "{job}/results", "leads back to this service"),
    ("points", f"{SERVICES}/Later/GPServer/Make", "leads back to this service"),
    ("points", f"{ROOT}/rest/info", "leads back to this service"),
    ("points", f"{ORIGIN}/elsewhere", "it is a reference, and a test site|leads back to this service"),
    ("points", f"{SERVICES}/Later/GPServer/Make/jobs/{JOB}/results/points", f"there is no job '{JOB}'"),
    ("points", f"{SERVICES}/Later/GPServer/Take/jobs/{{id}}/results/points", "there is no job"),
    ("file", f"{SERVICES}/Later/GPServer/uploads/{ITEM}", "[Ii]tem not found"),
    ("file", f"{ROOT}/rest/directories/arcgisjobs/later_gpserver/{{id}}/scratch/x", "has no file 'x'"),
    ("file", f"{ROOT}/rest/directories/arcgisjobs/now_gpserver/{{id}}/scratch/dem.tif", "no such file"),
    ("file", f"{ROOT}/rest/directories/arcgisoutput/Now_GPServer/{'0' * 32}/x", "is not there"),
]


@pytest.mark.parametrize(("name", "url", "problem"), REFUSED)
def test_what_is_no_input_is_refused(site: Site, job: str, name: str, url: str, problem: str) -> None:
    path = f"{SERVICES}/Later/GPServer/Make/jobs/{job}"
    url = url.replace("{results}", f"{path}/results").replace("{job}", path).replace("{id}", job)
    with pytest.raises(ErrorAnswer, match=f"Parameter '{name}': .*({problem})"):
        site.execute("Now", "Take", {name: {"url": url}})


def test_job_that_has_not_succeeded_says_so(site: Site) -> None:
    failed = site.submit("Later", "Make", {"source": points(), "fails": True})
    site.run_jobs()
    waiting = site.submit("Later", "Make", {"source": points()})
    for job, status in ((failed, "esriJobFailed"), (waiting, "esriJobSubmitted")):
        urls = (
            f"{SERVICES}/Later/GPServer/Make/jobs/{job}/results/file",
            f"{ROOT}/rest/directories/arcgisjobs/later_gpserver/{job}/scratch/dem.tif",
        )
        for url in urls:
            sentence = f"the job {job} has not succeeded: it is {status}"
            with pytest.raises(ErrorAnswer, match=sentence):
                site.execute("Now", "Take", {"file": url})
            rejected = site.job(site.submit("Later", "Take", {"file": url}))
            assert any(sentence in message["description"] for message in rejected["messages"])
    site.run_jobs()


def test_result_that_was_not_given_out_is_refused(site: Site) -> None:
    job = site.submit("Later", "Make", {"source": points(6)})  # the service gives out five
    site.run_jobs()
    assert site.result(job, "points")["exceededTransferLimit"] is True
    url = f"{SERVICES}/Later/GPServer/Make/jobs/{job}/results/points"
    with pytest.raises(ErrorAnswer, match="more features than the service gives out"):
        site.execute("Now", "Take", {"points": {"url": url}})


def test_result_and_files_are_inputs_for_their_owner_alone(site: Site) -> None:
    ann, bob, root = site.sign_in("ann"), site.sign_in("bob"), site.sign_in("root", Role.ADMINISTRATOR)
    job = ann.submit("Later", "Make", {"source": points()})
    site.run_jobs()
    urls = {
        f"{SERVICES}/Later/GPServer/Make/jobs/{job}/results/file": f"there is no job '{job}'",
        ann.result(job, "file")["url"]: f"there is no job '{job}'",
        ann.execute("Now", "Make", {"source": points()}).values["file"]["url"]: "there is no such file",
    }
    for url, problem in urls.items():
        for service in ("Now", "Later"):
            assert take(ann, service, {"file": url}) == "a b.csv: a b.csv"
            assert take(root, service, {"file": url}) == "a b.csv: a b.csv"
        for other in (site, bob):
            with pytest.raises(ErrorAnswer, match=f"Parameter 'file': {problem}"):
                other.execute("Now", "Take", {"file": url})
            rejected = other.job(other.submit("Later", "Take", {"file": url}))
            assert rejected["jobStatus"] == "esriJobFailed"
            assert any(problem in message["description"] for message in rejected["messages"])


OWN = [
    (f"{ROOT}/rest/services/A/GPServer/T/jobs/{JOB}/results/x", ROOT, "result"),
    (f"{ROOT}/REST//services/A/gpserver/T/jobs/{JOB}/results/x?f=json", ROOT, "result"),
    (f"{ROOT}/rest/services/A/GPServer/uploads/{ITEM}/download", ROOT, "item"),
    (f"{ORIGIN}:443/arcgis/rest/services/A/GPServer/uploads/{ITEM}", ROOT, "item"),
    ("https://h/gp/arcgis/rest/directories/arcgisoutput/a/b/c", "https://h/gp/arcgis", "file"),
]


@pytest.mark.parametrize(("url", "root", "resource"), OWN)
def test_urls_of_this_site(url: str, root: str, resource: str) -> None:
    route = find_own_route(url, root)
    assert route is not None
    assert route.resource == resource


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://other.test/arcgis/rest/info", ROOT),
        ("https://site.test:8443/arcgis/rest/info", ROOT),
        ("https://site.test/server/rest/services/A/FeatureServer/0", ROOT),
        ("https://site.test.evil.org/arcgis/rest/info", ROOT),
        ("https://site.test/arcgis/rest/info", ""),
    ],
)
def test_urls_of_other_sites(url: str, root: str) -> None:
    assert find_own_route(url, root) is None


@pytest.mark.parametrize("path", ["", "/info", "/services/A/GPServer", f"/services/A/GPServer/T/jobs/{JOB}"])
def test_urls_that_lead_back(path: str) -> None:
    with pytest.raises(InvalidValue, match="leads back"):
        find_own_route(f"{ROOT}/rest{path}", ROOT)
