"""The binding of a token to a page or an address."""

from __future__ import annotations

import pytest

from gpserverless.access.binding import Binding, read_binding
from gpserverless.access.credentials import Credentials
from gpserverless.errors import InvalidParameter, MissingParameter
from tests.access.rig import HOME

PAGE = "https://example.com/maps"

ASKED: list[tuple[dict[str, str], Binding | None]] = [
    ({}, None),
    ({"referer": "https://example.com"}, None),  # core's dialog, without client
    ({"client": "referer", "referer": PAGE}, Binding("referer", PAGE)),
    ({"client": "Referer", "referer": PAGE}, Binding("referer", PAGE)),
    ({"client": "referer", "referer": "http"}, None),  # the ArcGIS API for Python
    ({"client": "referer", "referer": "@esri/arcgis-rest-js"}, None),  # rest-request in Node
    ({"client": "referer", "referer": "javascript:alert(1)"}, None),
    ({"client": "requestip"}, Binding("ip", HOME)),
    ({"client": "requestip", "ip": "198.51.100.7"}, Binding("ip", HOME)),
    ({"client": "ip", "ip": "198.51.100.7"}, Binding("ip", "198.51.100.7")),
    ({"client": "ip", "ip": "2001:DB8:0:0::1"}, Binding("ip", "2001:db8::1")),
]
REFUSED: list[tuple[dict[str, str], type[Exception]]] = [
    ({"client": "evil"}, InvalidParameter),
    ({"client": "referer"}, MissingParameter),
    ({"client": "referer", "referer": "https://example.com/" + "x" * 1024}, InvalidParameter),
    ({"client": "ip"}, MissingParameter),
    ({"client": "ip", "ip": "999.1.1.1"}, InvalidParameter),
    ({"client": "ip", "ip": "fe80::1%eth0"}, InvalidParameter),
    ({"client": "requestip", "address": ""}, MissingParameter),
]


def asked(fields: dict[str, str]) -> Binding | None:
    return read_binding(**{"client": "", "referer": "", "ip": "", "address": HOME, **fields})


@pytest.mark.parametrize(("fields", "binding"), ASKED)
def test_binding_is_read_from_a_form(fields: dict[str, str], binding: Binding | None) -> None:
    assert asked(fields) == binding


@pytest.mark.parametrize(("fields", "error"), REFUSED)
def test_wrong_form_is_refused(fields: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        asked(fields)


PAGES = [
    # bound to, sent, whether it counts
    ("https://example.com", "https://example.com/", True),
    ("https://example.com", "https://example.com/any/page?x=1#y", True),
    ("https://example.com", "https://EXAMPLE.com:443/", True),
    ("https://example.com", "https://example.com", True),  # an Origin
    ("https://example.com", "https://example.com.evil.test/", False),
    ("https://example.com", "https://evil.test/https://example.com", False),
    ("https://example.com", "https://example.com@evil.test/", False),
    ("https://example.com", "https://example.com\\@evil.test/", False),
    ("https://example.com", "https://evil.test/a|b", False),
    ("https://example.com", "https://example.com/a|b ü", True),  # browsers send such addresses
    ("https://example.com", "HTTPS://evil.test/", False),
    ("https://example.com", "https://", False),
    (PAGE, "https://example.com/maps/../admin", False),
    (PAGE, "https://example.com/maps/%2E%2e/admin", False),
    ("https://example.com", "http://example.com/", False),
    ("https://example.com", "https://example.com:8443/", False),
    ("https://example.com", "https://www.example.com/", False),
    (PAGE, "https://example.com/maps", True),
    (PAGE, "https://example.com/maps/index.html", True),
    (PAGE, "https://example.com/maps2", False),
    (PAGE, "https://example.com/", False),
    (PAGE, "https://example.com", True),  # an Origin has no path
    (PAGE, "https://other.example", False),
    ("https://example.com", "", True),  # Node sends none
    ("https://example.com", "http", True),  # the ArcGIS API for Python sends this
    ("https://[2001:db8::1]/", "https://[2001:db8::1]/x", True),
]


@pytest.mark.parametrize(("bound", "sent", "counts"), PAGES)
def test_page_is_compared_by_its_parts(bound: str, sent: str, counts: bool) -> None:
    assert Binding("referer", bound).admits(Credentials("t", referer=sent)) is counts


@pytest.mark.parametrize(
    ("bound", "sent", "counts"),
    [
        (HOME, HOME, True),
        (HOME, "192.0.2.10", False),
        (HOME, "", False),
        ("2001:db8::1", "2001:0db8:0:0:0:0:0:1", True),
    ],
)
def test_address_is_compared_as_a_whole(bound: str, sent: str, counts: bool) -> None:
    assert Binding("ip", bound).admits(Credentials("t", address=sent)) is counts
