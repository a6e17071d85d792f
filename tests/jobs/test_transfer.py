"""A result that would have too many rows has none, and a warning tells the way to them.

The toolbox of this story sends at most two features. Its map is read as a client reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gpserverless.testing import Site
from gpserverless.toolkit.toolboxes import Toolbox, discover

TOOL = '''from dataclasses import dataclass

from shapely import Point

from gpserverless import FeatureSet, SpatialReference, Table, tool


@dataclass
class Outputs:
    """Points.

    Attributes:
        points: The points.
        names: Their names.
    """

    points: FeatureSet[Point]
    names: Table


@tool
def scatter(count: int) -> Outputs:
    """Scatter points.

    Args:
        count: How many.
    """
    points = FeatureSet.of([Point(x, 0) for x in range(count)], SpatialReference(4326))
    return Outputs(points, Table().with_columns({"name": [str(x) for x in range(count)]}))
'''
ROOT = "https://site.test/arcgis"


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Toolbox, ...]]:
    folder = tmp_path_factory.mktemp("transfer") / "transfer_toolboxes"
    for name, arguments in {"kept": "hosted=True", "unkept": "hosted=False"}.items():
        (folder / name).mkdir(parents=True)
        text = '"""Points."""\n\nfrom gpserverless import Service\n\n'
        text += f'service = Service(execution="async", max_records=2, {arguments})\n'
        (folder / name / "__init__.py").write_text(text)
        (folder / name / "scatter.py").write_text(TOOL)
    (folder / "quick").mkdir()
    (folder / "quick/__init__.py").write_text(text.replace("async", "sync"))
    (folder / "quick/scatter.py").write_text(TOOL)
    (folder / "__init__.py").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder.parent))
        yield discover("transfer_toolboxes")


@pytest.fixture
def site(boxes: tuple[Toolbox, ...]) -> Site:
    return Site(boxes)


def run(site: Site, count: int, service: str = "Unkept", **more: str) -> dict[str, Any]:
    job = site.submit(service, "Scatter", {"count": count, **more})
    site.run_jobs()
    shown = site.job(job)
    assert shown["jobStatus"] == "esriJobSucceeded"
    return shown


def warnings(job: dict[str, Any]) -> list[str]:
    return [each["description"] for each in job["messages"] if each["type"].endswith("Warning")]


def test_rows_that_fit_need_no_warning(site: Site) -> None:
    assert warnings(run(site, 2)) == []


def test_warning_counts_the_rows_and_names_the_layer_that_has_them(site: Site) -> None:
    job = run(site, 3)
    layers = f"{ROOT}/rest/services/Unkept/MapServer/jobs/{job['jobId']}"
    head = "Transfer limit exceeded: "
    tail = "and a result at most 2, so it has none. They stay on the server: read them page by page from "
    assert warnings(job) == [
        f"{head}'points' has 3 features, {tail}{layers}/0/query.",
        f"{head}'names' has 3 rows, {tail}{layers}/1/query.",
    ]


def test_warning_tells_of_a_service_where_there_can_be_one(site: Site) -> None:
    told = warnings(run(site, 3, "Kept"))
    assert all(text.endswith("name it in esri_out_feature_service_name.") for text in told)
    assert len(told) == 2


def test_rows_that_are_kept_as_a_service_need_no_warning(site: Site) -> None:
    assert warnings(run(site, 3, "Kept", esri_out_feature_service_name="Scattered")) == []


def test_answer_of_an_execute_says_that_a_job_would_keep_them(site: Site) -> None:
    answer = site.execute("Quick", "Scatter", {"count": 3})
    told = [each.text for each in answer.messages]
    assert [text for text in told if "Transfer limit exceeded: 'points' has 3 features or rows" in text]
