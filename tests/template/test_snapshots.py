"""With SnapStart, callers reach the version that was published last, and every change publishes one."""

from __future__ import annotations

import copy
import re
import socket
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import snapshot_restore_py
from awslambdaric.lambda_runtime_hooks_runner import run_before_snapshot

from gpserverless.app.directory import DirectoryFunction
from gpserverless.app.downloads import DownloadsFunction
from gpserverless.app.execute import ExecuteFunction
from gpserverless.app.jobs import JobsFunction
from gpserverless.app.layers import LayersFunction
from gpserverless.app.raster_maps import RasterMapsFunction
from gpserverless.app.sign_in import SignInFunction
from gpserverless.app.soap import SoapFunction
from gpserverless.app.uploads import UploadsFunction
from local.functions import add_functions
from local.resolver import Resolver
from local.routes import read_routes
from local.template import FUNCTION, Template
from tests.template.conftest import PATH, make_resolver

Properties = Mapping[str, Mapping[str, Any]]

BUILDERS = {
    "DirectoryFunction": DirectoryFunction,
    "ExecuteFunction": ExecuteFunction,
    "JobsFunction": JobsFunction,
    "LayersFunction": LayersFunction,
    "DownloadsFunction": DownloadsFunction,
    "RasterMapsFunction": RasterMapsFunction,
    "SoapFunction": SoapFunction,
    "UploadsFunction": UploadsFunction,
    "SignInFunction": SignInFunction,
}
SECRETS = {"OidcClientSecret"}
"""Parameters that no description may show: docs/how-to/users.md says what a new value needs."""

LOADS = {**dict.fromkeys(BUILDERS, 1), "ExecuteFunction": 3, "JobsFunction": 3, "SoapFunction": 2}
LOADS |= {"LayersFunction": 3, "RasterMapsFunction": 2}
"""How many loads a snapshot holds: the templates of pages; a store; what asks another function, or draws."""

LAYERS = ["DependenciesLayer", "GPServerlessLayer", "ToolsLayer"]


class NoPolicies:
    """SAM's list of managed policies, of which the template names none."""

    def load(self) -> dict[str, str]:
        return {}


@cache
def read_document() -> Any:
    """Return the template as SAM parses it."""
    from samtranslator.yaml_helper import yaml_parse

    return yaml_parse(PATH.read_text("utf-8"))


def expanded(**content: str) -> dict[str, Any]:
    """Return the resources that SAM makes of the template, with other URIs."""
    from samtranslator.translator.transform import transform  # takes half a second, of this test alone

    document = copy.deepcopy(read_document())
    for name, resource in document["Resources"].items():
        for key in ("CodeUri", "ContentUri"):
            if key in resource.get("Properties", {}):
                resource["Properties"][key] = content.get(name, f"s3://bucket/{name}")
    resources: dict[str, Any] = transform(document, {}, NoPolicies())["Resources"]
    return resources


def version(name: str, resources: Mapping[str, Any]) -> str:
    """Return the logical id of the version that a function's alias leads to."""
    given = resources[f"{name}Aliaslive"]["Properties"]["FunctionVersion"]
    return str(given["Fn::GetAtt"][0])


@pytest.fixture(scope="module", autouse=True)
def region() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield


@pytest.fixture(scope="module")
def resources(region: None) -> dict[str, Any]:
    return expanded()


def test_functions_behind_the_api_may_start_from_a_snapshot(template: Template) -> None:
    found = {f.name for f in template.of_type(FUNCTION) if "SnapStart" in f.properties}
    assert found == BUILDERS.keys()
    resolver = make_resolver(template, SnapStart="on")
    for name in found:
        with_snapshots = resolver(template.resources[name].properties)
        assert "EphemeralStorage" not in with_snapshots, "Lambda refuses more than 512 MB"


@pytest.mark.parametrize(("given", "applied"), [("on", "PublishedVersions"), ("off", "None")])
def test_parameter_switches_snapshots(given: str, applied: str, template: Template) -> None:
    resolver = Resolver(template, {"SnapStart": given})
    for name in BUILDERS:
        assert resolver(template.resources[name].properties["SnapStart"]) == {"ApplyOn": applied}


def test_same_functions_answer_by_their_aliases(template: Template) -> None:
    found = []
    for given in ("on", "off"):
        resolver = Resolver(template, {"SnapStart": given})
        add_functions(template, resolver)
        found.append(read_routes(template, resolver))
        named = resolver(template.resources["JobsPermission"].properties["FunctionName"])
        uri = resolver(template.resources["JobsIntegration"].properties["IntegrationUri"])
        assert named.endswith(":live") == (":live/invocations" in uri) == (given == "on")
    assert found[0] == found[1]


@pytest.mark.parametrize("name", BUILDERS)
def test_version_has_the_parameters_that_its_function_reads(name: str, template: Template) -> None:
    """SAM compares templates, not values: a value that is not in here would stay what it was."""
    properties = dict(template.resources[name].properties)
    described = properties.pop("VersionDescription")["Fn::If"][1]["Fn::Sub"]
    del properties["ReservedConcurrentExecutions"]  # it is the function's, whatever version runs
    read = set(re.findall(r"'Ref': '(\w+)'", str(properties))) & template.known_parameters
    assert sorted(re.findall(r"\$\{(\w+)\}", described)) == sorted(read - SECRETS | {"SnapStart"})


def test_unchanged_function_makes_no_version(resources: Mapping[str, Any]) -> None:
    again = expanded()
    assert [version(name, again) for name in BUILDERS] == [version(name, resources) for name in BUILDERS]


@pytest.mark.parametrize("changed", LAYERS)
def test_changed_layer_makes_a_version_of_each_function(changed: str, resources: Mapping[str, Any]) -> None:
    now = expanded(**{changed: "s3://bucket/other"})
    assert not [name for name in BUILDERS if version(name, now) == version(name, resources)]


@pytest.mark.parametrize("name", BUILDERS)
def test_changed_code_makes_a_version(name: str, resources: Mapping[str, Any]) -> None:
    assert version(name, expanded(**{name: "s3://bucket/other"})) != version(name, resources)


@pytest.mark.parametrize("name", BUILDERS)
def test_snapshot_has_no_connection(
    name: str, properties: Properties, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    this, really = threading.current_thread(), socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if threading.current_thread() is this:  # the clouds of other tests go on in theirs
            asked.append(address)
        really(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", [])
    monkeypatch.setattr(snapshot_restore_py, "_before_snapshot_registry", loads := [])
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"):
        monkeypatch.setenv(key, "512")
    variables = properties[name]["Environment"]["Variables"]
    built = BUILDERS[name].build({**variables, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512"})
    if isinstance(built, ExecuteFunction):
        built._runner.close()
    assert len(loads) == LOADS[name]
    run_before_snapshot()
    assert asked == []
