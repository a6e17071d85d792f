"""URLs of this site in requests: compared, never fetched, and never left for another site."""

from __future__ import annotations

import pytest

from gpserverless.protocols.sharing.urls import is_loopback, is_own_url, origin_of, own_path

SITE = "https://gis.example.org/arcgis"
LOCAL = "http://127.0.0.1:8000/arcgis"

OWN = [
    (SITE, SITE),
    (f"{SITE}/rest/services/Planning/Zones/GPServer", SITE),
    ("https://gis.example.org:443/arcgis/rest", SITE),
    ("HTTPS://GIS.EXAMPLE.ORG/arcgis", SITE),
    ("https://localhost:8443/arcgis/rest/services", LOCAL),
    ("https://[::1]:8443/arcgis", LOCAL),
    ("http://127.0.0.2/arcgis", LOCAL),
]

FOREIGN = [
    ("https://evil.example/arcgis", SITE),
    ("http://gis.example.org/arcgis", SITE),
    ("https://gis.example.org:8443/arcgis", SITE),
    ("https://gis.example.org.evil.example/arcgis", SITE),
    ("https://gis.example.org@evil.example/arcgis", SITE),
    ("https://user@gis.example.org/arcgis", SITE),
    ("https://evil.example\\@gis.example.org/arcgis", SITE),
    ("https://gis.example.org/arcgis2", SITE),
    ("https://gis.example.org/", SITE),
    ("https://127.0.0.1/arcgis", SITE),
    ("https://localhost.evil.example/arcgis", LOCAL),
    ("ftp://localhost/arcgis", LOCAL),
    ("javascript:alert(1)", SITE),
    ("https://[::1/arcgis", LOCAL),
    ("https://gis.example.org:99999/arcgis", SITE),
    ("/arcgis", SITE),
    ("", SITE),
]


@pytest.mark.parametrize(("url", "root"), OWN)
def test_url_of_this_site(url: str, root: str) -> None:
    assert is_own_url(url, root)


@pytest.mark.parametrize(("url", "root"), FOREIGN)
def test_url_of_another_site(url: str, root: str) -> None:
    assert not is_own_url(url, root)


@pytest.mark.parametrize(
    "path",
    [
        "/arcgis/rest/services/Samples/GPServer",
        "/arcgis/rest/services?f=html",
        "/arcgis/rest/services?where=a//b/..",
        "/arcgis/rest/services/Pl%C3%A4ne",
    ],
)
def test_page_of_this_site_is_gone_on_to(path: str) -> None:
    assert own_path(path, SITE) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/arcgis",
        "/arcgis2/rest",
        "//evil.example/arcgis/",
        "/arcgis//evil.example",
        "/arcgis/..//evil.example",
        "/arcgis/../x",
        "/\\evil.example",
        "/arcgis/\\evil.example",
        "https://evil.example/arcgis/",
        "javascript:alert(1)",
        "/arcgis/rest\r\nSet-Cookie: x=1",
        "/arcgis/\x00",
        "/arcgis/ä",
        "/arcgis/" + "x" * 2_000,
    ],
)
def test_anything_else_leads_to_the_catalogue(path: str) -> None:
    assert own_path(path, SITE) == "/arcgis/rest/services"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("127.0.0.1.example", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback(host: str | None, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.example.org/back?x=1", "https://app.example.org"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
        ("org.example.app:/back", "org.example.app:"),
    ],
)
def test_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin
