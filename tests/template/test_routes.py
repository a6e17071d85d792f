"""Every kind of URL reaches the function that answers it, with and without a folder or a last slash."""

from __future__ import annotations

import pytest

from local.resolver import Resolver
from local.routes import RouteTable, read_routes
from local.template import Template

SERVICES = "/arcgis/rest/services"
TASK = f"{SERVICES}/Samples/GPServer/BufferPoints"
IN_FOLDER = f"{SERVICES}/Conformance/Sync/GPServer/Echo"
JOB = f"{TASK}/jobs/j0123"

ANSWERED_BY = [
    ("/", "DirectoryFunction"),
    ("/arcgis/rest/info", "DirectoryFunction"),
    (SERVICES, "DirectoryFunction"),
    (f"{SERVICES}/Conformance", "DirectoryFunction"),
    (f"{SERVICES}/Samples/GPServer", "DirectoryFunction"),
    (TASK, "DirectoryFunction"),
    (IN_FOLDER, "DirectoryFunction"),
    ("/favicon.ico", "DirectoryFunction"),
    ("/arcgis/sharing/rest", "DirectoryFunction"),
    ("/arcgis/sharing/rest/info", "DirectoryFunction"),
    ("/arcgis/sharing/rest/portals/self", "DirectoryFunction"),
    ("/arcgis/sharing/rest/community/users/ana", "DirectoryFunction"),
    ("/arcgis/info", "DirectoryFunction"),
    ("/arcgis/static/style-0123456789ab.css", "DirectoryFunction"),
    ("/arcgis/help/Samples/BufferPoints", "DirectoryFunction"),
    ("/arcgis/help/Conformance/Sync/Echo", "DirectoryFunction"),
    ("/arcgis/tokens", "SignInFunction"),
    ("/arcgis/rest/login", "SignInFunction"),
    ("/arcgis/rest/login/callback", "SignInFunction"),
    ("/arcgis/tokens/generateToken", "SignInFunction"),
    ("/arcgis/sharing/oauth2/authorize", "SignInFunction"),
    ("/arcgis/sharing/rest/oauth2/token", "SignInFunction"),
    ("/arcgis/services", "SoapFunction"),
    ("/arcgis/Services", "SoapFunction"),
    ("/arcgis/Services/samples/gpserver", "SoapFunction"),
    ("/arcgis/services/Conformance", "SoapFunction"),
    ("/arcgis/services/Samples/GPServer", "SoapFunction"),
    ("/arcgis/services/Conformance/Sync/GPServer", "SoapFunction"),
    (f"{SERVICES}/Hosted/Parcels/FeatureServer", "LayersFunction"),
    (f"{SERVICES}/Hosted/Parcels/FeatureServer/0/query", "LayersFunction"),
    (f"{SERVICES}/Samples/MapServer", "LayersFunction"),
    (f"{SERVICES}/Samples/MapServer/jobs/j0123/export", "LayersFunction"),
    (f"{SERVICES}/Conformance/Async/MapServer", "LayersFunction"),
    (f"{SERVICES}/Conformance/Async/MapServer/jobs/j0123/0/query", "LayersFunction"),
    (f"{SERVICES}/Samples/ImageServer/jobs/j0123/out_raster", "RasterMapsFunction"),
    (f"{SERVICES}/Conformance/Async/ImageServer/jobs/j0123/out_raster/exportImage", "RasterMapsFunction"),
    ("/arcgis/admin/services/Hosted/Parcels.FeatureServer/delete", "LayersFunction"),
    ("/arcgis/rest/jobs", "JobsFunction"),
    (f"{TASK}/execute", "ExecuteFunction"),
    (f"{IN_FOLDER}/execute", "ExecuteFunction"),
    (f"{TASK}/submitJob", "JobsFunction"),
    (f"{IN_FOLDER}/submitJob", "JobsFunction"),
    (JOB, "JobsFunction"),
    (f"{IN_FOLDER}/jobs/j0123", "JobsFunction"),
    (f"{JOB}/cancel", "JobsFunction"),
    (f"{JOB}/results", "JobsFunction"),
    (f"{JOB}/results/zones", "JobsFunction"),
    (f"{JOB}/inputs/points", "JobsFunction"),
    ("/arcgis/rest/directories/arcgisjobs/samples_gpserver/j0123/scratch/a.csv", "JobsFunction"),
    (f"{SERVICES}/Samples/GPServer/uploads", "UploadsFunction"),
    (f"{SERVICES}/Samples/GPServer/uploads/info", "UploadsFunction"),
    (f"{SERVICES}/Conformance/Sync/GPServer/uploads/register", "UploadsFunction"),
    (f"{SERVICES}/Conformance/Sync/GPServer/uploads/i0123/commit", "UploadsFunction"),
    ("/arcgis/rest/directories/arcgisoutput/Samples_GPServer/x/a.csv", "JobsFunction"),
]


@pytest.fixture(scope="module")
def routes(template: Template, resolver: Resolver) -> RouteTable:
    return RouteTable(read_routes(template, resolver))


SIGN_IN = [
    "/arcgis/admin/generateToken",
    "/arcgis/rest/generateToken",
    "/arcgis/sharing/generateToken",
    "/arcgis/sharing/rest/generateToken",
    "/arcgis/rest/logout",
]
"""Paths of the sign-in without a route for their last slash: the directory leads to them without it."""

HOSTED = f"{SERVICES}/Hosted"
"""The folder of hosted services, likewise; the directory would answer for services below it."""


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD"])
@pytest.mark.parametrize(("path", "function"), ANSWERED_BY)
def test_path_is_answered_by(path: str, function: str, method: str, slash: str, routes: RouteTable) -> None:
    match = routes.match(method, path + slash)
    assert match is not None
    assert match.route.function == function


@pytest.mark.parametrize("path", SIGN_IN)
def test_sign_in_is_answered_by_the_function_that_reads_passwords(path: str, routes: RouteTable) -> None:
    for spelled, function in ((path, "SignInFunction"), (path + "/", "DirectoryFunction")):
        match = routes.match("POST", spelled)
        assert match is not None
        assert match.route.function == function


def test_folder_of_hosted_services_is_answered_by_the_function_that_has_them(routes: RouteTable) -> None:
    for spelled, function in ((HOSTED, "LayersFunction"), (HOSTED + "/", "DirectoryFunction")):
        match = routes.match("GET", spelled)
        assert match is not None
        assert match.route.function == function


def test_route_keys_are_legal(template: Template) -> None:
    keys = [route.properties["RouteKey"] for route in template.of_type("AWS::ApiGatewayV2::Route")]
    assert len(keys) == len(set(keys))
    assert not [key for key in keys if key.endswith("/")], "API Gateway refuses a last slash"


def test_path_variables_in_one_position_have_one_name(template: Template) -> None:
    seen: dict[tuple[str, ...], str] = {}
    for route in template.of_type("AWS::ApiGatewayV2::Route"):
        segments = route.properties["RouteKey"].split("/")
        for place, segment in enumerate(segments):
            if segment.startswith("{"):
                assert seen.setdefault(tuple(segments[:place]), segment) == segment
