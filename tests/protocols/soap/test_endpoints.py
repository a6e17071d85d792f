"""Addresses: the catalogue's and those of services, in any letter case."""

from __future__ import annotations

import pytest

from gpserverless.errors import NotFound
from gpserverless.protocols.soap.endpoints import find_endpoint, is_endpoint, write_address
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec

ROOT = "https://gis.example.org/arcgis"
CATALOGUE = Catalogue(
    {name: ServiceSpec(name, "", "async", Limits.asynchronous(), ()) for name in ("Samples", "Water/Flood")}
)
PATHS = {
    "services": "",
    "Services": "",
    "services/water": "",
    "services/Samples/GPServer": "Samples",
    "SERVICES/samples/gpserver": "Samples",
    "services/Water/Flood/GPServer": "Water/Flood",
}
NO_PATHS = [
    "services/None",
    "services/Samples",
    "services/Flood/GPServer",
    "services/Samples/MapServer",
    "services/Samples/GPServer/more",
    "services/Water/Deep/Flood/GPServer",
    "services/GPServer",
]


@pytest.mark.parametrize(("path", "service"), PATHS.items())
def test_path_leads_to_a_service_or_to_the_catalogue(path: str, service: str) -> None:
    segments = tuple(path.split("/"))
    assert is_endpoint(segments)
    assert find_endpoint(segments, CATALOGUE) == service


@pytest.mark.parametrize("path", NO_PATHS)
def test_other_paths_lead_nowhere(path: str) -> None:
    with pytest.raises(NotFound, match="There is no GPServer at "):
        find_endpoint(tuple(path.split("/")), CATALOGUE)


@pytest.mark.parametrize("path", ["", "rest/services", "service"])
def test_paths_of_other_protocols_are_none(path: str) -> None:
    assert not is_endpoint(tuple(path.split("/")))


@pytest.mark.parametrize("service", ["", "Samples", "Water/Flood"])
def test_address_leads_back(service: str) -> None:
    url = write_address(ROOT, service)
    assert find_endpoint(tuple(url.removeprefix(f"{ROOT}/").split("/")), CATALOGUE) == service
