"""The help of a task: everything that its signature and docstring say, its picture, and a call that works."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from gpserverless.app.load_catalogue import find_pictures
from gpserverless.caller import Role
from gpserverless.errors import NotFound
from gpserverless.http.request import Request, read_request
from gpserverless.http.route import Route
from gpserverless.protocols.directory.example_call import list_values, make_value
from gpserverless.protocols.directory.help import HelpHandlers, find_help_route
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.testing import Site
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec
from gpserverless.toolkit.toolboxes import discover

CATALOGUE = Catalogue.select([box.spec for box in discover()], {"PUBLISH_CONFORMANCE"})
TASKS = [(service, task) for service in CATALOGUE.services.values() for task in service.tasks]
PUBLIC = [each for each in TASKS if not each[0].name.startswith("Conformance")]
ROOT = "https://gp.example.org/arcgis"


def request() -> Request:
    context = {"http": {"method": "GET"}, "domainName": "gp.example.org", "stage": "$default"}
    return read_request({"rawPath": "/arcgis/help", "requestContext": context})


def page(service: str, task: str, pictures: Path | None = None) -> str:
    document = HelpHandlers(CATALOGUE, pictures or find_pictures()).get_help(request(), service, task).body
    route = Route("help", {"service": service, "task": task})
    return DirectoryPages().draw(request(), route, json.loads(document)).body.decode()


def name_of(case: Any) -> str:
    return getattr(case, "name", "")


@pytest.mark.parametrize(
    ("path", "service", "task"),
    [
        ("help/Samples/BufferPoints", "Samples", "BufferPoints"),
        ("Help/Samples/BufferPoints", "Samples", "BufferPoints"),
        ("help/Conformance/Sync/Echo", "Conformance/Sync", "Echo"),
    ],
)
def test_path_names_a_task(path: str, service: str, task: str) -> None:
    assert find_help_route(tuple(path.split("/"))) == Route("help", {"service": service, "task": task})


@pytest.mark.parametrize("path", ["", "help", "help/Samples", "help/a/b/c/d", "rest/help/a"])
def test_other_paths_are_no_help(path: str) -> None:
    assert find_help_route(tuple(path.split("/"))) is None


@pytest.mark.parametrize(("service", "task"), TASKS, ids=name_of)
def test_page_has_every_word_about_the_task(service: ServiceSpec, task: TaskSpec) -> None:
    shown = unescape(re.sub(r"<[^>]+>", " ", page(service.name, task.name)))
    for paragraph in task.description.split("\n\n"):
        assert paragraph in shown
    for parameter in task.parameters:
        assert parameter.name in shown
        assert parameter.data_type.name in shown
        assert (parameter.description or parameter.title) in shown
        assert parameter.direction == "output" or parameter.data_type.accepted in shown
    assert f"{service.limits.max_features:,}" in shown
    assert f"{task.seconds or service.limits.seconds:g} s" in shown


def test_page_leads_to_the_task_and_runs_nothing() -> None:
    text = page("Samples", "BufferPoints")
    assert f'href="{ROOT}/rest/services/Samples/GPServer/BufferPoints/execute"' in text
    assert f'href="{ROOT}/rest/services/Analysis/GPServer/Buffer/submitJob"' in page("Analysis", "Buffer")
    assert not re.search(r"<style|style=|\son\w+=", text), "the policy would stop it"


def test_picture_is_shown_and_told() -> None:
    (source, told) = re.findall(r'<img src="([^"]+)" alt="([^"]+)">', page("Samples", "BufferPoints"))[0]
    kind, _, picture = source.partition(",")
    assert kind == "data:image/svg+xml"
    assert unquote(unescape(picture)) == (find_pictures() / "Samples/BufferPoints.svg").read_text("utf-8")
    assert "airports" in told


@pytest.mark.parametrize("task", ["Analysis/PairwiseClip", "AnalysisSync/PairwiseClip", "AnalysisSync/Clip"])
def test_task_that_does_the_same_as_another_shows_its_picture(task: str) -> None:
    first, again = (
        re.findall(r'<img src="([^"]+)"', page(*name.split("/"))) for name in ("Analysis/Clip", task)
    )
    assert len(first) == 1
    assert again == first


def test_task_without_a_picture_has_its_page(tmp_path: Path) -> None:
    assert "<img" not in page("Samples", "BufferPoints", tmp_path)


def test_picture_of_a_stranger_stays_within_its_attribute(tmp_path: Path) -> None:
    (tmp_path / "Samples").mkdir()
    (tmp_path / "Samples/BufferPoints.svg").write_text('<svg><title>"><b>1</title>"><script>1</script></svg>')
    text = page("Samples", "BufferPoints", tmp_path)
    assert "<script>1" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(("service", "task"), [("Samples", "None"), ("None", "None"), ("..", "x")])
def test_no_such_task_is_an_error(service: str, task: str) -> None:
    with pytest.raises(NotFound):
        page(service, task)


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.of_package()


def read_call(text: str) -> tuple[str, Mapping[str, str]]:
    """Return the path and the fields of the example of a page."""
    (command,) = re.findall(r"<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
    words = shlex.split(unescape(command).replace("\\\n", " "))
    fields = [value for option, value in pairwise(words) if option in ("-d", "--data-urlencode")]
    return urlsplit(words[2]).path, dict(each.split("=", 1) for each in fields)


@pytest.mark.parametrize(("service", "task"), PUBLIC, ids=name_of)
def test_example_works_as_it_is_written(site: Site, service: ServiceSpec, task: TaskSpec) -> None:
    path, fields = read_call(page(service.name, task.name))
    answer = site.post(path, fields).body.decode()
    assert '"error"' not in answer, answer
    if service.execution == "async":
        site.run_jobs()
        (job,) = re.findall(r'"jobId":"(\w+)"', answer)
        ended = site.get(path.replace("submitJob", f"jobs/{job}"), {"f": "json"}).body.decode()
        if "gis.example.org" in str(fields):  # all is right but the host, which is an example
            assert "'gis.example.org'" in ended
        else:
            assert "esriJobSucceeded" in ended, ended


def test_every_data_type_has_a_value_that_is_accepted() -> None:
    from gpserverless.datatypes.base import LoadOptions

    (echo,) = (task for service, task in TASKS if (service.name, task.name) == ("Conformance/Sync", "Echo"))
    for parameter in echo.inputs:
        value = make_value(parameter.data_type)
        if "://" not in value:
            parameter.data_type.load(value, LoadOptions())


def test_required_inputs_alone_are_in_the_example() -> None:
    task = next(task for service, task in TASKS if (service.name, task.name) == ("Analysis", "Buffer"))
    assert list(list_values(task)) == ["in_features", "buffer_distance_or_field"]


def test_description_of_a_task_names_a_page_that_answers(site: Site) -> None:
    described = site.get("/arcgis/rest/services/Samples/GPServer/BufferPoints", {"f": "json"}).json()
    answer = site.get(urlsplit(described["helpUrl"]).path)
    assert answer.status == 200
    assert b"Buffer Points" in answer.body


def test_whoever_may_not_see_a_task_gets_no_help_about_it() -> None:
    secured = Site.of_package(secured=True)
    path = "/arcgis/help/Samples/BufferPoints"
    assert "Token required" in secured.get(path, {"f": "json"}).body.decode()
    assert b"Buffer Points" in secured.sign_in("ann", Role.USER).get(path, {"f": "json"}).body
