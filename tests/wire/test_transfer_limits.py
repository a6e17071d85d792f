"""A result with more features than may be sent says so in both protocols, and its layer has all of them."""

from __future__ import annotations

import json
import re

import pytest

from local.cloud import LocalCloud
from tests.wire.conftest import Site
from tests.wire.soap_site import SoapSite
from tests.wire.soap_values import messages_of, results_of, to_json

ASYNC = "Conformance/Async"
COUNT = 1001  # one more than a result may have
PLACES = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 25832},
    "features": [{"geometry": {"x": 500_000 + n, "y": 5_500_000}, "attributes": {}} for n in range(COUNT)],
}


@pytest.fixture(scope="module")
def job(site: Site) -> str:
    """Return the path of a job with too large a result."""
    path = site.submit(ASYNC, "Echo", In_GPFeatureRecordSetLayer=json.dumps(PLACES))
    assert site.wait(path, seconds=120)["jobStatus"] == "esriJobSucceeded"
    return path


def test_warning_leads_to_all_features(site: Site, job: str) -> None:
    assert site.get(f"{job}/results/Out_GPFeatureRecordSetLayer")["value"]["features"] == []
    (told,) = (
        each["description"] for each in site.get(job)["messages"] if "Transfer limit" in each["description"]
    )
    assert "'Out_GPFeatureRecordSetLayer' has 1,001 features" in told
    (query,) = re.findall(r"http\S+/query", told)
    path = query.removeprefix(site.url)
    pages = [site.get(path, where="1=1", resultOffset=str(at), resultRecordCount="1000") for at in (0, 1000)]
    assert [page.get("exceededTransferLimit", False) for page in pages] == [True, False]
    assert sum(len(page["features"]) for page in pages) == COUNT


def test_soap_says_the_same(site: Site, cloud: LocalCloud, job: str) -> None:
    soap, named = SoapSite(cloud.url), f"<JobID>{job.rpartition('/')[2]}</JobID>"
    assert messages_of(soap.call(ASYNC, "GetJobMessages", named).find("Result")) == site.get(job)["messages"]
    names = "<ParameterNames><String>Out_GPFeatureRecordSetLayer</String></ParameterNames>"
    (result,) = results_of(soap.call(ASYNC, "GetJobResult", named + names))
    value = to_json("GPFeatureRecordSetLayer", result)
    assert (value["features"], value["exceededTransferLimit"]) == ([], True)
