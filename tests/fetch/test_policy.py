"""Which URLs are followed, and which addresses are public."""

from __future__ import annotations

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.fetch.policy import Policy, is_public, read_authorities, split_url

ESRI = Policy(("*.arcgis.com", "gis.example.org", "gis.example.org:6443"))
OPEN = Policy(("*",))

READ = [
    ("https://a.example.org/x?y=1", ("https", "a.example.org", 443, "/x?y=1")),
    ("HTTP://A.Example.org", ("http", "a.example.org", 80, "/")),
    ("https://a.example.org:8443/a b#c".replace(" ", "%20"), ("https", "a.example.org", 8443, "/a%20b")),
    ("https://bücher.example/ü", ("https", "xn--bcher-kva.example", 443, "/%C3%BC")),
    ("http://[2001:DB8::1]:8080/", ("http", "2001:db8::1", 8080, "/")),
]


@pytest.mark.parametrize(("url", "parts"), READ)
def test_url_has_one_reading(url: str, parts: tuple[str, str, int, str]) -> None:
    target = split_url(url)
    assert (target.scheme, target.host, target.port, target.resource) == parts
    assert split_url(target.url) == target


REFUSED = [
    "",
    " ",
    "example.org/x",
    "//example.org/x",
    "file:///etc/passwd",
    "gopher://example.org/",
    "ftp://example.org/",
    "javascript:alert(1)",
    "/vsis3/bucket/key",
    "http://",
    "http://user@example.org/",
    "http://user:pw@example.org/",
    "http://www.arcgis.com@127.0.0.1/",
    "http://127.0.0.1\\@www.arcgis.com/",
    "http://example.org/\r\nHost: x",
    "http://example.org/a b",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://example.org:x/",
    "http://[::1",
    "http://example.org./",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://a..b/",
    "http://" + "a" * 64 + ".org/",
    "http://example.org/" + "x" * 2_000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_url_that_can_be_misread_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue):
        split_url(url)


ALLOWED = [
    ("https://services.arcgis.com/x/FeatureServer/0", True),
    ("https://a.b.ArcGIS.com/", True),
    ("http://services.arcgis.com/", True),
    ("https://arcgis.com/", False),
    ("https://evilarcgis.com/", False),
    ("https://arcgis.com.evil.org/", False),
    ("https://services.arcgis.com:8443/", False),
    ("https://gis.example.org/", True),
    ("https://gis.example.org:6443/", True),
    ("https://other.example.org/", False),
    ("https://127.0.0.1/", False),
]


@pytest.mark.parametrize(("url", "allowed"), ALLOWED)
def test_only_hosts_on_the_list_are_asked(url: str, allowed: bool) -> None:
    if allowed:
        assert ESRI.check(url).url.lower().startswith(url.lower()[:20])
    else:
        with pytest.raises(InvalidValue, match="not among those"):
            ESRI.check(url)


def test_this_service_is_not_asked_even_where_every_host_is_allowed() -> None:
    policy = Policy(("*",), own=read_authorities(["https://gis.example.org/arcgis", ""]))
    with pytest.raises(InvalidValue, match="back to this service"):
        policy.check("https://GIS.example.org:443/arcgis/rest/services")


NOT_PUBLIC = [
    "127.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:db8::1",
    "2001::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_that_only_this_side_sees_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_global_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_name_is_refused_for_one_address_that_is_not_public(name: str) -> None:
    with pytest.raises(InvalidValue, match="no public address"):
        OPEN.resolve(OPEN.check(f"http://{name}/"))


def test_private_place_is_asked_only_when_it_is_named() -> None:
    policy = Policy(private=frozenset({"127.0.0.1:8080"}))
    assert policy.resolve(policy.check("http://127.0.0.1:8080/")) == ["127.0.0.1"]
    with pytest.raises(InvalidValue):
        policy.check("http://127.0.0.1:8081/")
