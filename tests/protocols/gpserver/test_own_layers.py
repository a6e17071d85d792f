"""A layer of a hosted service, or of the map of a job, is an input of the next tool by its URL.

All of its rows come, or those that the query of its URL asks for: never a page of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from gpserverless.caller import Role
from gpserverless.items.find import read_service
from gpserverless.testing import ErrorAnswer, Site
from tests.items.rig import put, service

ROOT = "https://site.test/arcgis"
SERVICES = f"{ROOT}/rest/services"
SERVICE_NAME = "esri_out_feature_service_name"
COUNT = 2_500
"""More than a page of a layer has."""

TOOLBOX = '''"""Tools to test with."""

from gpserverless import Service

service = Service(execution="{execution}", max_records=5, {more})
'''

TOOLS = {
    "make.py": '''
from dataclasses import dataclass

from gpserverless import FeatureSet, Table, tool


@dataclass
class Made:
    """Values.

    Attributes:
        points: Points.
        rows: Rows.
    """

    points: FeatureSet
    rows: Table


@tool
def make(source: FeatureSet) -> Made:
    """Make values.

    Args:
        source: Points.
    """
    return Made(source, Table(source.fields, source.columns))
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
    came = points if points is not None else rows
    names = [field.name for field in came.fields]
    told = [len(came), names]
    if points is not None:
        first = points.geometries[0]
        place = [round(first.x, 3), round(first.y, 3), first.z if first.has_z else None]
        told += [points.spatial_reference.wkid, place]
    if "n" in names:
        told.append([int(n) for n in came.columns["n"][:3]])
    return str(told)
''',
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("toolboxes")
    services = [("now", "sync", ""), ("few", "sync", "max_features=2_000"), ("later", "async", "hosted=True")]
    for name, execution, more in services:
        folder = root / "layered" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(TOOLBOX.format(execution=execution, more=more))
        for file, text in TOOLS.items():
            (folder / file).write_text(text)
    (root / "layered" / "__init__.py").write_text("")
    sys.path.insert(0, str(root))
    with Site.of_package("layered") as made:
        yield made
    sys.path.remove(str(root))


def points(count: int) -> dict[str, Any]:
    features = [
        {"attributes": {"n": n}, "geometry": {"x": 7 + n / 1000, "y": 47, "z": n}} for n in range(count)
    ]
    header = {"geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326}, "hasZ": True}
    return {**header, "fields": [{"name": "n", "type": "esriFieldTypeInteger"}], "features": features}


def keep(site: Site, name: str, count: int = COUNT) -> str:
    """Return the id of a job that kept its points and rows as a hosted service."""
    wish = {"serviceProperties": {"name": name}, "itemProperties": {"overwrite": True}}
    job = site.submit("Later", "Make", {"source": points(count), SERVICE_NAME: wish})
    site.run_jobs()
    assert site.job(job)["jobStatus"] == "esriJobSucceeded", str(site.job(job)["messages"][1])
    return job


@pytest.fixture(scope="module")
def job(site: Site) -> str:
    return keep(site, "Wells")


def take(site: Site, service: str, values: dict[str, Any]) -> str:
    if service == "Now":
        return str(site.execute("Now", "Take", values).values["output"])
    job = site.submit("Later", "Take", values)
    site.run_jobs()
    assert site.job(job)["jobStatus"] == "esriJobSucceeded", site.job(job)["messages"]
    return str(site.result(job, "output"))


def place(job: str, url: str) -> str:
    hosted, shown = f"{SERVICES}/Hosted/Wells/FeatureServer", f"{SERVICES}/Later/MapServer/jobs/{job}"
    return url.replace("{hosted}", hosted).replace("{map}", shown)


WHOLE = f"[{COUNT}, ['OBJECTID', 'n'], 4326, [7.0, 47.0, 0.0], [0, 1, 2]]"
ROWS = f"[{COUNT}, ['OBJECTID', 'n'], [0, 1, 2]]"
LAST = "[1, ['OBJECTID', 'n'], 4326, [9.499, 47.0, 2499.0], [2499]]"
TAKEN = [
    ("points", "{hosted}/0", {}, WHOLE),
    ("points", "{hosted}/0/", {}, WHOLE),
    ("points", "{hosted}/0/query", {"where": "1=1", "outFields": "*", "f": "json"}, WHOLE),
    ("points", "{hosted}/0/query", {}, WHOLE),
    ("points", "{map}/0", {}, WHOLE),
    ("points", "{map}/0/query", {"where": "n > 2498"}, LAST),
    ("rows", "{hosted}/1", {}, ROWS),
    ("rows", "{hosted}/0", {"outFields": "n"}, ROWS),
    ("rows", "{map}/1", {}, ROWS),
    ("points", "{hosted}/0/query", {"where": "n > 2498"}, LAST),
    ("points", "{hosted}/0", {"where": "n > 2498"}, LAST),
    ("points", "{hosted}/0/query", {"where": "CURRENT_TIMESTAMP > DATE '2020-01-01' AND n > 2498"}, LAST),
    ("points", "{hosted}/0/query", {"objectIds": "2500"}, LAST),
    ("points", "{hosted}/0/query", {"geometry": "9.4985,46,10,48", "inSR": "4326"}, LAST),
    ("points", "{hosted}/0/query", {"resultOffset": "2499"}, LAST),
    ("points", "{hosted}/0/query", {"resultRecordCount": "1", "orderByFields": "n DESC"}, LAST),
    (
        "points",
        "{hosted}/0/query",
        {"where": "n > 2498", "outFields": "OBJECTID", "outSR": "3857", "returnZ": "false"},
        "[1, ['OBJECTID'], 102100, [1057423.843, 5942074.072, None]]",
    ),
    (
        "rows",
        "{hosted}/0/query",
        {"outStatistics": '[{"statisticType":"count","onStatisticField":"n","outStatisticFieldName":"n"}]'},
        f"[1, ['OBJECTID', 'n'], [{COUNT}]]",
    ),
]


@pytest.mark.parametrize("service", ["Now", "Later"])
@pytest.mark.parametrize(("name", "url", "query", "told"), TAKEN)
def test_layer_is_an_input(
    site: Site, job: str, service: str, name: str, url: str, query: dict[str, str], told: str
) -> None:
    url = place(job, url) + (f"?{urlencode(query)}" if query else "")
    assert take(site, service, {name: {"url": url}}) == told
    assert take(site, service, {name: url}) == told


def test_filter_beside_the_url_holds_with_its_where(site: Site, job: str) -> None:
    url = place(job, "{hosted}/0/query?where=n%3E2497")
    assert take(site, "Now", {"points": {"url": url, "filter": "n <> 2498"}}) == LAST


@pytest.mark.parametrize("clause", ["n > 1) OR (1=1", "(n > 1", "n > 1)"])
def test_filter_beside_the_url_cannot_undo_its_where(site: Site, job: str, clause: str) -> None:
    url = place(job, "{hosted}/0/query?where=n%3E2497")
    with pytest.raises(ErrorAnswer, match=r"the brackets of the clause '.*' do not match"):
        site.execute("Now", "Take", {"points": {"url": url, "filter": clause}})
    kept = {"url": url, "filter": "(n <> 2498 OR ':)' = '((')"}
    assert take(site, "Now", {"points": kept}) == LAST


def test_time_beside_the_url_is_followed_or_refused(site: Site, job: str) -> None:
    with pytest.raises(ErrorAnswer, match=r"Parameter 'points': its time: the layer .* has no time"):
        site.execute("Now", "Take", {"points": {"url": place(job, "{hosted}/0"), "time": "0,1"}})


def test_two_times_are_not_followed_at_once(site: Site, job: str) -> None:
    url = place(job, "{hosted}/0/query?time=0,1")
    with pytest.raises(ErrorAnswer, match="its URL names a time, and another stands beside it"):
        site.execute("Now", "Take", {"points": {"url": url, "time": "0,2"}})
    with pytest.raises(ErrorAnswer, match="has no time"):
        site.execute("Now", "Take", {"points": {"url": url, "time": "0,1"}})


REFUSED = [
    ("points", "{hosted}", {}, "names a service, and no layer"),
    ("points", "{hosted}/7", {}, "the hosted service 'Wells' has no layer 7; it has 0, 1"),
    ("points", "{map}/7", {}, "has no layer 7"),
    ("points", "{hosted}/1", {}, "gives rows without shapes"),
    ("points", "{map}/1", {}, "gives rows without shapes"),
    ("points", "{hosted}/0/1", {}, "leads back to this service"),
    ("points", "{hosted}/0/download", {}, "leads back to this service"),
    ("points", f"{SERVICES}/Later/MapServer/0", {}, "leads back to this service"),
    ("points", f"{SERVICES}/Later/FeatureServer/0", {}, "leads back to this service"),
    ("points", f"{SERVICES}/Hosted/Nothing/FeatureServer/0", {}, "no hosted service 'Nothing'"),
    ("points", f"{SERVICES}/Later/MapServer/jobs/j{'0' * 32}/0", {}, "there is no job"),
    ("points", f"{SERVICES}/Now/MapServer/jobs/{{id}}/0", {}, "there is no job"),
    ("points", f"{SERVICES}/Nothing/MapServer/jobs/{{id}}/0", {}, "Nothing"),
    ("points", "{hosted}/0/query", {"where": "m > 1"}, "its where: .*m"),
    ("points", "{hosted}/0/query", {"where": "n >"}, "its where: "),
    ("points", "{hosted}/0/query", {"outFields": "m"}, "its outFields: there is no field 'm'"),
    ("points", "{hosted}/0/query", {"geometry": "{}x"}, "its geometry: "),
    ("points", "{hosted}/0/query", {"geometry": "1,2", "spatialRel": "near"}, "its spatialRel: "),
    ("points", "{hosted}/0/query", {"time": "0,1"}, "its time: the layer .* has no time"),
    ("points", "{hosted}/0/query", {"having": "COUNT(*) > 1"}, "its having: there are no groups"),
    ("points", "{hosted}/0/query", {"objectIds": "one"}, "its objectIds: "),
    ("points", "{hosted}/0/query", {"resultOffset": "-1"}, "'-1' is no resultOffset"),
    ("points", "{hosted}/0/query", {"returnCountOnly": "true"}, "'returnCountOnly' of its query is not"),
    ("points", "{hosted}/0/query", {"returnIdsOnly": "true"}, "'returnIdsOnly' of its query is not followed"),
    ("points", "{hosted}/0/query", {"gdbVersion": "sde"}, "'gdbVersion' of its query is not followed"),
    ("file", "{hosted}/0", {}, "the URL is of a layer, and the value is a file"),
    ("raster", "{hosted}/0", {}, "the URL is of a layer, and the value is a raster"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url", "query", "problem"), REFUSED)
def test_what_is_no_input_is_refused(
    site: Site, job: str, name: str, url: str, query: dict[str, str], problem: str
) -> None:
    url = place(job, url).replace("{id}", job) + (f"?{urlencode(query)}" if query else "")
    with pytest.raises(ErrorAnswer, match=f"Parameter '{name}': .*({problem})"):
        site.execute("Now", "Take", {name: {"url": url}})
    failed = site.submit("Later", "Take", {name: {"url": url}})
    site.run_jobs()
    assert site.job(failed)["jobStatus"] == "esriJobFailed"
    with pytest.raises(ErrorAnswer):
        site.result(failed, "output")


def test_layer_of_another_user_is_no_input(site: Site) -> None:
    ann, bob, root = site.sign_in("ann"), site.sign_in("bob"), site.sign_in("root", Role.ADMINISTRATOR)
    job = keep(ann, "OfAnn", 1)
    urls = {
        f"{SERVICES}/Hosted/OfAnn/FeatureServer/0": "the URL is of a service that the caller may not use",
        f"{SERVICES}/Later/MapServer/jobs/{job}/0": f"there is no job '{job}'",
    }
    for url, problem in urls.items():
        for who in (ann, root):
            for name in ("Now", "Later"):
                assert take(who, name, {"points": {"url": url}}).startswith("[1, ")
        for other in (site, bob):
            with pytest.raises(ErrorAnswer, match=f"Parameter 'points': {problem}"):
                other.execute("Now", "Take", {"points": {"url": url}})
            refused = other.job(other.submit("Later", "Take", {"points": {"url": url}}))
            assert any(problem in message["description"] for message in refused["messages"])


def test_token_of_another_user_beside_the_url_changes_nothing(site: Site) -> None:
    ann, bob = site.sign_in("ann"), site.sign_in("bob")
    keep(ann, "OfAnn", 1)
    url = f"{SERVICES}/Hosted/OfAnn/FeatureServer/0"
    with pytest.raises(ErrorAnswer, match="a service that the caller may not use"):
        bob.execute("Now", "Take", {"points": {"url": url, "token": ann._token}})


def test_service_that_expired_or_was_removed_says_so(site: Site) -> None:
    put(site.items, service("Old", expires_at=site.clock.now() - 1))
    keep(site, "Gone", 1)
    waiting = site.submit("Later", "Take", {"points": f"{SERVICES}/Hosted/Gone/FeatureServer/0"})
    site.post("/arcgis/admin/services/Hosted/Gone.FeatureServer/delete", {}).json()
    site.run_jobs()
    sentence = "there is no hosted service 'Gone', or none any more"
    assert any(sentence in message["description"] for message in site.job(waiting)["messages"])
    for name in ("Gone", "Old"):
        with pytest.raises(ErrorAnswer, match=f"there is no hosted service '{name}', or none any more"):
            site.execute("Now", "Take", {"points": f"{SERVICES}/Hosted/{name}/FeatureServer/0"})


def test_layer_whose_file_was_erased_is_refused(site: Site) -> None:
    put(site.items, service("Hollow"))
    with pytest.raises(ErrorAnswer, match="Parameter 'points': "):
        site.execute("Now", "Take", {"points": f"{SERVICES}/Hosted/Hollow/FeatureServer/0"})


def test_job_reads_the_version_that_is_shown_when_it_runs(site: Site) -> None:
    keep(site, "Twice", 1)
    keep(site, "Two", 2)
    url = f"{SERVICES}/Hosted/Twice/FeatureServer/0"
    waiting = site.submit("Later", "Take", {"points": url})
    before, other = read_service(site.items, "Twice"), read_service(site.items, "Two")
    assert before is not None
    assert other is not None
    after = replace(before, version="v2", layers=())
    site.objects.put(after.layer_key(0), site.objects.get(other.layer_key(0)), "")
    put(site.items, after, before)
    site.run_jobs()
    assert str(site.result(waiting, "output")).startswith("[2, ")


def test_whole_layer_is_an_input_where_the_result_was_cut(site: Site) -> None:
    job = site.submit("Later", "Make", {"source": points(6)})  # the service gives out five
    site.run_jobs()
    url = f"{SERVICES}/Later/MapServer/jobs/{job}/0"
    assert take(site, "Now", {"points": url}).startswith("[6, ")


FEW = [
    ("", "its query has more than 2,000 features. Accepted: at most 2,000 features"),
    ("?resultRecordCount=2001", "its query has more than 2,000 features"),
    ("?resultRecordCount=2000", None),
    ("?resultOffset=500", None),
]


@pytest.mark.parametrize(("query", "problem"), FEW)
def test_layer_of_too_many_features_is_refused_before_they_are_read(
    site: Site, job: str, query: str, problem: str | None
) -> None:
    values = {"points": place(job, "{hosted}/0/query") + query}
    if problem is None:
        assert str(site.execute("Few", "Take", values).values["output"]).startswith("[2000, ")
        return
    with pytest.raises(ErrorAnswer, match=problem):
        site.execute("Few", "Take", values)


def test_layer_without_rows_is_an_input_without_rows(site: Site) -> None:
    keep(site, "Empty", 0)
    rows = f"{SERVICES}/Hosted/Empty/FeatureServer/1"
    assert take(site, "Now", {"rows": rows}) == "[0, ['OBJECTID', 'n'], []]"
