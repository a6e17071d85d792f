"""Options and environments of SOAP do what those of REST do."""

from __future__ import annotations

import json

import pytest

from local.cloud import LocalCloud
from tests.wire.conftest import Site
from tests.wire.soap_comparison import POINTS, plain, read_results, write_fields, write_values
from tests.wire.soap_site import SoapSite
from tests.wire.soap_values import messages_of, results_of, to_json

SYNC, ASYNC = "Conformance/Sync", "Conformance/Async"


@pytest.fixture(scope="module")
def soap(cloud: LocalCloud) -> SoapSite:
    return SoapSite(cloud.url)


PLACES = [
    "<Options><SpatialReference><WKID>102100</WKID></SpatialReference></Options>",
    '<Options><SpatialReference xsi:type="tns:ProjectedCoordinateSystem"><LatestWKID>3857</LatestWKID>'
    "</SpatialReference></Options>",
    *(
        "<EnvironmentValues><PropertyArray><PropertySetProperty><Key>outputCoordinateSystem</Key>"
        f"{value}</PropertySetProperty></PropertyArray></EnvironmentValues>"
        for value in (
            '<Value xsi:type="xsd:string">102100</Value>',
            '<Value xsi:type="tns:GPLong"><Value>3857</Value></Value>',
            '<Value xsi:type="tns:ProjectedCoordinateSystem"><WKID>102100</WKID></Value>',
        )
    ),
]


@pytest.mark.parametrize("options", PLACES)
def test_features_are_projected_as_over_rest(site: Site, soap: SoapSite, options: str) -> None:
    given = {"points": POINTS, "distance": {"distance": 2.5, "units": "esriKilometers"}}
    rest = site.execute("Samples", "BufferPoints", **write_fields(given), **{"env:outSR": "102100"})
    values = write_values(site, "Samples", "BufferPoints", given)
    arguments = f"<ToolName>BufferPoints</ToolName><Values>{values}</Values>{options}"
    found = read_results(site, "Samples", "BufferPoints", soap.call("Samples", "Execute", arguments))
    assert found["output"] == plain(rest["output"])
    assert found["output"]["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}


def test_stored_features_are_projected_as_over_rest(site: Site, soap: SoapSite) -> None:
    path = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=json.dumps(POINTS))
    site.wait(path)
    rest = site.get(f"{path}/results/Out_GPFeatureRecordSetLayer", outSR="102100")["value"]
    names = "<ParameterNames><String>Out_GPFeatureRecordSetLayer</String></ParameterNames>"
    job = f"<JobID>{path[-33:]}</JobID>{names}{PLACES[0]}"
    (value,) = results_of(soap.call(ASYNC, "GetJobResult", job))
    assert to_json("GPFeatureRecordSetLayer", value) == plain(rest)
    assert rest["spatialReference"]["wkid"] == 102100


def test_environment_that_cannot_be_read_is_told(site: Site, soap: SoapSite) -> None:
    nothing = PLACES[2].replace("102100", "nowhere")
    arguments = f"<ToolName>Echo</ToolName><Values/>{nothing}"
    messages = messages_of(soap.call(SYNC, "Execute", arguments).find("Result/Messages"))
    assert messages[0]["type"] == "esriJobMessageTypeWarning"
    assert "'outputCoordinateSystem' has no effect" in messages[0]["description"]


def test_point_of_no_numbers_is_no_point(site: Site, soap: SoapSite) -> None:
    given = {**POINTS, "features": POINTS["features"][:2]}
    values = write_values(site, SYNC, "Echo", {"In_GPFeatureRecordSetLayer": given})
    values = values.replace("<X>0.0</X><Y>0.0</Y>", "<X>NaN</X><Y>NaN</Y>")
    found = read_results(site, SYNC, "Echo", soap.run(SYNC, "Execute", "Echo", values))
    features = found["Out_GPFeatureRecordSetLayer"]["features"]
    assert [feature["geometry"] is None for feature in features] == [True, False]
