"""Calls of webhooks, and webhooks that are not called."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.fetch.policy import Policy
from gpserverless.fetch.webhook import WebhookSender, sign_headers
from tests.patience import SOON
from tests.webhook_receiver import WebhookReceiver

GUIDE = Path(__file__).parents[2] / "docs/how-to/get-notified.md"
KEY, NEXT_KEY = bytes(range(32)), b"k" * 24
NOW = 1_700_000_000
BODY = '{"type":"job.ended","data":{"task":"Zürich"}}'.encode()


@pytest.fixture
def sender(receiver: WebhookReceiver) -> WebhookSender:
    return WebhookSender((KEY,), frozenset({receiver.place}))


def test_signature_is_that_of_the_specification() -> None:
    """The example of the specification's reference libraries."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = sign_headers([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', 1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_webhook_receives_a_message_with_a_signature_of_every_key(receiver: WebhookReceiver) -> None:
    sender = WebhookSender((KEY, NEXT_KEY), frozenset({receiver.place}))
    assert sender.send(f"{receiver.url}/hooks?of=jobs", "j0-ended", BODY, NOW) == 204
    ((path, headers, body),) = receiver.received
    assert (path, body, headers["content-type"]) == ("/hooks?of=jobs", BODY, "application/json")
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("j0-ended", str(NOW))
    assert headers["host"] == receiver.place
    content = b"j0-ended." + str(NOW).encode() + b"." + body
    digests = [hmac.new(key, content, hashlib.sha256).digest() for key in (KEY, NEXT_KEY)]
    expected = [f"v1,{base64.b64encode(digest).decode()}" for digest in digests]
    assert headers["webhook-signature"].split(" ") == expected


@pytest.mark.parametrize("status", [200, 202, 301, 307, 400, 410, 429, 500])
def test_sender_returns_the_status_and_follows_no_redirect(
    status: int, sender: WebhookSender, receiver: WebhookReceiver
) -> None:
    receiver.answers.append(status)
    assert sender.send(f"{receiver.url}/hooks", "j0-ended", BODY, NOW) == status
    assert len(receiver.received) == 1, "a redirect is not followed"


@pytest.mark.parametrize("path", ["/slow", "/drip", "/endless"])
def test_webhook_with_an_endless_answer_is_left(path: str, receiver: WebhookReceiver) -> None:
    began = time.monotonic()
    sender = WebhookSender((KEY,), frozenset({receiver.place}), seconds=0.3)
    if path == "/endless":  # the head is there at once, and nobody waits for the rest
        assert sender.send(f"{receiver.url}{path}", "j0-ended", BODY, NOW) == 200
    else:
        with pytest.raises(InvalidValue, match="did not answer in time"):
            sender.send(f"{receiver.url}{path}", "j0-ended", BODY, NOW)
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://127.0.0.1:8443/hooks", "no public address"),
        ("https://169.254.169.254/latest/meta-data", "no public address"),
        ("https://[::1]/hooks", "no public address"),
        ("https://localhost/hooks", "no public address"),
        ("http://127.0.0.1:1/hooks", "by https alone"),
        ("http://example.org/hooks", "by https alone"),
        ("https://ada:secret@example.org/hooks", "user name"),
        ("ftp://example.org/hooks", "not absolute"),
    ],
)
def test_forbidden_webhook_is_not_called(url: str, problem: str, sender: WebhookSender) -> None:
    with pytest.raises(InvalidValue, match=problem) as refused:
        sender.send(url, "j0-ended", BODY, NOW)
    assert "secret" not in str(refused.value)


def test_connection_goes_to_the_address_that_was_checked(
    receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def resolve(self: Policy, target: object) -> list[str]:
        asked.append(target)
        return ["127.0.0.1"]

    monkeypatch.setattr(Policy, "resolve", resolve)
    port = receiver.place.split(":")[1]
    sender = WebhookSender((KEY,), frozenset({f"rebinding.example.org:{port}"}))
    assert sender.send(f"http://rebinding.example.org:{port}/hooks", "j0-ended", BODY, NOW) == 204
    assert len(asked) == 1


def test_server_that_does_not_listen_is_reported() -> None:
    sender = WebhookSender((KEY,), frozenset({"127.0.0.1:1"}))
    with pytest.raises(InvalidValue, match="could not be called: ConnectionRefusedError"):
        sender.send("http://127.0.0.1:1/", "j0-ended", BODY, NOW)


def test_server_without_a_valid_certificate_receives_nothing(receiver: WebhookReceiver) -> None:
    sender = WebhookSender((KEY,), frozenset({receiver.place}))
    with pytest.raises(InvalidValue, match="could not be called: SSLError"):
        sender.send(receiver.url.replace("http:", "https:"), "j0-ended", BODY, NOW)
    assert receiver.received == []


def test_function_of_the_guide_tells_a_genuine_call_from_others() -> None:
    (lines,) = re.findall(r"```python\n(import .*?)```", GUIDE.read_text("utf-8"), re.S)
    names: dict[str, Any] = {}
    exec(lines, names)
    is_genuine, secret = names["is_genuine"], "whsec_" + base64.b64encode(KEY).decode()
    now = int(time.time())
    headers = sign_headers([NEXT_KEY, KEY], "j0-ended", BODY, now)
    assert is_genuine(secret, headers, BODY)
    assert not is_genuine(secret, headers, BODY + b" ")
    assert not is_genuine(secret, {**headers, "webhook-id": "j1-ended"}, BODY)
    assert not is_genuine(secret, sign_headers([NEXT_KEY], "j0-ended", BODY, now), BODY)
    assert not is_genuine(secret, sign_headers([KEY], "j0-ended", BODY, now - 301), BODY)


def test_keys_are_not_in_the_repr() -> None:
    assert repr(KEY) not in repr(WebhookSender((KEY,)))
