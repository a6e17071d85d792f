"""Requests arrive at a function in payload format 2.0, as AWS writes it."""

from __future__ import annotations

import base64

import pytest

from local.events import HttpRequest, build_http_event
from local.routes import GatewayRoute, RouteMatch
from tests.local.stack import Running

MATCH = RouteMatch(GatewayRoute("ANY /shop/{item}", "ShopFunction"), {"item": "a b"})


def request(**changes: object) -> HttpRequest:
    values = {
        "method": "GET",
        "path": "/shop/a%20b",
        "query": "",
        "headers": (),
        "body": b"",
        "source_ip": "192.0.2.1",
        "host": "127.0.0.1:8000",
    }
    return HttpRequest(**{**values, **changes})  # type: ignore[arg-type]


def test_http_event_has_the_members_of_aws() -> None:
    event = build_http_event(
        request(
            method="POST",
            query="size=1&size=2&empty=",
            headers=(
                ("accept", "a"),
                ("accept", "b"),
                ("cookie", "one=1; two=2"),
                ("user-agent", "curl/8"),
                ("content-type", "application/json"),
            ),
            body=b'{"n":1}',
        ),
        MATCH,
        request_id="id",
        at=1583348638.390,
    )
    assert event == {
        "version": "2.0",
        "routeKey": "ANY /shop/{item}",
        "rawPath": "/shop/a b",
        "rawQueryString": "size=1&size=2&empty=",
        "cookies": ["one=1", "two=2"],
        "headers": {"accept": "a,b", "user-agent": "curl/8", "content-type": "application/json"},
        "queryStringParameters": {"size": "1,2", "empty": ""},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": "127.0.0.1:8000",
            "domainPrefix": "127",
            "http": {
                "method": "POST",
                "path": "/shop/a b",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8",
            },
            "requestId": "id",
            "routeKey": "ANY /shop/{item}",
            "stage": "$default",
            "time": "04/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "pathParameters": {"item": "a b"},
        "body": '{"n":1}',
        "isBase64Encoded": False,
    }


def test_http_event_leaves_out_empty_members() -> None:
    event = build_http_event(request(), RouteMatch(GatewayRoute("$default", "ShopFunction"), {}))
    assert event.keys().isdisjoint({"cookies", "queryStringParameters", "pathParameters", "body"})
    assert event["isBase64Encoded"] is False


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("/shop/a%20b", "/shop/a b"),
        ("/shop/a%2Fb", "/shop/a/b"),
        ("/shop/a%3Fb", "/shop/a"),
        ("/shop/%C3%A4", "/shop/ä"),
        ("/shop/a+b", "/shop/a+b"),
    ],
)
def test_path_arrives_decoded_and_ends_at_a_decoded_question_mark(sent: str, seen: str) -> None:
    assert build_http_event(request(path=sent), MATCH)["rawPath"] == seen


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("application/json", b"{}", True),
        ("application/json; charset=utf-8", b"{}", True),
        ("text/plain", "ä".encode(), True),
        ("text/plain", b"\xff", False),
        ("application/x-www-form-urlencoded", b"f=json", False),
        ("multipart/form-data; boundary=b", b"--b--", False),
        ("application/octet-stream", b"\x00", False),
        ("", b"f=json", False),
    ],
)
def test_binary_body_and_form_arrive_in_base64(content_type: str, body: bytes, text: bool) -> None:
    event = build_http_event(request(body=body, headers=(("content-type", content_type),)), MATCH)
    assert event["isBase64Encoded"] is not text
    assert (event["body"].encode() if text else base64.b64decode(event["body"])) == body


def test_host_is_the_servers_own_whatever_the_caller_sends(running: Running) -> None:
    event = running.ask(
        "/echo/a%2Fb?q=1&q=2",
        method="POST",
        body=b"f=json",
        headers={
            "Host": "evil.example",
            "X-Forwarded-Proto": "evil",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    ).json()
    assert event["requestContext"]["domainName"] == running.cloud.url.removeprefix("http://")
    assert event["headers"]["x-forwarded-proto"] == "http"
    assert event["pathParameters"] == {"rest": "a/b"}
    assert event["rawQueryString"] == "q=1&q=2"
    assert (event["body"], event["isBase64Encoded"]) == ("Zj1qc29u", True)
