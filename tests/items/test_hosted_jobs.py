"""The whole way: a task that says it keeps its features, and callers who have them kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gpserverless.caller import Role
from gpserverless.errors import AuthoringError
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter
from gpserverless.featurelayers.select import count_rows
from gpserverless.items.find import read_service
from gpserverless.items.portal_item import PortalItem, write_portal_item
from gpserverless.testing import ErrorAnswer, Site
from gpserverless.toolkit.hosted import SERVICE_NAME
from gpserverless.toolkit.toolboxes import Toolbox, discover

TASK = "Kept/GPServer/Grow"
ROOT = "https://site.test/arcgis"
POINTS = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 25832},
    "features": [{"attributes": {}, "geometry": {"x": 500_000 + 1000 * n, "y": 5_800_000}} for n in range(3)],
}
TOOL = '''"""Grow."""

from dataclasses import dataclass

from shapely import Point, Polygon

from gpserverless import FeatureSet, tool


@dataclass
class Grown:
    """The outputs.

    Attributes:
        zones: Zones around the points.
        count: Their number.
    """

    zones: FeatureSet[Polygon]
    count: int


@tool
def grow(points: FeatureSet[Point]) -> Grown:
    """Grow points.

    Args:
        points: The points.
    """
    return Grown(points.with_geometries([each.buffer(10) for each in points.geometries]), len(points))
'''
COUNT = '''"""Count."""

from shapely import Point

from gpserverless import FeatureSet, tool


@tool
def count(points: FeatureSet[Point]) -> int:
    """Count points.

    Args:
        points: The points.
    """
    return len(points)
'''

MEASURE = '''"""Measure."""

from shapely import Polygon

from gpserverless import FeatureSet, tool


@tool
def measure(zones: FeatureSet[Polygon]) -> float:
    """Measure zones.

    Args:
        zones: The zones.
    """
    return sum(each.area for each in zones.geometries)
'''


def write_toolbox(folder: Path, name: str, arguments: str) -> None:
    box = folder / name
    box.mkdir(parents=True)
    text = f'"""Grow."""\n\nfrom gpserverless import Service\n\nservice = Service({arguments})\n'
    (box / "__init__.py").write_text(text)
    (box / "grow.py").write_text(TOOL)
    (box / "count.py").write_text(COUNT)
    (box / "measure.py").write_text(MEASURE)


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Toolbox, ...]]:
    folder = tmp_path_factory.mktemp("hosted") / "hosted_toolboxes"
    write_toolbox(folder, "kept", 'execution="async", hosted=True, max_records=2')
    write_toolbox(folder, "unkept", 'execution="async"')
    write_toolbox(folder, "quick", 'execution="sync"')
    (folder / "__init__.py").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder.parent))
        yield discover("hosted_toolboxes")


@pytest.fixture
def site(boxes: tuple[Toolbox, ...]) -> Site:
    return Site(boxes)


def submit(site: Site, wish: Any, service: str = "Kept") -> dict[str, Any]:
    name = wish if isinstance(wish, str) else json.dumps(wish)
    job_id = site.submit(service, "Grow", {"points": POINTS, SERVICE_NAME: name})
    site.run_jobs()
    return site.job(job_id)


def texts(job: dict[str, Any]) -> str:
    return " ".join(message["description"] for message in job["messages"])


def test_task_declares_the_parameter_where_it_has_features(site: Site) -> None:
    described = site.get(f"/arcgis/rest/services/{TASK}").json()["parameters"]
    assert [each["name"] for each in described] == ["points", SERVICE_NAME, "zones", "count"]
    parameter = described[1]
    assert {name: parameter[name] for name in parameter if name != "description"} == {
        "name": SERVICE_NAME,
        "dataType": "GPString",
        "displayName": "Output Feature Service Name",
        "direction": "esriGPParameterDirectionInput",
        "defaultValue": "",
        "parameterType": "esriGPParameterTypeOptional",
        "category": "",
    }


@pytest.mark.parametrize("task", ["Kept/GPServer/Count", "Unkept/GPServer/Grow", "Quick/GPServer/Grow"])
def test_other_tasks_do_not_declare_it(site: Site, task: str) -> None:
    described = site.get(f"/arcgis/rest/services/{task}").json()["parameters"]
    assert SERVICE_NAME not in [each["name"] for each in described]


def test_features_of_a_job_are_kept_whole(site: Site, tmp_path: Path) -> None:
    job = submit(site, "Parcels")
    assert job["jobStatus"] == "esriJobSucceeded"
    url = f"{ROOT}/rest/services/Hosted/Parcels/FeatureServer/0"
    assert site.result(job["jobId"], "zones") == {"url": url}
    assert site.result(job["jobId"], "count") == 3
    assert f"Wrote 3 features to {url}." in texts(job)
    kept = read_service(site.items, "Parcels")
    assert kept is not None
    path = tmp_path / "layer.sqlite"
    path.write_bytes(site.objects.get(kept.layers[0].key))
    with LayerFile(path) as layer:
        assert count_rows(layer, LayerFilter()) == 3
        assert layer.manifest == kept.layers[0].manifest


@pytest.mark.parametrize(
    "options", [{"outSR": "3857"}, {"returnFeatureCollection": "true"}, {"returnZ": "true"}]
)
def test_value_is_the_same_in_every_form(site: Site, options: dict[str, str]) -> None:
    job = submit(site, "Parcels")
    assert site.result(job["jobId"], "zones", **options).keys() == {"url"}


@pytest.mark.parametrize("name", ["geojson", "kmz", "csv"])
def test_format_of_features_says_where_they_are(site: Site, name: str) -> None:
    job = submit(site, "Parcels")
    with pytest.raises(ErrorAnswer, match="features are kept in a service") as refused:
        site.get(f"/arcgis/rest/services/{TASK}/jobs/{job['jobId']}/results/zones", {"f": name}).json()
    assert refused.value.code == 400


def test_without_a_name_the_features_are_in_the_result(site: Site) -> None:
    value = site.result(submit(site, "")["jobId"], "zones")
    assert (value["features"], value["exceededTransferLimit"]) == ([], True)
    assert site.items.rows == {}


@pytest.mark.parametrize("wish", ["a/b", "12", "{", {"serviceProperties": {"name": ".."}}])
def test_wrong_name_fails_the_job_before_it_is_queued(site: Site, wish: Any) -> None:
    job = submit(site, wish)
    assert job["jobStatus"] == "esriJobFailed"
    assert f"Parameter '{SERVICE_NAME}': " in texts(job)
    assert site.items.rows == {}


def test_name_that_is_taken_fails_the_job_before_it_is_queued(site: Site) -> None:
    submit(site, "Parcels")
    job_id = site.submit("Kept", "Grow", {"points": POINTS, SERVICE_NAME: "parcels"})
    assert site.run_jobs() == 0
    assert "there is a hosted service 'Parcels' already" in texts(site.job(job_id))


def test_only_the_owner_overwrites(site: Site) -> None:
    ann, bob = site.sign_in("ann", Role.USER), site.sign_in("bob", Role.USER)
    wish = {"serviceProperties": {"name": "Parcels"}, "itemProperties": {"overwrite": True}}
    assert submit(ann, wish)["jobStatus"] == "esriJobSucceeded"
    assert "belongs to another user" in texts(submit(bob, wish))
    assert submit(ann, wish)["jobStatus"] == "esriJobSucceeded"


@pytest.mark.parametrize("text", ["Parcels", '{"serviceProperties": {"name": "Parcels"}}'])
def test_execute_refuses_the_name_with_a_sentence(site: Site, text: str) -> None:
    with pytest.raises(ErrorAnswer, match=f"Parameter '{SERVICE_NAME}': this task keeps no features"):
        site.execute("Quick", "Grow", {"points": POINTS, SERVICE_NAME: text})
    assert site.execute("Quick", "Grow", {"points": POINTS, SERVICE_NAME: " "}).values["count"] == 3


@pytest.mark.parametrize("service", ["Kept", "Unkept"])
def test_no_task_keeps_rasters(site: Site, service: str) -> None:
    job_id = site.submit(service, "Grow", {"points": POINTS, "esri_out_image_service_name": "Heights"})
    assert "rasters are not kept as services; they are files of the job" in texts(site.job(job_id))


def test_job_of_a_service_that_keeps_nothing_refuses_the_name(site: Site) -> None:
    job = submit(site, "Parcels", "Unkept")
    assert job["jobStatus"] == "esriJobFailed"
    assert "this task keeps no features" in texts(job)


def test_sync_service_cannot_keep_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_toolbox(tmp_path / "wrong_toolboxes", "kept", 'execution="sync", hosted=True')
    (tmp_path / "wrong_toolboxes/__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(AuthoringError, match="use execution='async'"):
        discover("wrong_toolboxes")


def test_kept_features_are_the_input_of_another_job(site: Site) -> None:
    first = submit(site, "chain")
    url = f"{ROOT}/rest/services/{TASK}/jobs/{first['jobId']}/results/zones"
    job_id = site.submit("Kept", "Measure", {"zones": {"url": url}})
    site.run_jobs()
    second = site.job(job_id)
    assert second["jobStatus"] == "esriJobSucceeded", texts(second)
    (name,) = second["results"]
    result = site.get(f"/arcgis/rest/services/Kept/GPServer/Measure/jobs/{job_id}/results/{name}").json()
    assert result["value"] == pytest.approx(3 * 313.65, rel=1e-3)  # a circle of 10 metres, of 64 sides


def test_result_and_service_name_the_item_of_the_portal_once_it_is_there(site: Site) -> None:
    job_id = submit(site, "Parcels")["jobId"]
    url = f"{ROOT}/rest/services/Hosted/Parcels/FeatureServer"
    results = f"/arcgis/rest/services/{TASK}/jobs/{job_id}/results"
    assert site.result(job_id, "zones") == {"url": f"{url}/0"}
    assert "serviceItemId" not in site.get(url).json()
    kept = read_service(site.items, "Parcels")
    assert kept is not None
    assert kept.root == ROOT
    item = PortalItem(kept.id, kept.version, "0f" * 16)
    assert write_portal_item(site.items, "parcels", None, item)
    assert not write_portal_item(site.items, "Parcels", None, replace(item, version="v2"))
    named = {"url": f"{url}/0", "itemId": item.item_id}
    assert site.result(job_id, "zones") == named
    assert site.result(job_id, "zones", outSR="3857") == named
    values = {each["paramName"]: each["value"] for each in site.get(results).json()}
    assert values == {"zones": named, "count": 3}
    assert site.get(url).json()["serviceItemId"] == item.item_id
    assert "itemId" not in site.get(f"{url}/0").json()
    assert write_portal_item(site.items, "Parcels", item, None)
    assert site.result(job_id, "zones") == {"url": f"{url}/0"}


def test_job_tells_that_the_portal_hears_of_its_service(site: Site) -> None:
    sentence = "The portal is told of the service."
    assert sentence not in texts(submit(site, "Parcels"))
    site._worker._hosting = replace(site._worker._hosting, registers=True)
    assert sentence in texts(submit(site, "Others"))
    assert sentence not in texts(submit(site, ""))
