"""The token of a request: every place in which clients send it, and the cookie of browsers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from gpserverless.errors import InvalidToken
from gpserverless.http.answer_format import Format
from gpserverless.http.credentials import MAX_TOKEN, read_cookie, read_token
from gpserverless.http.request import Request, read_request
from gpserverless.http.request_body import FORM

PATH = "/arcgis/rest/services"
ROOT = "https://gis.example.org/arcgis"


def request(
    query: str = "", form: str = "", cookies: tuple[str, ...] = (), callback: str = "", **headers: str
) -> Request:
    """Return a request; names of headers have an underscore for a dash."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event: dict[str, Any] = {
        "rawPath": PATH,
        "rawQueryString": query,
        "cookies": list(cookies),
        "headers": {"content-type": FORM, **named},
        "requestContext": {"http": {"method": "POST" if form else "GET", "sourceIp": "203.0.113.7"}},
        "body": form,
    }
    read = read_request(event, ROOT)
    object.__setattr__(read, "answer_format", Format("json", callback))
    return read


SENT = [
    ({}, ""),
    ({"query": "token=t"}, "t"),
    ({"query": "Token=t"}, "t"),
    ({"query": "token="}, ""),
    ({"query": f"token={quote(' a.b+c/d= ')}"}, "a.b+c/d="),
    ({"form": "f=json&token=t"}, "t"),
    ({"form": "token=t", "query": "token=t"}, "t"),
    ({"form": "token=", "query": "token=t"}, "t"),
    ({"x_esri_authorization": "Bearer t"}, "t"),
    ({"authorization": "Bearer t"}, "t"),
    ({"authorization": "bearer  t "}, "t"),
    ({"authorization": "Bearer t", "query": "token=t", "x_esri_authorization": "Bearer t"}, "t"),
    ({"authorization": "Basic dTpw"}, ""),
    ({"authorization": "Basic dTpw", "query": "token=t"}, "t"),
    ({"authorization": "Bearer"}, ""),
    ({"x_api_key": "t"}, ""),
    ({"cookies": ("agstoken=t",)}, ""),
    ({"query": f"token={'x' * MAX_TOKEN}"}, "x" * MAX_TOKEN),
]


@pytest.mark.parametrize(("sent", "token"), SENT)
def test_token_is_read_wherever_clients_put_it(sent: dict[str, Any], token: str) -> None:
    assert read_token(request(**sent)) == token


REFUSED = [
    {"query": "token=a&token=b"},
    {"query": "token=a", "form": "token=b"},
    {"query": "token=a", "authorization": "Bearer b"},
    {"x_esri_authorization": "Bearer a", "authorization": "Bearer b"},
    {"query": f"token={'x' * (MAX_TOKEN + 1)}"},
    {"authorization": f"Bearer {'x' * (MAX_TOKEN + 1)}"},
]


@pytest.mark.parametrize("sent", REFUSED)
def test_several_tokens_or_a_long_one_are_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken) as refused:
        read_token(request(**sent))
    assert "xx" not in str(refused.value)


COOKIES = [
    ((), ""),
    (("agstoken=t",), "t"),
    (("other=1", "agstoken=t"), "t"),
    (('agstoken="t"',), "t"),
    (("agstoken=a=b=",), "a=b="),
    (("AGSTOKEN=t",), ""),
    (("agstoken=a", "agstoken=b"), ""),
    (("agstoken=a", "agstoken=a"), "a"),
    ((f"agstoken={'x' * (MAX_TOKEN + 1)}",), ""),
]


@pytest.mark.parametrize(("cookies", "token"), COOKIES)
def test_cookie_is_read(cookies: tuple[str, ...], token: str) -> None:
    assert read_cookie(request(cookies=cookies), changes=False) == token


def test_cookie_of_payload_1_is_in_the_header() -> None:
    event = {
        "httpMethod": "GET",
        "path": PATH,
        "headers": {"Cookie": "a=1; agstoken=t"},
        "requestContext": {"identity": {"sourceIp": "203.0.113.7"}},
    }
    read = read_request(event, ROOT)
    assert (read_cookie(read, changes=False), read.address) == ("t", "203.0.113.7")


SIGNS: list[tuple[str, dict[str, str], bool]] = [
    ("a program, which tells nothing", {}, True),
    ("a page of the site", {"sec_fetch_site": "same-origin", "origin": "https://gis.example.org"}, True),
    ("the same with the port", {"origin": "https://gis.example.org:443"}, True),
    ("a link that was typed", {"sec_fetch_site": "none"}, False),
    ("a page of another host of the domain", {"sec_fetch_site": "same-site"}, False),
    ("a page of another site", {"sec_fetch_site": "cross-site", "origin": "https://evil.example"}, False),
    ("an old browser", {"origin": "https://evil.example"}, False),
    ("another scheme", {"origin": "http://gis.example.org"}, False),
    ("another port", {"origin": "https://gis.example.org:8443"}, False),
    ("a host that begins alike", {"origin": "https://gis.example.org.evil.example"}, False),
    ("a frame without origin", {"origin": "null"}, False),
    ("nonsense", {"origin": "https://[gis"}, False),
    ("both, in contradiction", {"sec_fetch_site": "same-origin", "origin": "https://evil.example"}, False),
]


@pytest.mark.parametrize(("headers", "counts"), [s[1:] for s in SIGNS], ids=[s[0] for s in SIGNS])
def test_cookie_counts_for_a_change_only_where_no_other_page_can_have_sent_it(
    headers: dict[str, str], counts: bool
) -> None:
    sent = request(cookies=("agstoken=t",), **headers)
    assert read_cookie(sent, changes=True) == ("t" if counts else "")
    assert read_cookie(sent, changes=False) == "t"


def test_cookie_never_counts_in_jsonp_which_any_page_can_read() -> None:
    assert read_cookie(request(cookies=("agstoken=t",), callback="steal"), changes=False) == ""


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"])
def test_address_is_the_gateways_word(header: str) -> None:
    assert request(**{header.replace("-", "_"): "198.51.100.1"}).address == "203.0.113.7"


def test_request_shows_no_token_when_it_is_printed() -> None:
    assert "secret" not in repr(request(query="token=secret", cookies=("agstoken=secret",)))
